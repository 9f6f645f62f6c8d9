# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP to port 53 by IPv4 is dropped as before
# hint: IPv6 is one more branch
s/bpf_htons\(ETH_P_IP\)/bpf_htons(ETH_P_ARP)/
