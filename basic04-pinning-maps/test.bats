#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_pinned_user, xdp_stats_user and xdp_lifetime_user in a lab.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab b04
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --name b04
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	mkdir -p /sys/fs/bpf/xdp
	pins=/sys/fs/bpf/b04
	before=$(snapshot)
}

teardown()
{
	./xdp_pinned_user -q -d b04 --unload-all
	rm -f /run/tmp/report /run/tmp/said
}

ping_lab()
{
	"$TOP/testenv/testenv.sh" ping --name b04 "$1" -c "$2" -i 0.01 -W 10 >/dev/null
}

attached()
{
	ip link show dev b04 | grep -q 'prog/xdp id'
}

# passed: how many packets xdp_stats_map has counted as passed
passed()
{
	./xdp_stats_user -d b04 --map xdp_stats_map get 2 |
		sed -n 's/^XDP_PASS  *\([0-9]*\) packets.*/\1/p'
}

map_id()
{
	bpftool -j map show pinned "$pins/xdp_stats_map" | jq .id
}

# refuses TEXT COMMAND...: status 40, one line, nothing changed
refuses()
{
	local text=$1 now

	shift
	now=$(snapshot)
	run --separate-stderr "$@"
	[ "$status" -eq 40 ]
	[ -z "$output" ]
	one_line_error "$text"
	unchanged "$now"
}

# bats test_tags=kernel
@test "it pins both maps, a second process reads them, unload unpins" {
	need_cmd jq
	run --separate-stderr ./xdp_pinned_user -d b04
	[ "$status" -eq 0 ]
	[ -e "$pins/xdp_stats_map" ]
	[ -e "$pins/xdp_proto_map" ]
	[[ ${lines[0]} == "attached "* ]]
	[ "${lines[1]}" = "pinned in '$pins'" ]
	ping_lab -4 5
	[ "$(./xdp_stats_user -d b04 -i 0.1 -n 1 --json | jq .actions.XDP_PASS.packets)" = 5 ]
	ping_lab -6 3
	[ "$(./xdp_stats_user -d b04 -i 0.1 -n 1 --json | jq .actions.XDP_PASS.packets)" = 8 ]
	run ./xdp_stats_user -d b04 get
	[[ ${lines[*]} == *"0x0800 IPv4   5 packets"* ]]
	[[ ${lines[*]} == *"0x86dd IPv6   3 packets"* ]]
	run ./xdp_pinned_user -d b04 --unload
	[ "$status" -eq 0 ]
	unchanged "$before"
}

@test "testenv.sh stats finds the counters of a lab" {
	need_cmd jq
	./xdp_pinned_user -q -d b04
	ping_lab -4 4
	run --separate-stderr "$TOP/testenv/testenv.sh" stats --name b04 -- -i 0.1 -n 1 --json
	[ "$status" -eq 0 ]
	[ "$(jq .actions.XDP_PASS.packets <<<"$output")" = 4 ]
}

@test "--reuse-maps goes on counting, without it counting begins anew" {
	./xdp_pinned_user -q -d b04
	ping_lab -4 5
	./xdp_pinned_user -q -d b04 --force --reuse-maps
	ping_lab -4 2
	[ "$(passed)" = 7 ]
	./xdp_pinned_user -q -d b04 --force
	ping_lab -4 1
	[ "$(passed)" = 1 ]
	./xdp_pinned_user -q -d b04 --unload
	unchanged "$before"
}

@test "--reuse-maps without pins: new maps, and it says so" {
	run --separate-stderr ./xdp_pinned_user -d b04 --reuse-maps
	[ "$status" -eq 0 ]
	[[ $stderr == *"note: nothing is pinned at '$pins/xdp_stats_map': a new map"* ]]
}

