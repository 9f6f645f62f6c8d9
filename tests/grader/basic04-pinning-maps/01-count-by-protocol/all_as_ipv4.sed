# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv6 is counted by nexthdr
# hint: The EtherType tells IPv6 from IPv4
s/eth->h_proto == bpf_htons\(ETH_P_IP\)/eth->h_proto == bpf_htons(ETH_P_IP) || eth->h_proto == bpf_htons(ETH_P_IPV6)/
