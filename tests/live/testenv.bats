#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# testenv.sh as a user sees it: each command and each option.

load testenv

@test "setup makes both ends, with addresses and neighbours of both families" {
	run "$T" setup --name t1
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "lab 't1' is up" ]
	[ "${lines[1]}" = "  outer end  t1 (10.11.1.1, fc00:dead:cafe:1::1)" ]
	[ "${lines[2]}" = "  inner end  veth0 in namespace t1 (10.11.1.2, fc00:dead:cafe:1::2)" ]
	ip addr show dev t1 | grep -q 'inet 10.11.1.1/24'
	ip addr show dev t1 | grep -q 'inet6 fc00:dead:cafe:1::1/64'
	inside t1 ip addr show dev veth0 | grep -q 'inet 10.11.1.2/24'
	inside t1 ip addr show dev veth0 | grep -q 'inet6 fc00:dead:cafe:1::2/64'
	[ "$(ip neigh show dev t1 nud permanent | grep -c '::2 \|11.1.2 ')" -eq 2 ]
	[ "$(inside t1 ip neigh show dev veth0 nud permanent |
		grep -c '::1 \|11.1.1 ')" -eq 2 ]
	[ "$(stat -c '%a %U' /run/xdp-tutorial)" = "700 root" ]
	pings t1
	pings t1 -4
	pings t1 --inner
}

@test "the pass program is on veth0, the outer end is bare, nothing is pinned" {
	lab t1
	[ "$(holds t1 inner)" = "native xdp_lab_pass" ]
	[ -z "$(holds t1 outer)" ]
	[ -z "$(find /sys/fs/bpf -type f ! -name '*.debug')" ]
	lab t2 --bare
	[ -z "$(holds t2 inner)" ]
	[ -z "$(holds t2 outer)" ]
}

@test "setup a second time says so; with other options it is refused" {
	lab t1 --queues 2
	run "$T" setup --name t1 --queues 2
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "lab 't1' is up already" ]
	[ "${lines[2]}" = "  inner end  veth0 in namespace t1 (10.11.1.2, fc00:dead:cafe:1::2)" ]
	run --separate-stderr "$T" setup --name t1
	[ "$status" -eq 1 ]
	one_line_error "other options" "teardown --name t1"
}

