# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# packet01's part of the demo; testenv/demo.sh sources it.

title "packet01: look into packets: echo requests with an even number are dropped"
show ./xdp_parse_user --dev "$LAB"
check "it is attached" shows "attached 'xdp_packet_parser_func' to '$LAB'"
ping_lab
check "of 1, 2 and 3 two were answered" shows '2 received'
show ./xdp_parse_user --dev "$LAB" --unload-all
check "it is detached" shows "detached id "
