#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# testenv.sh redirect: two labs whose inner ends reach each other.

# bats file_tags=slow

load testenv

# reach FROM TO FAMILY: ten of ten answers between the inner ends
reach()
{
	local to

	to=$("$T" status --name "$2" --json |
		sed "s/.*\"inner\": //; s/.*\"ipv$3\": \"\([^\"]*\)\".*/\1/")
	run "$T" exec --name "$1" ping "-$3" -q -c 10 -i 0.01 -W 1 "$to"
	[[ $output == *" 10 received"* ]]
}

reach_all()
{
	reach "$1" "$2" 4
	reach "$1" "$2" 6
	reach "$2" "$1" 4
	reach "$2" "$1" 6
}

# who_forwards: the files that say 1
who_forwards()
{
	grep -l 1 /proc/sys/net/ipv[46]/conf/*/forwarding || true
}

@test "redirect: both families, both ways, nothing changed but two ends" {
	lab t1
	lab t2
	lab t3
	others=$(who_forwards)
	run "$T" redirect t1 t2
	[ "$status" -eq 0 ]
	[ "$output" = "labs 't1' and 't2' reach each other by xdp_redirect_map_func" ]
	holds_alone t1 xdp_redirect_map_func
	holds_alone t2 xdp_redirect_map_func
	reach_all t1 t2
	# The stack, which would do it too for IPv4, has seen none of it: no hop
	# is gone.
	run inside t1 ping -4 -c 1 -W 1 "10.11.$(number_of t2).2"
	[[ $output == *" ttl=64 "* ]]
	[ "$(comm -13 <(sort <<<"$others") <(who_forwards | sort))" = "$(printf '%s\n' \
		/proc/sys/net/ipv{4,6}/conf/t{1,2}/forwarding)" ]
}

@test "redirect twice, in the other order, by the router and back" {
	lab t1
	lab t2
	"$T" redirect t1 t2
	"$T" redirect t1 t2
	reach_all t1 t2
	"$T" redirect t2 t1
	reach_all t1 t2
	run "$T" redirect t2 t1 --router
	[ "$output" = "labs 't2' and 't1' reach each other by xdp_router_func" ]
	holds_alone t1 xdp_router_func
	reach_all t1 t2
	"$T" redirect --router t1 t2
	reach_all t1 t2
	"$T" redirect t1 t2
	reach_all t1 t2
	# What was there before the first time is what reset puts back.
	"$T" reset --name t1
	"$T" reset --name t2
	[[ $(who_forwards) != */t[12]/* ]]
}

@test "another pair: the third lab takes the place of the second" {
	lab t1
	lab t2
	lab t3
	"$T" redirect t1 t2
	"$T" redirect t3 t1
	reach_all t1 t3
}

@test "reset undoes one half, and only that" {
	lab t1
	lab t2
	"$T" redirect t1 t2
	"$T" reset --name t1
	[ -z "$(holds t1 outer)" ]
	[ ! -e /sys/fs/bpf/t1 ]
	[ -z "$(inside t1 ip -4 route show default)" ]
	[ -z "$(inside t1 ip -6 route show default)" ]
	[[ $(who_forwards) != */t1/* ]]
	[[ $(who_forwards) == */t2/* ]]
	pings t1
	holds_alone t2 xdp_redirect_map_func
	"$T" redirect t1 t2
	reach_all t1 t2
	"$T" teardown --name t1
	"$T" reset --name t2
	pings t2
	[[ $(who_forwards) != */t2/* ]]
}

@test "a setting that was 1 before stays 1" {
	lab t1
	lab t2
	echo 1 >/proc/sys/net/ipv4/conf/t1/forwarding
	"$T" redirect t1 t2
	"$T" redirect t2 t1
	"$T" reset --name t1
	[ "$(cat /proc/sys/net/ipv4/conf/t1/forwarding)" = 1 ]
	[ "$(cat /proc/sys/net/ipv6/conf/t1/forwarding)" = 0 ]
}

@test "labs of one family" {
	lab t4 --ipv4-only
	lab u4 --ipv4-only
	lab t6 --ipv6-only
	lab both
	"$T" redirect t4 u4
	reach t4 u4 4
	"$T" redirect t4 both --router
	reach both t4 4
	"$T" redirect t6 both
	reach t6 both 6
	run --separate-stderr "$T" redirect t4 t6
	[ "$status" -eq 1 ]
	one_line_error "one has only IPv4"
}

@test "tagged labs: the same tag, or not at all" {
	lab t1 --vlan 7
	lab t2 --vlan 7
	lab t3 --vlan 8
	"$T" redirect t1 t2
	reach_all t1 t2
	run --separate-stderr "$T" redirect t1 t3
	[ "$status" -eq 1 ]
	one_line_error "different tags"
}

@test "what cannot work is refused, and nothing is left of it" {
	lab t1
	lab t2 --bare
	before_labs=$(cat /run/xdp-tutorial/labs/*)
	run --separate-stderr "$T" redirect t1 t2
	[ "$status" -eq 1 ]
	one_line_error "cannot redirect from 't1' to 't2'" "has neither" "gro on"
	[ -z "$(holds t1 outer)" ]
	[ -z "$(holds t2 outer)" ]
	[[ $(who_forwards) != */t[12]/* ]]
	[ "$(cat /run/xdp-tutorial/labs/*)" = "$before_labs" ]
	"$T" load --name t1 --loader "$LOADER" -- pass_func
	run --separate-stderr "$T" redirect t1 t2
	[ "$status" -eq 1 ]
	one_line_error "it holds 'pass_func'" "unload --name t1"
	[ "$(holds t1 outer)" = "native pass_func" ]
}

@test "wrong words, and no lesson to do it" {
	lab t1
	for words in "" t1 "t1 t2 t3" "t1 t1" "t1 t9" "--all t1 t2" "t1 1t"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$T" redirect $words
		[ "$status" -eq 2 ]
		one_line_error
	done
	mkdir tree
	cp -r "$TOP/testenv" tree
	lab t2
	run --separate-stderr tree/testenv/testenv.sh redirect t1 t2
	[ "$status" -eq 1 ]
	one_line_error "cannot find 'xdp_redirect_user'" "packet03-redirecting"
}