@test "setup without a name, or with --gen-new, makes one up" {
	run "$T" setup
	[ "$status" -eq 0 ]
	[[ $output =~ ^lab\ \'xdptut-[0-9a-f]{4}\'\ is\ up ]]
	run "$T" setup --gen-new
	[ "$status" -eq 0 ]
	[ "$("$T" status --json | wc -l)" -eq 2 ]
	run --separate-stderr "$T" setup --gen-new --name t1
	[ "$status" -eq 2 ]
	one_line_error "--gen-new"
}

@test "offloads that would hide tags and checksums from XDP are off" {
	need_cmd ethtool
	lab t1
	for end in "ethtool -k t1" "inside t1 ethtool -k veth0"; do
		run $end
		[[ $output == *"tx-checksumming: off"* ]]
		[[ $output == *"rx-vlan-offload: off"* ]]
		[[ $output == *"tx-vlan-offload: off"* ]]
	done
}

@test "a lab is silent for 5 s after setup" {
	lab t1
	lab t2 --vlan 42 --queues 2
	lab t3 --ipv4-only
	local outer=() inner=() name first
	first=$(moved t1)
	for name in t1 t2 t3; do
		outer+=("$(moved "$name")")
		inner+=("$(moved veth0 nsenter "--net=/run/netns/$name")")
	done
	sleep 5
	for name in t1 t2 t3; do
		[ "$(moved "$name")" = "${outer[0]}" ]
		[ "$(moved veth0 nsenter "--net=/run/netns/$name")" = "${inner[0]}" ]
		outer=("${outer[@]:1}") inner=("${inner[@]:1}")
	done
	"$T" ping --name t1 -q -c 1
	[ "$(moved t1)" != "$first" ]
}

@test "--ipv4-only and --ipv6-only leave the other family out" {
	lab t4 --ipv4-only
	lab t6 --ipv6-only
	pings t4
	pings t6
	[ -z "$(ip -6 addr show dev t4)" ]
	[ -z "$(ip -4 addr show dev t6)" ]
	run --separate-stderr "$T" ping --name t4 -6 -c 1
	[ "$status" -eq 2 ]
	one_line_error "only IPv4"
	run --separate-stderr "$T" ping --name t6 -4 -c 1
	[ "$status" -eq 2 ]
	one_line_error "only IPv6"
}

@test "--vlan: XDP sees the tag in the bytes on both ends, the stack does not" {
	lab t1 --vlan 42
	lab t2
	lab t3 --vlan 43
	pings t1
	pings t1 -4
	for name in t1 t2 t3; do
		attach "$name" vlan_func
	done
	pings t1
	pings t1 -4
	no_pings t2
	no_pings t3
	"$T" unload --name t1
	"$T" load --name t1 --inner --loader "$LOADER" -- vlan_func
	pings t1
	pings t1 --inner
}

@test "--queues: as many on both ends" {
	lab t1 --queues 4
	[ "$(find /sys/class/net/t1/queues/ -mindepth 1 -type d -name '?x-*' |
		wc -l)" -eq 8 ]
	[ "$(inside t1 find /sys/class/net/veth0/queues/ -mindepth 1 \
		-type d -name '?x-*' | wc -l)" -eq 8 ]
	attach t1 pass_func
	pings t1
}

@test "--mtu 9000: large packets pass a frags program, another is refused" {
	lab t1 --mtu 9000
	pings t1 -M "do" -s 8900
	run --separate-stderr attach t1 pass_func
	[ "$status" -eq 30 ]
	attach t1 frags_func
	pings t1 -M "do" -s 8900
	pings t1 -M "do" -s 8900 --inner
}

@test "address: one end's, of one family, and nothing else" {
	lab t1
	[ "$("$T" address)" = 10.11.1.1 ]
	[ "$("$T" address -4)" = 10.11.1.1 ]
	[ "$("$T" address -6)" = fc00:dead:cafe:1::1 ]
	[ "$("$T" address --inner)" = 10.11.1.2 ]
	[ "$("$T" address -6 --inner)" = fc00:dead:cafe:1::2 ]
	lab t6 --ipv6-only
	run --separate-stderr "$T" address
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	one_line_error "several labs"
	[ "$("$T" address --name t6)" = fc00:dead:cafe:2::1 ]
	[ "$("$T" --name t1 address)" = 10.11.1.1 ]
	for words in "-4 --name t6" "-4 -6" "--name t1 -5" "--name t1 outer" --json; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$T" address $words
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		one_line_error
	done
}

@test "exec: exit status, signals, and what /sys shows" {
	lab t1
	run inside t1 sh -c 'exit 7'
	[ "$status" -eq 7 ]
	run inside t1 sh -c 'kill -TERM $$'
	[ "$status" -eq 143 ]
	run -127 --separate-stderr inside t1 no-such-command
	one_line_error "no-such-command"
	run inside t1 ls /sys/class/net
	[ "$output" = $'lo\nveth0' ]
	run inside t1 stat -f -c %T /sys/fs/bpf
	[ "$output" = bpf_fs ]
	[ "$(inside t1 stat -c %d /sys/fs/bpf)" = "$(stat -c %d /sys/fs/bpf)" ]
	[ "$(inside t1 ls /sys/fs/cgroup)" = "$(ls /sys/fs/cgroup)" ]
	inside t1 test -e /sys/kernel/tracing/trace_pipe
	[ "$(inside t1 pwd)" = "$PWD" ]
	[ "$(ls /sys/class/net)" != $'lo\nveth0' ]
	"$T" exec --name t1 sleep 60 3>&- &
	sleep 0.5
	kill -TERM $!
	rc=0
	wait $! || rc=$?
	[ "$rc" -eq 143 ]
}

@test "enter: a shell inside" {
	lab t1
	run --separate-stderr env SHELL=/bin/bash "$T" enter \
		<<<'ip -br link show dev veth0 >/dev/null && exit 9'
	[ "$status" -eq 9 ]
}

@test "tcpdump: on the outer end, or inside" {
	need_cmd tcpdump
	lab t1
	for where in "" --inner; do
		: >err # what the last one said is not what this one says
		timeout 10 "$T" tcpdump $where -c 1 icmp6 >out 2>err 3>&- &
		for ((i = 0; i < 50; i++)); do
			grep -q listening err && break
			sleep 0.1
		done
		"$T" ping -q -c 2 -i 0.2
		wait $!
		grep -q 'echo request' out
	done
}

@test "alias: a function that calls the script, also from elsewhere" {
	eval "$("$T" alias)"
	t setup --name t1
	ln -s "$T" link.sh
	run ./link.sh status
	[[ $output == "lab t1: up"* ]]
	eval "$("$T" --name t1 alias)"
	lab t2
	t ping -q -c 1
}

@test "help: exit 0, every command; a bare call shows it and exits 2" {
	run --separate-stderr "$T" help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	for word in setup teardown reset status address shell enter exec ping send tcpdump load \
		unload redirect stats alias help --router --name --gen-new --ipv4-only --ipv6-only \
		--vlan --queues --mtu --bare --inner --loader --stats --all --json --join --size --count --dst \
		--src --sport --dport --fragment --type; do
		[[ $output == *"$word"* ]]
	done
	run --separate-stderr "$T" setup --help
	[ "$status" -eq 0 ]
	run --separate-stderr "$T"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
}

@test "status: text, JSON, no lab" {
	run "$T" status
	[ "$status" -eq 0 ]
	[ "$output" = "there is no lab" ]
	[ -z "$("$T" status --json)" ]
	lab t1 --vlan 7 --queues 2 --mtu 2000
	run "$T" status
	[[ ${lines[0]} == "lab t1: up, MTU 2000, 2 queues, VLAN 7" ]]
	[[ $output == *"native XDP program xdp_lab_pass, id "* ]]
	need_cmd jq
	run jq -r '"\(.name) \(.mtu) \(.queues) \(.vlan) \(.bare) \(.up)",
		.outer.ipv4, (.inner.programs[] | .mode + .name)' \
		<<<"$("$T" status --json)"
	[ "${lines[0]}" = "t1 2000 2 7 false true" ]
	[ "${lines[1]}" = "10.11.$(number_of t1).1" ]
	[ "${lines[2]}" = "nativexdp_lab_pass" ]
}

@test "a small MTU, where there is no IPv6" {
	"$T" setup --name small --ipv4-only --mtu 500
	run "$T" ping --name small -c 2 -i 0.05 -s 400
	[ "$status" -eq 0 ]
	[[ $output == *" 2 received"* ]]
}

@test "an end that is down: status says so, reset mends it" {
	"$T" setup --name down1
	ip link set dev down1 down
	run "$T" status --name down1
	[ "$status" -eq 1 ]
	[[ $output == *"outer end is down (run: testenv.sh reset --name down1)"* ]]
	run "$T" setup --name down1
	[ "$status" -eq 1 ]
	"$T" reset --name down1
	"$T" status --name down1
	"$T" ping --name down1 -6 -c 1 -W 1
	"$T" exec --name down1 ip link set dev veth0 down
	run "$T" status --name down1 --json
	[ "$status" -eq 1 ]
	[[ $output == *"veth0 is down"* ]]
	"$T" reset --name down1
	"$T" ping --name down1 -6 -c 1 -W 1
}
