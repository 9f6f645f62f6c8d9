#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_print_user: each packet of the lab is decoded, nobody else's lines are, and
# neither a program nor a tracing instance is left. The labs have no IPv6, so
# that nothing is sent in them but by the tests.

load ../tests/helpers

FROM=02:0a:0b:0c:0d:0e
TO=00:11:22:33:44:55

setup_file()
{
	need_sandbox
	lab t03 --ipv4-only
	lab t03b --ipv4-only
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
	runner='' other=''
}

teardown()
{
	end "$runner"
	end "$other"
	./xdp_print_user -q -d t03 --unload-all
	rm -f /run/tmp/{report,said,report2,said2,frames.pcap}
}

# attached DEV
attached()
{
	ip link show dev "$1" | grep -q 'prog/xdp'
}

# print_in LAB COMMAND...: in the background, attached; its pid is in $runner.
print_in()
{
	# A background command of bash is deaf to SIGINT.
	"$TOP/testenv/lab_user" run "${@:2}" >/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for attached "$1"
}

# has_begun: the runner is attached, or was refused
has_begun()
{
	attached t03 || has_ended "$runner"
}

# print_shared COMMAND...: as print_in, for one that reads the machine's pipe,
# which newer kernels give to one reader at a time
print_shared()
{
	local i

	for ((i = 0; i < 60; i++)); do
		"$TOP/testenv/lab_user" run "$@" >/run/tmp/report \
			2>/run/tmp/said 3>&- &
		runner=$!
		wait_for has_begun
		has_ended "$runner" || return 0
		wait "$runner" || grep -q 'somebody else reads it' /run/tmp/said ||
			return
		sleep 0.5
	done
	skip "somebody reads the machine's trace pipe all the time"
}

# send LAB COUNT TYPE...: so many frames of each EtherType, 200 at most: there is
# room for them in a veth, should its receiver be late. All on one CPU.
send()
{
	"$TOP/testenv/testenv.sh" exec --name "$1" python3 - "$TO$FROM" "${@:2}" <<-'END'
	import os, socket, sys

	os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
	out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
	out.bind(("veth0", 0))
	for name in sys.argv[3:]:
	    header = bytes.fromhex(sys.argv[1].replace(":", "") + name)
	    for _ in range(int(sys.argv[2])):
	        out.send(header + bytes(46))
	END
}

# received N: so many packets have come to t03
received()
{
	[ "$(</sys/class/net/t03/statistics/rx_packets)" -ge "$1" ]
}

# send_in_bursts N: 200 frames each, the next when the last have arrived
send_in_bursts()
{
	local start i

	start=$(</sys/class/net/t03/statistics/rx_packets)
	for ((i = 1; i <= $1; i++)); do
		send t03 200 0800
		wait_for received "$((start + 200 * i))"
	done
}

# shows N [FILE]: so many packets are in the report
shows()
{
	[ "$(grep -c '^src: ' "${2-/run/tmp/report}")" -eq "$1" ]
}

# ended [SIGNAL]: the runner, with status 0
ended()
{
	kill -s "${1-TERM}" "$runner"
	wait "$runner"
	runner=''
}

# summed: the last line of the report is about the lines before it. The other end of
# a lab may have something of its own to send now and then.
summed()
{
	local lines

	lines=$(wc -l </run/tmp/report)
	[ "$(tail -n 1 /run/tmp/report)" = "$((lines - 1)) packets, 0 lines lost" ] && return
	cat /run/tmp/report >&2
	return 1
}

# instances: those that this sandbox has; 0 where tracefs does not show
instances()
{
	find /sys/kernel/tracing/instances -maxdepth 1 -name "$SANDBOX_ID-*" |
		wc -l
}

# nothing_left: of what a run makes
nothing_left()
{
	rm -f /run/tmp/{report,said,report2,said2,frames.pcap}
	[ "$(instances)" -eq 0 ]
	unchanged "$before"
}

# bats test_tags=kernel
@test "addresses and EtherTypes are those that were sent, native and in skb mode" {
	need_cmd python3
	for mode in -N -S; do
		print_in t03 ./xdp_print_user -d t03 $mode
		send t03 1 0800 0806 86dd 8100 88a8 8847 8864 88cc 888e 88f7 \
			1234 ffff 0026 05dc 05dd
		wait_for shows 15
		ended
		[ "$(cat /run/tmp/report)" = "$(sed "s/^0x/src: $FROM dst: $TO proto: &/" <<-'END'
			0x0800 (IPv4)
			0x0806 (ARP)
			0x86dd (IPv6)
			0x8100 (802.1Q)
			0x88a8 (802.1ad)
			0x8847 (MPLS)
			0x8864 (PPPoE)
			0x88cc (LLDP)
			0x888e (EAPOL)
			0x88f7 (PTP)
			0x1234 (unknown)
			0xffff (unknown)
			0x0026 (length)
			0x05dc (length)
			0x05dd (unknown)
			15 packets, 0 lines lost
		END
		)" ]
	done
	nothing_left
}

