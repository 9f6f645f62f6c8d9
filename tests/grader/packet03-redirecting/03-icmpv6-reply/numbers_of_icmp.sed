# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an echo request of IPv6 is answered
# hint: 128 asks, 129 answers
s/ICMPV6_ECHO_REQUEST/ICMP_ECHO/
s/ICMPV6_ECHO_REPLY/ICMP_ECHOREPLY/
