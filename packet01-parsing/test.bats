#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_parse_user and xdp_forms_user: echo requests in a lab and in one with
# tags, and packets that no stack would send. What each program does with all
# packets of tests/packets is tested in tests/progrun.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab p01
	lab p01v --vlan 42
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --all
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	mkdir -p /sys/fs/bpf/xdp
	before=$(snapshot)
}

teardown()
{
	for dev in p01 p01v; do
		./xdp_parse_user -q -d $dev --unload-all
	done
	end "${runner-}"
	rm -f /run/tmp/report
}

# answered LAB FAMILY: the numbers of those of four requests that are answered
answered()
{
	"$TOP/testenv/testenv.sh" ping --name "$1" "$2" -c 4 -i 0.05 -W 1 |
		sed -n 's/.*icmp_seq=\([0-9]*\) .*time=.*/\1/p' | paste -sd ' '
}

# counted LAB ACTION: packets of that verdict, in the maps that are pinned
counted()
{
	"$TOP/testenv/testenv.sh" stats --name "$1" -- -i 0.05 -n 1 --json |
		jq ".actions.$2.packets"
}

# send LAB FILE [NUMBER]...: packets of tests/packets, from inside
send()
{
	need_cmd python3
	"$TOP/testenv/testenv.sh" exec --name "$1" \
		"$TOP/tests/packets/send.py" veth0 "${@:2}"
}

# is_counted LAB ACTION NUMBER: within a moment
is_counted()
{
	[ "$(counted "$1" "$2")" -eq "$3" ]
}

# bats test_tags=kernel
@test "of four echo requests the second and the fourth are dropped" {
	need_cmd jq
	for mode in -N -S; do
		for dev in p01 p01v; do
			./xdp_parse_user -q -d $dev $mode --force
			[ "$(answered $dev -4)" = "1 3" ]
			[ "$(counted $dev XDP_DROP)" = 2 ]
			[ "$(answered $dev -6)" = "1 3" ]
			[ "$(counted $dev XDP_DROP)" = 4 ]
			[ "$(counted $dev XDP_PASS)" = 4 ]
		done
	done
}

@test "nothing is left of it after --unload" {
	./xdp_parse_user -q -d p01
	run ./xdp_parse_user -d p01 --unload
	[ "$status" -eq 0 ]
	[ "$(answered p01 -4)" = "1 2 3 4" ]
	unchanged "$before"
}

@test "behind one to eight tags, and not behind nine" {
	need_cmd jq python3
	./xdp_parse_user -q -d p01
	send p01 tags 1 5 9 13 17 21 25 29
	wait_for is_counted p01 XDP_DROP 8
	send p01 tags 2 6 10 14 18 22 26 30
	wait_for is_counted p01 XDP_PASS 8
	send p01 tags 33
	wait_for is_counted p01 XDP_PASS 9
	is_counted p01 XDP_DROP 8
}

@test "behind options and extension headers; later fragments pass" {
	need_cmd jq python3
	./xdp_parse_user -q -d p01
	send p01 ip_options 1 5 9 13 17 21 25 29 33 37 41
	wait_for is_counted p01 XDP_DROP 11
	send p01 ip6_ext 1 5 9 13 17 42
	wait_for is_counted p01 XDP_DROP 17
	send p01 fragments 3 4 5 6
	wait_for is_counted p01 XDP_PASS 4
	is_counted p01 XDP_DROP 17
}

@test "xdp_vlan_01 drops what is tagged, and that alone" {
	./xdp_parse_user -q -d p01 --progname xdp_vlan_01
	./xdp_parse_user -q -d p01v --progname xdp_vlan_01
	[ "$(answered p01 -4)" = "1 2 3 4" ]
	[ "$(answered p01 -6)" = "1 2 3 4" ]
	[ -z "$(answered p01v -4)" ]
	[ -z "$(answered p01v -6)" ]
}

@test "xdp_vlan_02 aborts on 42 in the second tag, not in the first" {
	need_cmd jq python3
	./xdp_parse_user -q -d p01 --progname xdp_vlan_02
	./xdp_parse_user -q -d p01v --progname xdp_vlan_02
	[ "$(answered p01v -4)" = "1 2 3 4" ]
	[ "$(counted p01v XDP_ABORTED)" = 0 ]
	send p01 tags 49 50 51 52 53 54
	wait_for is_counted p01 XDP_ABORTED 3
	wait_for is_counted p01 XDP_PASS 3
}

