#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make bench BENCH=--live: each case carries packets, those that are wrong or
# never arrive are an error, and nothing is left of it. How many they are is no
# matter here.

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
	need_feature live_frames
}

teardown()
{
	end "$pid"
	unchanged "$before" "$TOP/bench"
}

# live OPTION...: few short rounds.
live()
{
	run --separate-stderr "$B" --live --rounds 1 --seconds 0.02 "$@"
	# Shown where a test fails.
	printf '%s\n' "status $status" "$stderr"
}

# table LINE...: a table with these cases after those that are always measured.
table()
{
	{
		grep -E '^(drop|forward[46]) ' bench/cases-live
		printf '%s\n' "$@"
	} >"$BATS_TEST_TMPDIR/cases"
}

# cases: the names in the table of cases, in its order
cases()
{
	sed -n 's/^\([^# ]*\) .*/\1/p' bench/cases-live
}

@test "the table: each case of bench/cases-live carries packets" {
	live
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${lines[0]} =~ ^case\ +program\ +frame\ +Mpps\ +ns\ +x\ drop\ +x\ fwd\ +lost%\ +goals$ ]]
	[[ ${lines[1]} =~ ^drop\ +XDP_DROP\ +udp4\ +[0-9.]+\ +[0-9]+\ +1\.00\ +[0-9.]+\ +0\.0$ ]]
	[ "$(sed '/^$/,$d' <<<"$output" | awk 'NR > 1 { print $1 }')" = "$(cases)" ]
	[[ $(grep '^router4 ' <<<"$output") =~ \ drop\ [0-9.]+\ \(0\.44\),\ forward4\ [0-9.]+\ \(2\.40\)$ ]]
	[[ ${lines[-1]} =~ ^1\ rounds\ of\ 0\.02\ s\ on\ CPU\ [0-9]+\;\ others\ used\ [0-9]+\ %\ of\ all\ CPUs\ meanwhile$ ]]
}

@test "--json: an object a line, the last one of the run" {
	live --json --rounds 3
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.case) | .case' <<<"$output")" = "$(cases)" ]
	[ "$(jq -c 'keys' <<<"${lines[-1]}")" = \
		'["cpu","foreign_percent","frame_length","kernel","rounds","seconds"]' ]
	[ "$(jq -c 'select(.case) | keys' <<<"$output" | sort -u)" = \
		'["case","frame","goals","lost_percent","mpps","object","of_drop","of_forward","program","text"]' ]
	jq -se 'all(.[] | select(.case); .mpps > 0 and .of_drop > 0 and
		.of_forward > 0 and .lost_percent >= 0 and .lost_percent < 100 and
		all(.goals[]; .goal > 0 and .reached > 0))' <<<"$output"
	# What is compared with itself.
	jq -se '.[0].case == "drop" and .[0].of_drop == 1 and
		.[1].case == "forward4" and .[1].of_forward == 1' <<<"$output"
}

@test "--case: with what it is compared with" {
	live --json --case 'echo*'
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.case) | .case' <<<"$output" | tr '\n' ' ')" = \
		"drop forward4 forward6 tx echo4 echo6 " ]
	live --case 'echo*' --case nosuch
	[ "$status" -eq 2 ]
	one_line_error "there is no case 'nosuch'"
}

@test "--save and --compare: ratios, and dashes for what is new" {
	live --case tx --save "$BATS_TEST_TMPDIR/old"
	[ "$status" -eq 0 ]
	grep -q 'SPDX-License-Identifier' "$BATS_TEST_TMPDIR/old"
	live --case tx --case redirect --compare "$BATS_TEST_TMPDIR/old"
	[ "$status" -eq 0 ]
	[[ $(grep '^tx ' <<<"$output") =~ \ [0-9]+\.[0-9]\ +[0-9]+\.[0-9][0-9]\ +[0-9]+\.[0-9][0-9]\ +drop ]]
	[[ $(grep '^redirect ' <<<"$output") =~ \ [0-9]+\.[0-9]\ +-\ +-\ +drop ]]
	live --json --case tx --compare "$BATS_TEST_TMPDIR/old"
	jq -se '.[0].mpps_ratio > 0 and .[0].of_drop_ratio == 1' <<<"$output"
}

