# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a first start makes a map, pins it and counts
# hint: At the first start nothing is pinned
s/return fd == -ENOENT \? 0 : -ENOEXEC;/return -ENOEXEC;/
