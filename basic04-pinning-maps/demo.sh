# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# basic04's part of the demo; testenv/demo.sh sources it.

title "basic04: two processes share a map by its name"
say "The loader pins its maps, and ends:"
show ./xdp_pinned_user --dev "$LAB"
check "it is attached" shows "attached 'xdp_pinned_func' to '$LAB'"
show ls "/sys/fs/bpf/$LAB"
check "both maps have a name" shows xdp_proto_map xdp_stats_map
ping_lab
say "Another process opens them by these names:"
show ./xdp_stats_user --dev "$LAB" get
check "it sees what the program has counted" shows 'IPv6   3 packets'
show ./xdp_pinned_user --dev "$LAB" --unload
check "the names are gone with the program" [ ! -e "/sys/fs/bpf/$LAB" ]
