# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the headers are written into a frame that has others
# hint: no byte more
s/sizeof\(__u64\) <= len\)/sizeof(__u64) < len + sizeof(__u64))/
