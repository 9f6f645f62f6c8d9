# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all other packets have one hop less
# hint: Only the destination
s/if \(\(iph->daddr.*/if (bpf_ntohl(iph->daddr) >> 28 == 14 || bpf_ntohl(iph->saddr) >> 28 == 14)/
