# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4 packets are counted by protocol, and not as IPv4
# hint: An IPv4 packet counts once
s/^\tprotocol = parse_iphdr/\tcount_protocol(ETH_P_IP);\n&/
