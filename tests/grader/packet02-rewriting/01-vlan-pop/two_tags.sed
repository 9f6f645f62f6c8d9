# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: of several tags only the outermost is off
# hint: One tag, four bytes
s/if \(bpf_xdp_adjust_head\(ctx, sizeof\(\*tag\)\)\)/if (bpf_xdp_adjust_head(ctx, proto_is_vlan(tag->h_vlan_encapsulated_proto) ? 8 : 4))/
