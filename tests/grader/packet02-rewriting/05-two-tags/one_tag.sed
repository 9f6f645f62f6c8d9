# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a frame of IPv4 gets both tags
# hint: 88 a8 00 01 81 00 00 02
s/-2 \* \(int\)/-(int)/
s/tag \+ 2/tag + 1/
/tag\[1\]/d
s/^.*(encapsulated).*$//
