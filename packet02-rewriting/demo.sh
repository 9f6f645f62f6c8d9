# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# packet02's part of the demo; testenv/demo.sh sources it.

title "packet02: change packets: each gets a VLAN tag, and nobody is at home there"
show ./xdp_rewrite_user --dev "$LAB" --progname xdp_vlan_swap_func
check "it is attached" shows "attached 'xdp_vlan_swap_func' to '$LAB'"
ping_lab
check "none of three echo requests was answered" shows '0 received'
show ./xdp_rewrite_user --dev "$LAB" --unload-all
check "it is detached" shows "detached id "
ping_lab
check "packets flow again" shows '3 received'