@test "where the maps are pinned is said after what is attached" {
	run --separate-stderr ./xdp_parse_user -d p01
	[[ ${lines[0]} == "attached "* ]]
	[ "${lines[1]}" = "pinned in '/sys/fs/bpf/p01'" ]
	./xdp_parse_user -q -d p01 --unload
	run --separate-stderr ./xdp_parse_user -d p01 --pin-dir /sys/fs/bpf/p01pins \
		--stats -i 0.1 -n 1
	[[ $stderr == *"note: attached "*$'\n'"note: pinned in '/sys/fs/bpf/p01pins'"$'\n'* ]]
	unchanged "$before"
}

@test "--stats reports, and leaves nothing" {
	need_cmd jq
	./xdp_parse_user -d p01 -q --stats -i 0.1 --json >/run/tmp/report 3>&- &
	runner=$!
	wait_for test -e /sys/fs/bpf/p01/xdp_stats_map
	[ "$(answered p01 -4)" = "1 3" ]
	wait_for reported '.actions.XDP_DROP.packets == 2'
	kill "$runner"
	wait "$runner"
	rm /run/tmp/report
	unchanged "$before"
}

@test "--reuse-maps goes on counting; --stats then leaves the maps pinned" {
	need_cmd jq
	./xdp_parse_user -q -d p01
	answered p01 -4
	./xdp_parse_user -q -d p01 --force --reuse-maps
	answered p01 -4
	[ "$(counted p01 XDP_DROP)" = 4 ]
	./xdp_parse_user -q -d p01 --force --reuse-maps --stats -i 0.05 -n 1 >/dev/null
	[ -e /sys/fs/bpf/p01/xdp_stats_map ]
	./xdp_parse_user -q -d p01 --unload-all
	unchanged "$before"
}

@test "what cannot be pinned is not attached" {
	run --separate-stderr ./xdp_parse_user -d p01 --pin-dir /run/tmp/pins
	[ "$status" -eq 40 ]
	one_line_error "not on a BPF file system"
	unchanged "$before"
	# The folder is there already, and a map cannot get its name.
	mkdir -p /sys/fs/bpf/taken/xdp_stats_map
	run --separate-stderr ./xdp_parse_user -d p01 --pin-dir /sys/fs/bpf/taken
	rmdir /sys/fs/bpf/taken/xdp_stats_map /sys/fs/bpf/taken
	[ "$status" -eq 40 ]
	[ -z "$output" ]
	unchanged "$before"
}

@test "what is not attached leaves no folder for its pins" {
	run --separate-stderr ./xdp_parse_user -d p01 \
		--filename ../tests/faults/reject_kern.o
	[ "$status" -eq 40 ]
	unchanged "$before"
}

@test "output to a full disk: an error, nothing attached, nothing pinned" {
	run --separate-stderr bash -c './xdp_parse_user -d p01 >/dev/full'
	[ "$status" -eq 1 ]
	[ "$(grep -v '^note: ' <<<"$stderr")" = \
		"error: cannot write to standard output: No space left on device" ]
	unchanged "$before"
}

# bats test_tags=kernel
@test "xdp_forms_user: six forms say the same, and it shows what each is" {
	need_feature bpf_loop
	for tags in 0 1 5 6 8 9 16; do
		run --separate-stderr ./xdp_forms_user --tags $tags --repeat 1
		[ "$status" -eq 0 ]
		[ "${#lines[@]}" -eq 7 ]
		want=XDP_PASS
		[ $tags -lt 6 ] || want=XDP_DROP
		[ "$(grep -c " $want\$" <<<"$output")" -eq 6 ]
	done
	# clang wrote the unrolled body eight times, so that one is longer.
	instructions()
	{
		awk -v name="$1" '$1 == name { print $2 }' <<<"$output"
	}
	[ "$(instructions xdp_loop_unrolled)" -gt "$(instructions xdp_loop_bounded)" ]
	unchanged "$before"
}

@test "xdp_forms_user: of what is refused it shows the verifier's lines" {
	mkdir /run/tmp/p01
	cp "$TOP/tests/faults/reject_kern.o" /run/tmp/p01/xdp_loops_kern.o
	cd /run/tmp/p01
	run --separate-stderr "$BATS_TEST_DIRNAME/xdp_forms_user" --repeat 1
	rm -r /run/tmp/p01
	[ "$status" -eq 40 ]
	[ "${stderr_lines[0]}" = "error: cannot load 'xdp_unchecked_func' from 'xdp_loops_kern.o': the verifier rejects it" ]
	[[ $stderr == *"invalid access to packet"* ]]
}

@test "xdp_forms_user: values that make no sense" {
	for args in "--tags 17" "--tags -1" "--repeat 0" "x"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_forms_user $args
		[ "$status" -eq 2 ]
	done
}