@test "addresses of zeros and of ones lose no digit" {
	need_cmd python3
	for addresses in 00:00:00:00:00:00/00:00:00:00:00:01 \
		ff:ff:ff:ff:ff:ff/fe:00:00:00:00:00; do
		TO=${addresses%/*} FROM=${addresses#*/}
		print_in t03 ./xdp_print_user -d t03 -n 1
		send t03 1 0001
		wait "$runner"
		runner=''
		grep -qx "src: $FROM dst: $TO proto: 0x0001 (length)" /run/tmp/report
	done
}

@test "each packet is one line, and nothing is lost" {
	need_cmd python3
	print_in t03 ./xdp_print_user -d t03
	for count in 200 400 600; do
		send t03 200 0800
		wait_for shows "$count"
	done
	ended
	[ "$(tail -n 1 /run/tmp/report)" = "600 packets, 0 lines lost" ]
	[ "$(uniq /run/tmp/report | wc -l)" -eq 2 ]
	nothing_left
}

@test "what is sent before a signal is shown after it" {
	need_cmd python3
	print_in t03 ./xdp_print_user -d t03
	# It does not read, and finds the signal and the lines together.
	kill -STOP "$runner"
	send_in_bursts 4
	kill -TERM "$runner"
	kill -CONT "$runner"
	wait "$runner"
	runner=''
	[ "$(tail -n 1 /run/tmp/report)" = "800 packets, 0 lines lost" ]
	shows 800
}

@test "lines that the buffer had no room for are counted: shown and lost are all" {
	need_cmd python3 jq
	print_in t03 ./xdp_print_user -d t03 --json
	kill -STOP "$runner"
	for file in /sys/kernel/tracing/instances/"$SANDBOX_ID"-*/buffer_size_kb; do
		echo 4 >"$file"
	done
	send_in_bursts 3
	kill -CONT "$runner"
	wait_for grep -q '"lost"' /run/tmp/report
	ended
	jq -s -e '(last | .total and .lost > 0 and .packets > 0 and
		.packets + .lost == 600) and
		(map(select(.src)) | length) == last.packets and
		(.[:-1] | map(.lost) | add) == last.lost' /run/tmp/report
	print_in t03 ./xdp_print_user -d t03
	kill -STOP "$runner"
	for file in /sys/kernel/tracing/instances/"$SANDBOX_ID"-*/buffer_size_kb; do
		echo 4 >"$file"
	done
	send t03 200 0800
	kill -CONT "$runner"
	wait_for grep -q '^lost: ' /run/tmp/report
	ended
	[[ $(tail -n 1 /run/tmp/report) =~ ^([0-9]+)' packets, '([0-9]+)' lines lost'$ ]]
	[ "$((BASH_REMATCH[1] + BASH_REMATCH[2]))" -eq 200 ]
	nothing_left
}

@test "two at once see their own interface only" {
	need_cmd python3
	./xdp_print_user -d t03b >/run/tmp/report2 2>/run/tmp/said2 3>&- &
	other=$!
	wait_for attached t03b
	print_in t03 ./xdp_print_user -d t03
	[ "$(instances)" -eq 2 ]
	send t03 50 0800
	send t03b 70 86dd
	wait_for shows 50
	wait_for shows 70 /run/tmp/report2
	ended
	send t03b 1 0806
	wait_for shows 71 /run/tmp/report2
	kill "$other"
	wait "$other"
	other=''
	[ "$(tail -n 1 /run/tmp/report)" = "50 packets, 0 lines lost" ]
	[ "$(grep -c IPv4 /run/tmp/report)" -eq 50 ]
	[ "$(tail -n 1 /run/tmp/report2)" = "71 packets, 0 lines lost" ]
	[ "$(grep -c IPv6 /run/tmp/report2)" -eq 70 ]
	nothing_left
}