@test "a reader follows a map that a second load replaces, and says so" {
	need_cmd bpftool jq
	./xdp_pinned_user -q -d b04
	ping_lab -4 5
	old=$(map_id)
	./xdp_stats_user -d b04 -i 0.1 --json >/run/tmp/report 2>/run/tmp/said 3>&- &
	reader=$!
	wait_for test -s /run/tmp/report
	./xdp_pinned_user -q -d b04 --force
	ping_lab -4 2
	wait_for reported '.actions.XDP_PASS.packets == 2'
	kill "$reader"
	wait "$reader"
	[ "$(jq -s '.[0].actions.XDP_PASS.packets' /run/tmp/report)" = 5 ]
	[ "$(jq -s '.[-1].actions.XDP_PASS.packets' /run/tmp/report)" = 2 ]
	# A rate is not that of the new map against the old one.
	jq -s -e 'all(.[].actions.XDP_PASS.pps; . >= 0 and . < 1000)' /run/tmp/report
	[[ $(</run/tmp/said) =~ "was replaced: map id "([0-9]+)" instead of "([0-9]+)$ ]]
	[ "${BASH_REMATCH[1]}" -eq "$(map_id)" ]
	[ "${BASH_REMATCH[2]}" -eq "$old" ]
}

@test "a reader whose map goes away ends with one line and status 40" {
	./xdp_pinned_user -q -d b04
	./xdp_stats_user -d b04 -i 0.1 >/run/tmp/report 2>/run/tmp/said 3>&- &
	reader=$!
	wait_for test -s /run/tmp/report
	./xdp_pinned_user -q -d b04 --unload
	rc=0
	wait "$reader" || rc=$?
	[ "$rc" -eq 40 ]
	[ "$(cat /run/tmp/said)" = "error: no map is pinned at '$pins/xdp_stats_map' any more" ]
}

@test "elements: the three flags of an update, and what each refuses" {
	./xdp_pinned_user -q -d b04
	x=(./xdp_stats_user -d b04)
	"${x[@]}" set 0x88b5 7 --noexist
	refuses "the element exists, and --noexist was given" "${x[@]}" set 0x88b5 8 --noexist
	"${x[@]}" set 0x88b5 9 --exist
	[ "$("${x[@]}" get 0x88b5)" = "0x88b5 other  9 packets" ]
	refuses "there is no such element" "${x[@]}" set 0x88b6 1 --exist
	"${x[@]}" set 0x88b6 1 --any
	"${x[@]}" set 0x88b6 2
	"${x[@]}" del 0x88b6
	refuses "cannot delete 0x88b6 in 'xdp_proto_map': No such file" "${x[@]}" del 0x88b6
	refuses "cannot get 0x88b6 in 'xdp_proto_map': No such file" "${x[@]}" get 0x88b6
}

@test "a full hash takes no more elements" {
	./xdp_pinned_user -q -d b04
	for ((i = 0; i < 64; i++)); do
		./xdp_stats_user -d b04 set $i 1
	done
	refuses "(the map is full)" ./xdp_stats_user -d b04 set 64 1
}

@test "elements of an array: always there, never deleted" {
	./xdp_pinned_user -q -d b04
	x=(./xdp_stats_user -d b04 --map xdp_stats_map)
	refuses "File exists (all elements of an array exist from the beginning)" \
		"${x[@]}" set 2 0 --noexist
	refuses "Invalid argument (elements of an array cannot be deleted)" "${x[@]}" del 2
	refuses "(no such index)" "${x[@]}" set 5 0
	"${x[@]}" set 2 1000
	[ "$(passed)" = 1000 ]
	"${x[@]}" set 2 0
	[ "$(passed)" = 0 ]
}

@test "commands that make no sense" {
	./xdp_pinned_user -q -d b04
	for words in "foo" "get 1 2" "set 1" "del" "set 65536 1" "set -1 1" "set 1 x" \
		"get 99999999999999999999" "--map foo get 1"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_stats_user -d b04 $words
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} == "error: "* ]]
	done
}

