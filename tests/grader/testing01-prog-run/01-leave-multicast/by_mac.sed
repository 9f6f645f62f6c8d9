# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the MAC address does not decide
# hint: the IPv4 address of a host
s/if \(\(iph->daddr.*/if (eth->h_dest[0] \& 1 || bpf_ntohl(iph->daddr) >> 28 == 14)/
