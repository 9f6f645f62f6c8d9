# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all else passes
# hint: the type is compared
s/parse_icmp6hdr\(.*\) != ICMPV6_ECHO_REQUEST/parse_icmp6hdr(\&nh, data_end, \&icmp6h) < 0/
