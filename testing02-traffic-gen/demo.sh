# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# testing02's part of the demo; testenv/demo.sh sources it.

title "testing02: packets that the kernel makes: a thousand in a second, then all that go"
show ./xdp_gen_user --dev "$LAB" --rate 1000 --duration 1
check "there were a thousand, and none was dropped" shows 'sent 1000 packets' ' 0 dropped'
show ./xdp_gen_user --dev "$LAB" --flows 100 --duration 1
check "there were more" shows 'sent ' ' packets of 64 bytes'
