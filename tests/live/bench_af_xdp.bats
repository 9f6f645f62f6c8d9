#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make bench BENCH=--af-xdp: each row has its figures, a command that fails is
# an error, and nothing is left of it. How large they are is no matter here.

# bats file_tags=slow

load ../helpers

B=$TOP/bench/bench_user

setup_file()
{
	need_sandbox
}

setup()
{
	cd "$TOP" || return
	before=$(snapshot "$TOP/bench")
	pid=
	[ -x "$TOP/bench/bench_user" ] || skip "bench_user was left out"
	[ -x "$TOP/advanced03-AF_XDP/af_xdp_user" ] ||
		skip "af_xdp_user was left out"
	need_feature live_frames af_xdp
}

teardown()
{
	end "$pid"
	unchanged "$before" "$TOP/bench"
}

# af_xdp OPTION...: one short round.
af_xdp()
{
	run --separate-stderr "$B" --af-xdp --rounds 1 --seconds 0.05 "$@"
	# Shown where a test fails.
	printf '%s\n' "status $status" "$stderr" "$output"
}

# rows: the names in the table, in its order
rows()
{
	sed -n 's/^\t{ { \.name = "\([^"]*\)".*/\1/p' bench/afxdp.c
}

@test "the table: each row has figures, and goals where there are some" {
	af_xdp
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${lines[0]} =~ ^measure\ +Mpps\ +CPU%\ +p50\ +p99\ +max\ +best\ +lost%\ +left\ +goals$ ]]
	[ "$(sed '/^$/,$d' <<<"$output" | awk 'NR > 1 { print $1 }')" = "$(rows)" ]
	[[ $(grep '^receive ' <<<"$output") =~ \ mpps\ [0-9.]+\ \(4\.26\),\ drop\ [0-9.]+\ \(0\.66\)$ ]]
	[[ $(grep '^rtt ' <<<"$output") =~ \ rtt-stack\ [0-9.]+\ \(1\.50\)$ ]]
	[[ ${lines[-1]} =~ ^[0-9]+\ %\ of\ all\ CPUs\ meanwhile$ ]]
}

@test "--json: an object a line; all that was taken in is answered" {
	# So long that even a busy machine lets each have a turn.
	af_xdp --json --seconds 0.7
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.measure) | .measure' <<<"$output")" = "$(rows)" ]
	[ "$(jq -c 'keys' <<<"${lines[-1]}")" = \
		'["cpu","foreign_percent","frame_length","kernel","other_cpu","rounds","seconds"]' ]
	[ "$(jq -c 'select(.measure) | keys' <<<"$output" | sort -u)" = \
		'["best","cpu_percent","goals","lost_percent","max_us","measure","mpps","p50_us","p99_us","text","unanswered"]' ]
	jq -se 'all(.[] | select(.measure);
		if .measure | startswith("rtt") then
			.p50_us > 0 and .p99_us >= .p50_us and .max_us >= .p99_us and
			.mpps == null
		else
			.mpps > 0 and .p50_us == null and
			.lost_percent >= 0 and .lost_percent < 100
		end)' <<<"$output"
	jq -se 'all(.[] | select(.measure); all(.goals[]; .reached > 0))' \
		<<<"$output"
	jq -se '[.[] | select(.measure) | select(.measure | contains("echo")) |
		.unanswered] == [0, 0, 0]' <<<"$output"
	jq -se '[.[] | select(.measure) | select(.measure | startswith("cpu-")) |
		.cpu_percent > 0] == [true, true]' <<<"$output"
}

@test "--case: with what it is compared with" {
	af_xdp --json --case 'receive*' --case rtt
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.measure) | .measure' <<<"$output" | tr '\n' ' ')" = \
		"drop receive receive-poll rtt-stack rtt " ]
	af_xdp --case rtt --case nosuch
	[ "$status" -eq 2 ]
	one_line_error "there is no case 'nosuch'"
}

@test "bad arguments: status 2" {
	while read -r options; do
		echo "$options"
		# shellcheck disable=SC2086 # several words
		af_xdp $options
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		one_line_error "--af-xdp goes with --json, --case, --rounds and --seconds only"
	done <<-'END'
	--live
	--against a:b
	--repeat 3
	--packet a:1
	--save file
	--compare file
	--cases file
	END
}

# tree: a copy of the command that finds TREE/advanced03-AF_XDP/af_xdp_user.
tree()
{
	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/bench" "$tree/advanced03-AF_XDP"
	cp bench/bench_user bench/live_kern.o "$tree/bench"
	cp -r packet03-redirecting "$tree"
	B=$tree/bench/bench_user
}

@test "a command that is not there, fails, or says nothing: an error, no figure" {
	tree
	af_xdp --case echo
	[ "$status" -eq 77 ]
	one_line_error "cannot run '$tree/advanced03-AF_XDP/af_xdp_user': No such file"

	printf '%s\n' '#!/bin/sh' 'echo "error: something is wrong" >&2' 'exit 1' \
		>"$tree/advanced03-AF_XDP/af_xdp_user"
	chmod +x "$tree/advanced03-AF_XDP/af_xdp_user"
	af_xdp --case echo
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == *"'af_xdp_user': it said: error: something is wrong" ]]
}

@test "packets that are taken in and not answered are counted" {
	tree
	# The program takes echo requests; who receives them drops them all.
	cp advanced03-AF_XDP/af_xdp_kern.o "$tree/advanced03-AF_XDP"
	cp advanced03-AF_XDP/af_xdp_user "$tree/advanced03-AF_XDP/real"
	printf '%s\n' '#!/bin/sh' \
		"exec \"$tree/advanced03-AF_XDP/real\" \"\$@\" --drop --filename \"$tree/advanced03-AF_XDP/af_xdp_kern.o\" --progname xdp_sock_all_func" \
		>"$tree/advanced03-AF_XDP/af_xdp_user"
	chmod +x "$tree/advanced03-AF_XDP/af_xdp_user"
	af_xdp --json --case echo
	[ "$status" -eq 0 ]
	jq -se '.[] | select(.measure == "echo") | .unanswered > 0' <<<"$output"
	# Nor is there a round trip.
	af_xdp --json --case rtt
	[ "$status" -eq 1 ]
	one_line_error "no request is answered"
}

# A case that is compared with no other one: af_xdp_user is there from the start.
@test "a signal ends it, and everything that belonged to it" {
	for signal in INT TERM KILL; do
		env --default-signal=INT "$B" --af-xdp --case cpu-receive --seconds 20 \
			>/dev/null 2>&1 3>&- &
		pid=$!
		wait_for both_of_them
		kill -s "$signal" "$pid"
		wait "$pid" || true
		pid=
		gone 'bench_user --af-xdp'
		gone 'af_xdp_user --dev recv'
	done
}

both_of_them()
{
	[ "$(running 'bench_user --af-xdp' | wc -l)" -ge 2 ] &&
		[ "$(running 'af_xdp_user --dev recv' | wc -l)" -eq 1 ]
}
