# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: other packets of IPv6 pass
# hint: is it UDP (nexthdr)
s/ \|\| ip6h->nexthdr != IPPROTO_UDP//;s/udph->dest == bpf_htons\(53\)/& || (eth->h_proto == bpf_htons(ETH_P_IPV6) \&\& udph->dest == bpf_htons(80))/
