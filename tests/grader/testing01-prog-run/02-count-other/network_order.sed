# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets of each other EtherType are counted
# hint: In which byte order
s/type = bpf_ntohs\(type\);/;/
s/type >= ETH_P_802_3_MIN/bpf_ntohs(type) >= ETH_P_802_3_MIN/
