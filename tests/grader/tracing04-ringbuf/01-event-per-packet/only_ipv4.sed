# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP over IPv6, too, and behind a VLAN tag
# hint: that is not IPv4's
s/bpf_htons\(ETH_P_IPV6\)/bpf_htons(ETH_P_ARP)/
