# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all that is no such request passes as it came
# hint: in front of every change
/^\tswap_src_dst_mac\(/d
s/^(\t)if \(parse_ethhdr\(&nh, data_end, &eth\) != .*/\1if (parse_ethhdr(\&nh, data_end, \&eth) != bpf_htons(ETH_P_IP) || mac_is_group(eth))\n\t\treturn XDP_PASS;\n\tswap_src_dst_mac(eth);\n\tif (/
