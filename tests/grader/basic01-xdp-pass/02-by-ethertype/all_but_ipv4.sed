# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the rest passes: ARP, tags, other EtherTypes
# hint: ARP has an EtherType of its own
s/== bpf_htons\(ETH_P_IPV6\)/!= bpf_htons(ETH_P_IP)/
