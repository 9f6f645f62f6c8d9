# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# basic01's part of the demo; testenv/demo.sh sources it.

title "basic01: attach a program that passes every packet"
show ./xdp_pass_user --dev "$LAB"
check "it is attached" shows "attached 'xdp_prog_simple' to '$LAB'"
say "The loader has ended; the interface holds the program. Packets still pass:"
ping_lab
check "three of three echo requests were answered" shows '3 received'
say "And off again, by the program's id:"
show ./xdp_pass_user --dev "$LAB" --unload
check "it said which one it took off" shows "('xdp_prog_simple') from '$LAB'"
