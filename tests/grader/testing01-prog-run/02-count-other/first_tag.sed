# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: behind VLAN tags it is the EtherType of what is in there
# hint: the type of the first tag
s/type = bpf_ntohs\(type\);/type = bpf_ntohs(eth->h_proto);/
