#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make bench BENCH=--ping: each row has its figures, requests without an answer
# are counted, a command that fails is an error, and nothing is left of it. How
# large the figures are is no matter here.

# bats file_tags=slow

load ../helpers

B=$TOP/bench/bench_user
OWN=advanced04-xdp-ping/xdp_ping_user

setup_file()
{
	need_sandbox
}

setup()
{
	cd "$TOP" || return
	before=$(snapshot "$TOP/bench")
	pid=
	[ -x "$B" ] || skip "bench_user was left out"
	[ -x "$OWN" ] || skip "xdp_ping_user was left out"
	command -v ping >/dev/null || skip "there is no ping"
	need_feature live_frames af_xdp
}

teardown()
{
	end "$pid"
	unchanged "$before" "$TOP/bench"
}

# pings OPTION...: one short round.
pings()
{
	run --separate-stderr "$B" --ping --rounds 1 --seconds 0.02 "$@"
	# Shown where a test fails.
	printf '%s\n' "status $status" "$stderr"
}

# rows: the names in the table, in its order; nping's where there is one.
rows()
{
	sed -n 's/^\t{ { \.name = "\([^"]*\)".*/\1/p' bench/pings.c |
		if command -v nping >/dev/null; then cat; else grep -v nping; fi
}

# stand_in NAME LINE...: a script in front of everything else in PATH.
stand_in()
{
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$BATS_TEST_TMPDIR/bin/$1"
	chmod +x "$BATS_TEST_TMPDIR/bin/$1"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# tree LINE...: a copy of the command that finds a script as xdp_ping_user.
tree()
{
	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/bench" "$tree/advanced04-xdp-ping"
	cp bench/bench_user "$tree/bench"
	cp -r packet03-redirecting "$tree"
	B=$tree/bench/bench_user
	[ "$#" -gt 0 ] || return 0
	printf '%s\n' '#!/bin/sh' "$@" >"$tree/$OWN"
	chmod +x "$tree/$OWN"
}

@test "the table: each row has figures, and goals where there are some" {
	pings
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${lines[0]} =~ ^measure\ +Mpps\ +best\ +avg\ +p50\ +p99\ +max\ +lost\ +what\;\ goals$ ]]
	[ "$(sed '/^$/,$d' <<<"$output" |
		grep -v 'left out' | awk 'NR > 1 { print $1 }')" = "$(rows)" ]
	[[ $(grep '^live ' <<<"$output") =~ \;\ ping\ [0-9.]+\ \(3\.00\)$ ]]
	[[ $(grep '^tx-xsk ' <<<"$output") =~ \;\ mpps\ [0-9.]+\ \(0\.70\)$ ]]
	[[ ${lines[-2]} =~ \ [0-9]+\ %\ of\ all\ CPUs$ ]]
	[ "${lines[-1]}" = meanwhile ]
}

@test "--json: an object a line; everything is answered" {
	pings --json
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.measure and (.left_out | not)) | .measure' \
		<<<"$output")" = "$(rows)" ]
	[ "$(jq -c 'keys' <<<"${lines[-1]}")" = \
		'["cpu","foreign_percent","kernel","rounds","seconds"]' ]
	[ "$(jq -c 'select(.pps) | keys' <<<"$output" | sort -u)" = \
		'["avg_us","best_pps","goals","lost","max_us","measure","p50_us","p99_us","pps","requests","text"]' ]
	jq -se 'all(.[] | select(.pps); .pps > 0 and .best_pps >= .pps and
		.requests > 0 and all(.goals[]; .reached > 0))' <<<"$output"
	jq -se 'all(.[] | select(.pps) | select(.measure != "nping"); .lost == 0 and
		.avg_us >= 0 and .max_us >= .avg_us)' <<<"$output"
	jq -se 'all(.[] | select(.text and (.text | contains("xdp_ping_user")));
		.p50_us > 0 and .p99_us >= .p50_us)' \
		<<<"$output"
}

@test "--case: with what it is compared with" {
	pings --json --case 'x*' --case one-live
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.measure) | .measure' <<<"$output" | tr '\n' ' ')" = \
		"ping-bare ping xsk xsk-bare one-live " ]
	pings --case live --case nosuch
	[ "$status" -eq 2 ]
	one_line_error "there is no case 'nosuch'"
}

