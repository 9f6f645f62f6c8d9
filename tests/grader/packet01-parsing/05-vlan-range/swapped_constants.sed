# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: other ids pass
# hint: 266 is 01 0a in the packet
s/bpf_ntohs\(tag->h_vlan_TCI\) & VLAN_VID_MASK/tag->h_vlan_TCI \& bpf_htons(VLAN_VID_MASK)/
s/id >= 10 && id <= 19/id >= bpf_htons(10) \&\& id <= bpf_htons(19)/
