# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP to port 53 by IPv6 is dropped
# hint: How many bytes has its header
s/udph = \(void \*\)\(ip6h \+ 1\)/udph = (void *)ip6h + sizeof(*iph)/
