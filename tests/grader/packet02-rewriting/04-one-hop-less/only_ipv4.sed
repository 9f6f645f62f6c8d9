# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv6: one hop less
# hint: parse_ip6hdr()
s/bpf_htons\(ETH_P_IPV6\)/bpf_htons(ETH_P_IPX)/
