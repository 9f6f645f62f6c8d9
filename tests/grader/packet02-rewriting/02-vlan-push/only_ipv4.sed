# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the type of the frame follows the tag, whatever it is
# hint: whichever it was
s/^(\ttag->h_vlan_TCI = .*;).*/\1 tag->h_vlan_encapsulated_proto = bpf_htons(ETH_P_IP);/
