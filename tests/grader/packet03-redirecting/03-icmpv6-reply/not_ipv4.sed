# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: echo requests of IPv4 are answered as before
# hint: What the starter does for ETH_P_IP stays
s/bpf_htons\(ETH_P_IP\)/bpf_htons(ETH_P_IPX)/
