# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: those of another interface are not counted
# hint: for the whole machine
s,!dev_is_ours\(dev\),dev_is_ours(dev) < 0,