@test "--link: attached as long as its pin is there" {
	run --separate-stderr ./xdp_pinned_user -d b04 --link
	[ "$status" -eq 0 ]
	[ -e "$pins/xdp_link" ]
	ping_lab -4 3
	[ "$(passed)" = 3 ]
	# Nobody replaces it by mistake.
	run ip link set dev b04 xdpdrv obj ../basic01-xdp-pass/xdp_pass_kern.o sec xdp
	[ "$status" -ne 0 ]
	# What iproute2 leaves in a bpffs that it has used.
	rm -rf /sys/fs/bpf/ip /sys/fs/bpf/tc /sys/fs/bpf/xdp/globals
	rm "$pins/xdp_link"
	wait_for not_attached
	./xdp_pinned_user -q -d b04 --unload-all
	unchanged "$before"
}

not_attached()
{
	! attached
}

@test "--link: --unload detaches and unpins" {
	./xdp_pinned_user -q -d b04 --link
	run ./xdp_pinned_user -d b04 --unload
	[ "$status" -eq 0 ]
	unchanged "$before"
}

@test "--link beside a program is refused, and no folder is left" {
	../basic01-xdp-pass/xdp_pass_user -q -d b04
	now=$(snapshot)
	run --separate-stderr ./xdp_pinned_user -d b04 --link
	[ "$status" -eq 30 ]
	one_line_error "cannot attach to 'b04' with a link: id " "('xdp_prog_simple') is there"
	unchanged "$now"
}

@test "what cannot be pinned is not attached, and no other pin is left" {
	mkdir -p "$pins/xdp_stats_map"
	refuses "cannot pin the maps in '$pins': " ./xdp_pinned_user -q -d b04
	rmdir "$pins/xdp_stats_map" "$pins"
	unchanged "$before"
}

@test "--stats stays, reports, and leaves nothing" {
	need_cmd jq
	./xdp_pinned_user -d b04 --stats -i 0.1 --json -q >/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for test -e "$pins/xdp_stats_map"
	ping_lab -4 3
	wait_for reported '.actions.XDP_PASS.packets == 3'
	kill "$runner"
	wait "$runner"
	rm /run/tmp/report /run/tmp/said
	unchanged "$before"
}

@test "--pin-dir: another folder; one that cannot be is refused" {
	./xdp_pinned_user -q -d b04 --pin-dir /sys/fs/bpf/elsewhere
	[ -e /sys/fs/bpf/elsewhere/xdp_stats_map ]
	./xdp_stats_user -d b04 --pin-dir /sys/fs/bpf/elsewhere -i 0.1 -n 1 >/dev/null
	./xdp_pinned_user -q -d b04 --pin-dir /sys/fs/bpf/elsewhere --unload
	unchanged "$before"
	refuses "not on a BPF file system" ./xdp_pinned_user -d b04 --pin-dir /run/tmp/x
	refuses "not on a BPF file system" ./xdp_pinned_user -d b04 --pin-dir /sys/fs/bpf/a/b
	refuses "bytes long" ./xdp_pinned_user -d b04 \
		--pin-dir "/sys/fs/bpf/$(printf 'a%.0s' {1..5000})"
	refuses "no map is pinned at '$pins/xdp_stats_map' (does a loader run?)" \
		./xdp_stats_user -d b04 -n 1
}

@test "what holds an object, and what outlives its loader" {
	run --separate-stderr ./xdp_lifetime_user -d b04
	[ "$status" -eq 0 ]
	[ "$(grep -c ' yes$' <<<"$output")" -ge 8 ]
	grep -q '^  the descriptor was closed  *pin  *yes$' <<<"$output"
	grep -q '^  the pin was unlinked  *nobody  *no$' <<<"$output"
	grep -q '^  the descriptor was closed  *interface  *yes$' <<<"$output"
	grep -q '^  it was detached  *nobody  *no$' <<<"$output"
	grep -q '^  XDP, by netlink  *yes$' <<<"$output"
	grep -q '^  XDP, by bpf_link  *no$' <<<"$output"
	grep -q '^  tc, in clsact  *yes$' <<<"$output"
	grep -q '^  tracepoint  *no$' <<<"$output"
	unchanged "$before"
	./xdp_pinned_user -q -d b04
	run --separate-stderr ./xdp_lifetime_user -d b04
	[ "$status" -eq 30 ]
	one_line_error "it has an XDP program"
}
