# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: other packets of IPv6 pass
# hint: does it go to port 53
s/^(\s*)udph = \(void \*\)\(ip6h \+ 1\);/&\n\1action = XDP_DROP;/