# bats test_tags=kernel
@test "what other programs print is neither shown, nor does it push ours out" {
	need_cmd python3 taskset
	need_feature prog_run
	print_in t03 ./xdp_print_user -d t03 -v
	# The same program, which nobody has given a tag, and different text.
	../testing01-prog-run/xdp_run_user -q --filename xdp_print_kern.o \
		--in ../tests/packets/ordinary.pcap
	kill -STOP "$runner"
	send t03 3 0800
	# More than there is room for in the buffer of a CPU
	taskset -c 0 ./xdp_cost_user --repeat 5000 >/dev/null
	kill -CONT "$runner"
	wait_for shows 3
	ended
	[ "$(tail -n 1 /run/tmp/report)" = "3 packets, 0 lines lost" ]
	# The raw lines of -v are our three.
	[ "$(grep -c '^debug: line:' /run/tmp/said)" -eq 3 ]
	[ "$(grep -c ' bpf_trace_printk: xdp_print [89a-f][0-9a-f]\{7\}: 1122334455 20a0b0c0d0e0800$' \
		/run/tmp/said)" -eq 3 ]
	nothing_left
}

# sends_until N: frames until that many are shown
sends_until()
{
	send t03 1 0800
	[ "$(grep -c '^src: ' /run/tmp/report)" -ge "$1" ]
}

# bats test_tags=kernel
@test "--global-pipe: lines of ours from among everybody's" {
	need_cmd python3
	need_feature prog_run
	print_shared ./xdp_print_user -d t03 --global-pipe -v
	[ "$(instances)" -eq 0 ]
	# A second one beside it: it depends on the kernel.
	run --separate-stderr ./xdp_print_user -d t03b -q --global-pipe --duration 0.1
	[ "$status" -eq 0 ] ||
		one_line_error "cannot open the trace pipe: somebody else reads it"
	[ "$status" -le 1 ]
	run ! attached t03b
	../testing01-prog-run/xdp_run_user -q --filename xdp_print_kern.o \
		--in ../tests/packets/ordinary.pcap
	# Whoever else reads the pipe now may take some.
	wait_for sends_until 3
	ended
	run ! grep -v -x -e "src: $FROM dst: $TO proto: 0x0800 (IPv4)" \
		-e '[0-9]* packets, [0-9]* lines lost' -e 'lost: [0-9]* lines' \
		/run/tmp/report
	[ "$(grep '^debug: line:' /run/tmp/said | sed 's/.*xdp_print \([^:]*\):.*/\1/' |
		sort -u | wc -l)" -eq 1 ]
	run ! grep '^warning' /run/tmp/said
	nothing_left
}

@test "where no instance can be made it reads the global pipe, and says so" {
	need_cmd python3
	# What is mounted in there is a folder without events, or read-only.
	for mount in "-t tmpfs none" "-t tmpfs -o ro none"; do
		print_shared unshare --mount sh -c "mount $mount \
			/sys/kernel/tracing/instances && exec ./xdp_print_user -q -j -d t03"
		[[ $(</run/tmp/said) =~ ^"warning: no tracing instance of our own ("[A-Z].*"): reading the pipe that all share"$ ]]
		for _ in 1 2 3 4 5; do
			send t03 1 0800
		done
		ended
		grep -q '"total": true' /run/tmp/report
	done
	nothing_left
}

@test "without a mounted tracefs it is the same" {
	need_cmd python3
	# shellcheck disable=SC2016 # for the inner shell
	print_in t03 unshare --mount sh -c '
		for place in debug/tracing debug tracing; do
			umount "/sys/kernel/$place" 2>/dev/null
		done
		[ ! -e /sys/kernel/tracing/trace_pipe ] || exit
		exec ./xdp_print_user -d t03'
	[ "$(instances)" -eq 1 ]
	send t03 5 0800
	wait_for shows 5
	ended
	[ "$(tail -n 1 /run/tmp/report)" = "5 packets, 0 lines lost" ]
	run ! grep trace /run/tmp/said
	nothing_left
}

@test "--count and --duration end it with status 0" {
	need_cmd python3
	print_in t03 ./xdp_print_user -d t03 -n 7
	send t03 20 0800
	wait "$runner"
	runner=''
	[ "$(tail -n 1 /run/tmp/report)" = "7 packets, 0 lines lost" ]
	shows 7
	./xdp_print_user -d t03 --duration 0.2 >/run/tmp/report
	summed
	nothing_left
}

@test "a signal ends it with status 0, and nothing is left" {
	for name in INT TERM HUP; do
		print_in t03 ./xdp_print_user -d t03
		ended $name
		summed
		run ! attached t03
		nothing_left
	done
}

@test "one that was killed leaves an instance, which the next one removes" {
	print_in t03 ./xdp_print_user -d t03
	kill -KILL "$runner"
	rc=0
	wait "$runner" || rc=$?
	runner=''
	[ "$rc" -eq 137 ]
	[ "$(instances)" -eq 1 ]
	./xdp_print_user -q -d t03 --unload
	./xdp_print_user -q -d t03 --duration 0.1
	nothing_left
}

