# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets of a protocol add up
# hint: An update writes a value
s/__sync_fetch_and_add\(count, 1\)/bpf_map_update_elem(\&xdp_proto_map, \&proto, \&one, BPF_ANY)/
