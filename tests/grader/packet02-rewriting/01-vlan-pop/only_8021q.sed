# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a tag of 802.1ad is off, too
# hint: two EtherTypes that announce a tag
s/!proto_is_vlan\(eth_proto\(eth\)\)/eth_proto(eth) != bpf_htons(ETH_P_8021Q)/
