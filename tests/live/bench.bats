#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make bench: what it prints, and that programs find the packet they should.
# How long anything takes is no matter here.

# bats file_tags=slow

load ../helpers

B=$TOP/bench/bench_user
OBJ=$TOP/tests/live/bench_kern.o

setup_file()
{
	need_sandbox
}

setup()
{
	cd "$TOP" || return
	before=$(snapshot "$TOP/bench")
	[ -x "$TOP/bench/bench_user" ] || skip "bench_user was left out"
}

teardown()
{
	unchanged "$before" "$TOP/bench"
}

# bench OPTION...: few rounds of few runs.
bench()
{
	run --separate-stderr "$B" --rounds 3 --repeat 100 "$@"
}

# fails STATUS TEXT...: the last run, with one line of error. (A second one,
# "see --help", stands below what is wrong with an option.)
fails()
{
	[ "$status" -eq "$1" ] || { echo "status $status: $stderr" >&2; return 1; }
	stderr=$(grep -v '^see bench_user --help$' <<<"$stderr")
	# shellcheck disable=SC2034 # one_line_error reads it
	mapfile -t stderr_lines <<<"$stderr"
	one_line_error "${@:2}"
}

@test "the table: a row a case, the empty program first" {
	bench
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${lines[0]} =~ ^case\ +program\ +packet\ +ns\ +above\ +goal\ +back\ +bytes\ +insns\ +verdict$ ]]
	[[ ${lines[1]} =~ ^empty\ +-\ +-\ +[0-9.]+\ +0\.0\ .*PASS$ ]]
	[ "$(grep -cE ' (PASS|DROP|TX|REDIRECT)$' <<<"$output")" -eq \
		"$(($(grep -c '^[^#]' bench/cases) + 1))" ]
	[[ ${lines[-1]} =~ ^3\ rounds\ of\ 100\ runs\ on\ CPU\ [0-9]+\;\ others\ used\ [0-9]+\ %\ of\ all\ CPUs\ meanwhile$ ]]
}

@test "--json: an object a line, the last one of the run" {
	bench --json
	[ "$status" -eq 0 ]
	[ "$(jq -s 'length' <<<"$output")" -eq "${#lines[@]}" ]
	[ "$(jq -c 'keys' <<<"${lines[-1]}")" = \
		'["cpu","foreign_percent","kernel","repeat","rounds"]' ]
	[ "$(jq -c 'select(.case) | keys' <<<"$output" | sort -u)" = \
		'["above","case","goal","insns","jited","ns","object","packet","program","put_back","text","verdict"]' ]
	# Sizes of all but the empty program; a price where something is put back.
	jq -se 'all(.[] | select(.case and .case != "empty"); .jited > 0)' <<<"$output"
	[ "$(jq -r 'select(.put_back != null) | .case' <<<"$output" | tr '\n' ' ')" = \
		"ports-udp4 ports-udp6 ports-tcp4 ports-tcp6 vlan-pop vlan-push echo4 echo6 redirect redirect-map router4 router6 router4-direct router6-direct " ]
	# What packet03 is prepared with is there: it answers, and finds a way.
	[ "$(jq -r 'select(.case // "" | test("^echo")) | .verdict' <<<"$output" | sort -u)" = TX ]
	[ "$(jq -r 'select(.case // "" | test("^r[eo]")) | .verdict' <<<"$output" | sort -u)" = REDIRECT ]
	[ "$(jq -r 'select(.case // "" | test("^call-fib")) | .verdict' <<<"$output" | sort -u)" = PASS ]
	# The parser finds the echo request behind everything.
	[ "$(jq -r 'select(.program == "xdp_packet_parser_func") | .verdict' <<<"$output" | sort -u)" = DROP ]
}

@test "--case: a name, a pattern, several" {
	bench --json --case count --case 'ports-*4'
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.case) | .case' <<<"$output" | tr '\n' ' ')" = \
		"empty count ports-udp4 ports-tcp4 " ]
	bench --case count --case nosuch
	fails 2 "there is no case 'nosuch'"
}