@test "bad arguments: status 2" {
	while read -r options; do
		echo "$options"
		# shellcheck disable=SC2086 # several words
		pings $options
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		one_line_error "--ping goes with --json, --case, --rounds and --seconds only"
	done <<-'END'
	--live
	--af-xdp
	--against a:b
	--repeat 3
	--packet a:1
	--save file
	--compare file
	--cases file
	END
}

@test "a command that is not there, fails, or says nothing: an error, no figure" {
	tree
	pings --case tx-xsk
	[ "$status" -eq 77 ]
	one_line_error "cannot run '$tree/$OWN': No such file"

	tree 'echo "error: something is wrong" >&2' 'exit 1'
	pings --case tx-xsk
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	one_line_error "cannot measure 'tx-xsk': it said: error: something is wrong"

	tree 'exit 0'
	pings --case tx-xsk
	[ "$status" -eq 1 ]
	one_line_error "cannot measure 'tx-xsk': it said: nothing"

	stand_in ping 'echo "ping: something is wrong" >&2' 'exit 1'
	pings --case ping
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	one_line_error "cannot measure 'ping': it said: ping: something is wrong"
}

@test "requests without an answer are counted; no answer at all is an error" {
	# What others say is made up: 10 of 50000 are missing, or all.
	stand_in ping 'echo "50000 packets transmitted, 49990 received, +2 errors, 0.02% packet loss, time 500ms"' \
		'echo "rtt min/avg/max/mdev = 0.004/0.005/0.130/0.002 ms, pipe 2, ipg/ewma 0.010/0.004 ms"'
	tree 'echo "{\"engine\": \"xsk\", \"transmitted\": 50000, \"received\": 49990, \"pps\": 1000000.0, \"rtt_us\": {\"min\": 1.0, \"avg\": 2.5, \"max\": 9.0, \"mdev\": 1.0, \"p50\": 2.0, \"p90\": 3.0, \"p99\": 4.0}, \"targets\": [{\"transmitted\": 1}]}"'
	pings --rounds 2 --json --case xsk
	[ "$status" -eq 0 ]
	[ "$(jq -c 'select(.measure) |
		[.measure, .pps, .avg_us, .p50_us, .p99_us, .max_us, .lost]' \
		<<<"$output")" = '["ping",99980,5,null,null,130,20]
["xsk",999800,2.5,2,4,9,20]' ]
	[ "$(jq -c 'select(.measure == "xsk") | .goals' <<<"$output")" = \
		'[{"of":"ping","goal":2.1,"reached":10}]' ]

	stand_in ping 'echo "1000 packets transmitted, 0 received, 100% packet loss, time 500ms"'
	pings --case ping
	[ "$status" -eq 1 ]
	one_line_error "cannot measure 'ping': no request is answered"
}

@test "nping: its answers are counted at the interface; without it it is left out" {
	# As many requests as it is told to send, less one.
	# shellcheck disable=SC2016 # the script's own variables
	stand_in nping '[ "$1" != -V ] || exit 0' \
		'while [ "$#" -gt 2 ]; do shift; [ "$1" != -c ] || count=$2; done' \
		'ping -n -q -f -c "$((count - 1))" 10.0.1.1 >/dev/null' \
		'echo "Raw packets sent: $count (560.000KB) | Rcvd: 0 (0B) | Lost: $count (100.00%)"' \
		'echo "Tx time: 0.01000s | Tx bytes/s: 2031716.55 | Tx pkts/s: 72561.31"'
	pings --json --case nping
	[ "$status" -eq 0 ]
	jq -se '.[0] | .measure == "nping" and .lost == 1 and
		.pps == (.requests - 1) * 100' <<<"$output"

	PATH=$(dirname "$(command -v ping)"):$(dirname "$(command -v ip)")
	! command -v nping >/dev/null || skip "nping is where ping is"
	pings --case nping --case ping
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	[ "$status" -eq 0 ]
	[[ $output == *"nping      left out: it is not installed"* ]]
}

@test "a signal ends it, and everything that belonged to it" {
	for signal in INT TERM KILL; do
		for who in 'ping -n -q -f' 'xdp_ping_user --json'; do
			env --default-signal=INT "$B" --ping --seconds 20 \
				--case ping --case tx-live >/dev/null 2>&1 3>&- &
			pid=$!
			wait_for running "^$who"
			kill -s "$signal" "$pid"
			wait "$pid" || true
			pid=
			gone 'bench_user --ping'
			gone "^$who"
		done
	done
}
