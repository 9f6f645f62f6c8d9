#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# testenv.sh load, unload, stats and reset: which program each end holds.

load testenv

@test "load and unload on the outer end" {
	lab t1
	"$T" load --loader "$LOADER" -- drop_func
	[ "$(holds t1 outer)" = "native drop_func" ]
	[ "$(holds t1 inner)" = "native xdp_lab_pass" ]
	no_pings t1
	run "$T" unload
	[ "$status" -eq 0 ]
	[[ $output == "unloaded 'drop_func' (id "*"native) from 't1'" ]]
	[ -z "$(holds t1 outer)" ]
	pings t1
	run "$T" unload
	[ "$status" -eq 0 ]
	[ "$output" = "'t1' holds no program of yours" ]
}

@test "unload by the loader, or with its own arguments" {
	lab t1
	"$T" load --loader "$LOADER" -- drop_func
	"$T" unload --loader "$LOADER"
	[ -z "$(holds t1 outer)" ]
	"$T" load --loader "$LOADER" -- drop_func
	"$T" unload --loader="$LOADER" -- --unload-all
	[ -z "$(holds t1 outer)" ]
}

@test "load --inner changes places with the pass program, unload changes back" {
	lab t1
	"$T" load --inner --loader "$LOADER" -- drop_func
	[ "$(holds t1 inner)" = "native drop_func" ]
	[ "$(holds t1 outer)" = "native xdp_lab_pass" ]
	no_pings t1 --inner
	"$T" unload --inner
	[ "$(holds t1 inner)" = "native xdp_lab_pass" ]
	[ -z "$(holds t1 outer)" ]
	pings t1
	"$T" load --inner --loader "$LOADER" -- pass_func
	"$T" load --loader "$LOADER" -- frags_func
	[ "$(holds t1 outer)" = "native frags_func" ]
	"$T" unload
	[ "$(holds t1 outer)" = "native xdp_lab_pass" ]
	[ "$(holds t1 inner)" = "native pass_func" ]
}

@test "load --inner in a bare lab leaves the outer end alone" {
	lab t1 --bare
	"$T" load --inner --loader "$LOADER" -- pass_func
	[ "$(holds t1 inner)" = "native pass_func" ]
	[ -z "$(holds t1 outer)" ]
	"$T" unload --inner
	[ -z "$(holds t1 inner)" ]
}

@test "a loader that fails: its status, and both ends as before" {
	lab t1
	run "$T" load --inner --loader "$LOADER" -- no_such_func
	[ "$status" -eq 30 ]
	[ "$(holds t1 inner)" = "native xdp_lab_pass" ]
	[ -z "$(holds t1 outer)" ]
	"$T" load --loader "$LOADER" -- pass_func
	run "$T" load --loader "$LOADER" -- drop_func
	[ "$status" -eq 30 ]
	[ "$(holds t1 outer)" = "native pass_func" ]
}

@test "a loader that stays: gets the signal, and both ends are as before" {
	lab t1
	for sig in INT TERM; do
		: >out # what the last one said is not what this one says
		# A shell's background job is deaf to SIGINT: env mends that.
		env --default-signal=INT "$T" load --inner --loader "$LOADER" -- \
			--wait pass_func >out 3>&- &
		for ((i = 0; i < 50; i++)); do
			grep -q waiting out && break
			sleep 0.1
		done
		[ "$(holds t1 inner)" = "native pass_func" ]
		[ "$(holds t1 outer)" = "native xdp_lab_pass" ]
		kill "-$sig" $!
		wait $!
		grep -q "signal $(kill -l "$sig")" out
		[ "$(holds t1 inner)" = "native xdp_lab_pass" ]
		[ -z "$(holds t1 outer)" ]
	done
}

@test "load finds the only loader of the folder; none or two are an error" {
	lab t1
	run --separate-stderr "$T" load -- pass_func
	[ "$status" -eq 2 ]
	one_line_error "no loader in this folder"
	ln -s "$LOADER" one_user
	ln -s "${LOADER%_user}_kern.o" one_kern.o
	printf '#!/bin/sh\n' >xdp_stats_user
	chmod +x xdp_stats_user
	"$T" load -- pass_func
	[ "$(holds t1 outer)" = "native pass_func" ]
	cp one_user two_user
	run --separate-stderr "$T" load -- pass_func
	[ "$status" -eq 2 ]
	one_line_error "one_user two_user" "--loader"
	printf '#!/bin/sh\n' >two_user
	"$T" unload
	"$T" load -- drop_func
	[ "$(holds t1 outer)" = "native drop_func" ]
}

@test "bad use of load: one line, exit 2" {
	lab t1
	run --separate-stderr "$T" load --loader /nonexistent/x
	[ "$status" -eq 2 ]
	one_line_error "/nonexistent/x"
	run --separate-stderr "$T" load --progname x
	[ "$status" -eq 2 ]
	one_line_error "--progname" "after '--'"
	run --separate-stderr "$T" load --loader
	[ "$status" -eq 2 ]
	one_line_error "missing value"
}

@test "stats runs a command on either end" {
	lab t1
	printf '#!/bin/sh\necho "$@"; ls /sys/class/net | tr "\\n" " "; exit 5\n' \
		>show
	chmod +x show
	run "$T" stats --stats ./show -- --count 1
	[ "$status" -eq 5 ]
	[ "${lines[0]}" = "-d t1 --count 1" ]
	run "$T" stats --inner --stats ./show
	[ "${lines[0]}" = "-d veth0" ]
	[ "${lines[1]}" = "lo veth0 " ]
	mv show xdp_stats_user
	run "$T" stats
	[ "${lines[0]}" = "-d t1" ]
	run --separate-stderr "$T" stats --stats nonesuch
	[ "$status" -eq 2 ]
	one_line_error "nonesuch"
}

@test "reset: both ends, tc programs, addresses and pins as after setup" {
	need_cmd bpftool
	lab t1 --vlan 42
	"$T" load --inner --loader "$LOADER" -- drop_func
	"$T" unload
	ip link set dev t1 xdpgeneric off
	"$T" load --loader "$LOADER" -- drop_func
	mkdir /sys/fs/bpf/t1
	bpftool map create /sys/fs/bpf/t1/map type array key 4 value 4 \
		entries 1 name pinned
	ip addr flush dev t1
	tc qdisc del dev t1 clsact
	"$T" reset
	[ "$(holds t1 inner)" = "native xdp_lab_pass" ]
	[ -z "$(holds t1 outer)" ]
	[ ! -e /sys/fs/bpf/t1 ]
	pings t1 -4
	attach t1 vlan_func
	pings t1
}

@test "reset takes off generic programs and links, and status names the mode" {
	need_cmd bpftool
	lab t1
	bpftool prog loadall "${LOADER%_user}_kern.o" /sys/fs/bpf/made
	bpftool net attach xdpgeneric pinned /sys/fs/bpf/made/pass_func dev t1
	rm -r /sys/fs/bpf/made
	[ "$(holds t1 outer)" = "generic pass_func" ]
	"$T" reset
	[ -z "$(holds t1 outer)" ]
	mkdir /sys/fs/bpf/t1
	"$LOADER" -d t1 --link /sys/fs/bpf/t1/link pass_func
	[ "$(holds t1 outer)" = "native pass_func" ]
	"$T" unload
	[ -z "$(holds t1 outer)" ]
	[ ! -e /sys/fs/bpf/t1 ]
}