@test "--save and --compare: ratios, and dashes for what is new" {
	bench --case 'p[!i]*' --save "$BATS_TEST_TMPDIR/old"
	[ "$status" -eq 0 ]
	grep -q 'SPDX-License-Identifier' "$BATS_TEST_TMPDIR/old"
	bench --case 'p[!i]*' --case count --compare "$BATS_TEST_TMPDIR/old"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *" ns/old  ab/old verdict" ]]
	[[ $(grep '^parse ' <<<"$output") =~ \ [0-9]+\.[0-9][0-9]\ +[0-9.-]+\ DROP$ ]]
	[[ $(grep '^count ' <<<"$output") =~ \ -\ +-\ PASS$ ]]
	bench --json --case parse --compare "$BATS_TEST_TMPDIR/old"
	jq -se '.[1].ns_ratio > 0 and (.[1] | has("above_ratio"))' <<<"$output"
	for stored in bench/results/*; do
		bench --case count --compare "$stored"
		[ "$status" -eq 0 ]
		[[ ! $(grep '^count ' <<<"$output") =~ \ -\ +-\ PASS$ ]]
	done
}

@test "a program that changes the packet finds it as it was, in each run" {
	# Without that it would notice: ABORTED is 0.
	need_cmd bpftool
	bpftool prog loadall "$OBJ" /sys/fs/bpf/bench
	head -c 64 /dev/zero >"$BATS_TEST_TMPDIR/zero"
	run bpftool prog run pinned /sys/fs/bpf/bench/bench_bytes_func \
		data_in "$BATS_TEST_TMPDIR/zero" data_out /dev/null repeat 2
	rm -r /sys/fs/bpf/bench
	[[ $output == *"Return value: 0,"* ]]

	for what in bytes shorter longer sometimes; do
		bench --json --repeat 20000 --against "$OBJ:bench_${what}_func" --case 'p[!i]*'
		[ "$status" -eq 0 ]
		jq -se 'map(select(.case == "peer")) | length == 8 and
			all(.[]; .verdict == "PASS" and .put_back != null)' <<<"$output"
	done
}

@test "peers: on each packet of the cases once, or on one of their own" {
	bench --json --case 'parse*' --case 'count' \
		--against basic03-map-counter/xdp_counter_kern.o:xdp_stats1_func \
		--against packet01-parsing/xdp_parse_kern.o:xdp_vlan_01
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.case == "peer") | .program + " " + .packet' <<<"$output")" = \
"xdp_stats1_func ordinary:14
xdp_stats1_func tags:37
xdp_stats1_func tags:29
xdp_stats1_func tags:40
xdp_vlan_01 ordinary:14
xdp_vlan_01 tags:37
xdp_vlan_01 tags:29
xdp_vlan_01 tags:40" ]
	bench --json --case count --packet tests/packets/icmp.pcap:3 \
		--against packet01-parsing/xdp_parse_kern.o:xdp_vlan_01
	[ "$(jq -r 'select(.case == "peer") | .packet' <<<"$output")" = icmp:3 ]
}

@test "what a program is prepared as stands behind a slash" {
	local kern=packet03-redirecting/xdp_redirect_kern.o

	bench --json --case redirect --against "$kern:xdp_redirect_func" \
		--against "$kern:xdp_redirect_func/receiver"
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.case == "peer") | .verdict' <<<"$output" | tr '\n' ' ')" = \
		"PASS REDIRECT " ]
	bench --case count --against "$kern:xdp_redirect_func/nosuch"
	fails 2 "there is no 'prepare nosuch'" "packet03-redirecting/prepare.txt"
	bench --case count --against basic03-map-counter/xdp_counter_kern.o:xdp_stats1_func/x
	fails 2 "cannot open" "basic03-map-counter/prepare.txt"
}

@test "what cannot be prepared is said" {
	local dir=$BATS_TEST_TMPDIR

	cp packet03-redirecting/xdp_redirect_kern.o "$dir"
	printf 'exit 3\n' >"$dir/fails.sh"
	while IFS='|' read -r rc text line; do
		echo "$line"
		printf 'prepare it\n%s\n' "$line" >"$dir/prepare.txt"
		bench --case router4 --against "$dir/xdp_redirect_kern.o:xdp_redirect_func/it"
		fails "$rc" "$text"
	done <<-'END'
	2|bad line 2 of|nosuch word
	2|bad line 2 of|setting redirect_ifindex
	2|bad line 2 of|setting redirect_ifindex many
	2|bad line 2 of|setting redirect_mac 02:00:0a:0b:02:0
	40|no such setting|setting nosuch 1
	40|redirect_mac|setting redirect_mac 1
	2|no map 'nosuch'|element nosuch 1 1
	2|'tx_port'|element tx_port 02:00:0a:0b:02:02 1
	1|cannot store '4000000' in map 'tx_port'|element tx_port 0 4000000
	2|cannot find|network nosuch.sh
	1|there is one|network fails.sh
	END
	printf 'prepare it\nnetwork fails.sh\n' >"$dir/prepare.txt"
	bench --case count --against "$dir/xdp_redirect_kern.o:xdp_redirect_func/it"
	fails 1 "cannot make the network" "the script has failed"
}

@test "what cannot be put back is said" {
	bench --case ports-udp4 --against "$OBJ:bench_end_func"
	fails 1 "cannot measure 'bench_end_func' on 'ordinary:1'" "moves the end"
	bench --case ports-udp4 --against "$OBJ:bench_meta_func"
	fails 1 "cannot measure 'bench_meta_func' on 'ordinary:1'" "metadata"
}

@test "bad arguments: one line, status 2" {
	while IFS='|' read -r text options; do
		echo "$options"
		eval "bench $options"
		[ -z "$output" ]
		fails 2 "$text"
	done <<-'END'
	unknown|--nosuch
	needs a value|--against
	not a whole number|--rounds 0
	not a whole number|--repeat many
	must not be empty|--case ''
	bad peer 'nocolon'|--against nocolon
	bad peer ':prog'|--against :prog
	bad peer 'obj:'|--against obj:
	--packet is for peers|--packet tests/packets/icmp.pcap:1
	bad packet 'icmp'|--against a:b --packet icmp
	bad packet 'icmp:0'|--against a:b --packet icmp:0
	bad packet 'icmp:1x'|--against a:b --packet icmp:1x
	no packet|--against a:b --packet tests/packets/icmp.pcap:24
	3 bytes|--against a:b --packet tests/packets/cut.pcap:3
	cannot open|--against a:b --packet nosuch:1
	cannot open 'nosuch'|--compare nosuch
	bad line|--compare Makefile
	bad line|--compare /dev/null
	cannot open 'nosuch'|--cases nosuch
	not 6 fields|--cases Makefile
	unexpected argument|count
	END
}

@test "no such object or program: status 40; a file that cannot be written: 1" {
	bench --case count --against nosuch.o:prog
	fails 40 "nosuch.o"
	bench --case count --against "$OBJ:nosuch"
	fails 40 "no XDP program 'nosuch'"
	bench --case count --save /nosuch/file
	fails 1 "cannot write '/nosuch/file'"
	# shellcheck disable=SC2016 # for the inner shell
	run --separate-stderr bash -c '"$1" --rounds 1 --repeat 1 >/dev/full' - "$B"
	fails 1 "No space left"
}

@test "not root: one line" {
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all "$B"
	fails 1 "cannot load the empty program" "run it as root"
}

@test "make bench hands on its options" {
	run --separate-stderr make -s bench BENCH="--json --case count --rounds 1 --repeat 10"
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.case) | .case' <<<"$output" | tr '\n' ' ')" = "empty count " ]
	run make help
	[[ $output == *"make bench "* ]]
	run -0 "$B" --help
	[[ $output == *"--against"* ]]
}
