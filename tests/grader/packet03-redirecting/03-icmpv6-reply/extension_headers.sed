# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all that is no such request passes as it came
# hint: extension headers
s/!echo_request_ipv6\(.*/parse_ip6hdr(\&nh, data_end, \&ip6h) != IPPROTO_ICMPV6 ||\n\t\t    parse_icmp6hdr(\&nh, data_end, \&icmp6h) != ICMPV6_ECHO_REQUEST)/