@test "an instance that is in use stays, also where its process is not seen" {
	need_cmd python3
	print_in t03 ./xdp_print_user -d t03
	unshare --pid --fork --mount-proc ./xdp_print_user -q -d t03b --duration 0.1
	[ "$(instances)" -eq 1 ]
	send t03 5 0800
	wait_for shows 5
	ended
	nothing_left
}

@test "an interface that goes away ends it with status 1 and one line" {
	lab t03c --ipv4-only
	print_in t03c ./xdp_print_user -q -d t03c
	ip link del dev t03c
	rc=0
	wait "$runner" || rc=$?
	runner=''
	"$TOP/testenv/testenv.sh" teardown --name t03c
	[ "$rc" -eq 1 ]
	grep -qx "error: interface 't03c' is gone" /run/tmp/said
	[ "$(instances)" -eq 0 ]
}

@test "a program put in place of ours is left alone" {
	print_in t03 ./xdp_print_user -q -d t03
	../basic01-xdp-pass/xdp_pass_user -q -d t03 --force
	rc=0
	wait "$runner" || rc=$?
	runner=''
	[ "$rc" -eq 30 ]
	grep -q "^error: id [0-9]* is no longer attached to 't03'$" /run/tmp/said
	attached t03
	[ "$(instances)" -eq 0 ]
}

@test "a closed output ends it with status 1, with packets or without" {
	need_cmd python3
	for packets in 0 1; do
		mkfifo /run/tmp/pipe
		./xdp_print_user -q -j -d t03 >/run/tmp/pipe 2>/run/tmp/said 3>&- &
		runner=$!
		{ wait_for attached t03; } </run/tmp/pipe
		rm /run/tmp/pipe
		[ "$packets" -eq 0 ] || send t03 "$packets" 0800
		rc=0
		wait "$runner" || rc=$?
		runner=''
		[ "$rc" -eq 1 ]
		grep -qx 'error: cannot write to standard output: Broken pipe' /run/tmp/said
		run ! attached t03
		nothing_left
	done
}

@test "as JSON, and quietly" {
	need_cmd python3 jq
	print_in t03 ./xdp_print_user -d t03 -j -n 2
	send t03 1 8100 1234
	wait "$runner"
	runner=''
	jq -s -e --arg src "$FROM" --arg dst "$TO" 'length == 3 and
		(.[0] | .ifname == "t03" and .time > 1e9 and .src == $src and
			.dst == $dst and .proto == 33024 and .name == "802.1Q") and
		(.[1] | .proto == 4660 and .name == null) and
		(.[2] | .packets == 2 and .lost == 0 and .total)' /run/tmp/report
	print_in t03 ./xdp_print_user -d t03 -q -n 2
	send t03 2 0800
	wait "$runner"
	runner=''
	[ ! -s /run/tmp/report ]
	[ ! -s /run/tmp/said ]
	nothing_left
}

@test "an object that knows no tag, and values that are none" {
	run --separate-stderr ./xdp_print_user -d t03 --filename ../basic01-xdp-pass/xdp_pass_kern.o
	[ "$status" -eq 40 ]
	one_line_error "'print_tag'"
	run --separate-stderr ./xdp_print_user -d t03 --progname nosuch
	[ "$status" -eq 40 ]
	one_line_error "there is: xdp_prog_simple"
	for bad in "-n 0" "--duration 0" "-d nosuch"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_print_user -d t03 $bad
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} == "error: bad value "* ]]
	done
	run --separate-stderr ./xdp_print_user --list
	[ "$status" -eq 0 ]
	[[ ${lines[1]} == "xdp_prog_simple "* ]]
	nothing_left
}

# bats test_tags=kernel
@test "beside another program" {
	need_feature dispatcher
	need_cmd python3
	../basic01-xdp-pass/xdp_pass_user -q -d t03
	"$TOP/testenv/lab_user" run ./xdp_print_user -d t03 -n 3 \
		>/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for sends_until 3
	wait "$runner"
	runner=''
	grep -qx "3 packets, 0 lines lost" /run/tmp/report
	attached t03
}

# bats test_tags=kernel
@test "xdp_cost_user measures each way to print" {
	need_feature prog_run
	run --separate-stderr ./xdp_cost_user --repeat 100
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 6 ]
	for number in 2 4 5; do
		[[ ${lines[number - 1]} =~ \ [0-9]+\.[0-9]\ +[0-9]+$ ]]
	done
	nothing_left
}
