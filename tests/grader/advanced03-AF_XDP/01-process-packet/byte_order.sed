# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an echo request by IPv6 is answered
# hint: What does process_packet() do with
/answer_ipv6\(at, end\)\) &&/s/htons\(ETH_P_IPV6\)/ETH_P_IPV6/
