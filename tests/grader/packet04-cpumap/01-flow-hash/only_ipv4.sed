# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv6 has flows like IPv4
# hint: With IPv6 the ports are at nh.pos
s/^\tmix_ports/\tif (type == bpf_htons(ETH_P_IP))\n\t\tmix_ports/
