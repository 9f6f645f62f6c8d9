# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the headers are written into a frame that has others
# hint: All of gen.len bytes
s/sizeof\(__u64\) <= len/sizeof(__u64) <= 16/
/gen\.last;/d
