# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2154 # "here" is testenv/, set by it
# packet04's part of the demo; testenv/demo.sh sources it.

title "packet04: hand packets to other CPUs, all of a flow to one"
show ./xdp_cpumap_user --dev "$LAB"
check "it is attached" shows "attached 'xdp_cpumap_func' to '$LAB'"
ping_lab
check "packets flow by way of a queue" shows '3 received'
show ./xdp_cpumap_user --dev "$LAB" stats --interval 0.1 --count 1
# shellcheck disable=SC2016 # for awk
check "each was counted on both sides of it" \
	awk '/^sum:/ { steered += $2; lost += $4; done += $5 }
	END { exit !(steered >= 3 && steered == done && !lost) }' <<<"$shown"
show ./xdp_cpumap_user --dev "$LAB" --unload
check "it is detached" shows "detached id "