@test "frames that never arrive are an error, and no figure" {
	table "lost - XDP_DROP out udp4 - dropped on the way"
	live --cases "$BATS_TEST_TMPDIR/cases"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	one_line_error "cannot measure 'lost': of " " frames that came in "
}

@test "frames that arrive and are not right are an error, and no figure" {
	# Each is another word than the program's own: what is sent back is no
	# answer, what the kernel forwards has a hop less, what is redirected
	# keeps its hops, and what goes out as it is another receiver.
	# (Where they differ first, their MAC addresses say, which are random.)
	while read -r case; do
		echo "$case"
		table "wrong $case - text"
		live --cases "$BATS_TEST_TMPDIR/cases"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		one_line_error "cannot measure 'wrong': byte " " of what arrives is "
	done <<-'END'
	- XDP_TX echo echo4
	- XDP_PASS out udp4
	- XDP_REDIRECT redirect udp6
	END
}

@test "bad tables and arguments: one line, status 2" {
	while IFS='|' read -r case text; do
		echo "$case"
		table "$case"
		live --cases "$BATS_TEST_TMPDIR/cases"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		one_line_error "$text"
	done <<-'END'
	few - XDP_TX back udp4 -|bad line 4 of the table of cases: not 7 fields
	way - XDP_TX nosuch udp4 - text|bad case 'way': no way 'nosuch'
	frame - XDP_TX back tcp4 - text|bad case 'frame': no way 'back', no frame 'tcp4'
	goal - XDP_TX back udp4 drop text|bad case 'goal'
	base - XDP_TX back udp4 nosuch:1 text|there is no case 'nosuch'
	verdict - XDP_MAYBE back udp4 - text|bad case 'verdict': no verdict 'XDP_MAYBE'
	END
	while IFS='|' read -r options text; do
		echo "$options"
		eval "live $options"
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} == "error: "*"$text"* ]]
	done <<-'END'
	--against a:b|are not for --live
	--repeat 3|are not for --live
	--packet a:1|are not for --live
	--seconds 0|--seconds
	--cases nosuch|cannot open 'nosuch'
	--compare nosuch|cannot open 'nosuch'
	END
	run --separate-stderr "$B" --seconds 1
	[ "$status" -eq 2 ]
	one_line_error "--seconds is for --live"
}

@test "no such object: status 40; a file that cannot be written: 1" {
	table "none nosuch_kern.o nosuch back udp4 - text"
	live --cases "$BATS_TEST_TMPDIR/cases"
	[ "$status" -eq 40 ]
	one_line_error "nosuch_kern.o"
	live --case tx --save /nosuch/file
	[ "$status" -eq 1 ]
	one_line_error "cannot write '/nosuch/file'"
}

@test "a signal ends it, and everything that belonged to it" {
	for signal in INT TERM HUP KILL; do
		env --default-signal=INT "$B" --live --case tx --seconds 20 >/dev/null 2>&1 3>&- &
		pid=$!
		# Two processes: the one that sends is at work.
		wait_for two_of_them
		kill -s "$signal" "$pid"
		wait "$pid" || true
		pid=
		gone 'bench_user --live'
		unchanged "$before" "$TOP/bench"
	done
}

two_of_them()
{
	[ "$(running 'bench_user --live' | wc -l)" -eq 2 ]
}

@test "two at once" {
	"$B" --live --rounds 2 --seconds 0.02 --case tx --json \
		>"$BATS_TEST_TMPDIR/other" 3>&- &
	pid=$!
	live --case tx --rounds 2
	[ "$status" -eq 0 ]
	wait "$pid"
	pid=
	jq -se 'all(.[] | select(.case); .mpps > 0)' "$BATS_TEST_TMPDIR/other"
}

@test "without live frames, and without root: one line" {
	run --separate-stderr old_kernel 10:22 "$B" --live
	[ "$status" -eq 77 ]
	one_line_error "live_frames"
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all "$B" --live
	[ "$status" -eq 1 ]
	one_line_error "try it as root"
}

@test "make bench hands --live on" {
	run --separate-stderr make -s bench \
		BENCH="--live --json --case tx --rounds 1 --seconds 0.02"
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.case) | .case' <<<"$output" | tr '\n' ' ')" = \
		"drop forward4 forward6 tx " ]
	run -0 "$B" --help
	[[ $output == *"--live"* ]]
}
