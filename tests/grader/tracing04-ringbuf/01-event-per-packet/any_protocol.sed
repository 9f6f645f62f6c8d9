# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: TCP and ICMP pass, and are no events
# hint: Each packet has an event
s,proto != IPPROTO_UDP,proto < 0,
