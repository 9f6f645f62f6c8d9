#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_events_user: no event is gone without being counted, whichever way it
# takes; who is woken when; and the events of an interface, to the byte.

load ../tests/helpers

RING='"output" "reserve" "reserve-each" "reserve-batch" "bytes" "dynptr"'
PERF='"perf" "perf-batch" "perf-bytes"'

setup_file()
{
	need_sandbox
	# Nobody in there speaks by himself.
	lab tr4 --ipv4-only
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --all
}

setup()
{
	mkdir -p /sys/fs/bpf/xdp
	cd "$BATS_TEST_DIRNAME" || return
	before=$(snapshot)
	runner=''
}

teardown()
{
	[ -z "$runner" ] || kill -CONT "$runner"
	end "$runner"
	rm -f /run/tmp/{report,said,sent}
}

inside()
{
	"$TOP/testenv/testenv.sh" exec --name tr4 "$@"
}

# compare ARGUMENT...: what it prints is in /run/tmp/report
compare()
{
	need_cmd jq
	./xdp_events_user --json "$@" >/run/tmp/report
}

# all FILTER, rows WAYS FILTER: it is so of all ways, or of those in WAYS
all()
{
	jq -se "length > 0 and all($1)" /run/tmp/report || {
		cat /run/tmp/report >&2
		return 1
	}
}

rows()
{
	local names=${1// /,}

	all "(.way as \$w | [$names] | index(\$w)) == null or ($2)"
}

# wakeups WAY
wakeups()
{
	jq "select(.way == \"$1\").wakeups" /run/tmp/report
}

# watching ARGUMENT...: the events of tr4 go to /run/tmp/report
watching()
{
	rm -f /run/tmp/report /run/tmp/said
	# A background command of bash is deaf to SIGINT.
	"$TOP/testenv/lab_user" run ./xdp_events_user -d tr4 --duration 90 "$@" \
		>/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for grep -q '^note: attached ' /run/tmp/said
}

# has_lines COUNT: so many events have been printed
has_lines()
{
	[ "$(wc -l </run/tmp/report)" -ge "$1" ]
}

# ended: by itself, or by the signal it was sent, with status 0
ended()
{
	wait "$runner"
	runner=''
}

# send FIRST LAST [COPIES]: frames of all these lengths from inside, one to a
# line of /run/tmp/sent as well
send()
{
	inside python3 - "$@" >/run/tmp/sent <<-'END'
	import os, random, socket, sys

	# Of several CPUs a perf buffer keeps no order.
	os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
	out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
	out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
	out.bind(("veth0", 0))
	for copy in range(int((sys.argv + ["1"])[3])):
	    for length in range(int(sys.argv[1]), int(sys.argv[2]) + 1):
	        frame = bytes(12) + b"\x88\xb5" + random.randbytes(length - 14)
	        out.send(frame)
	        print(frame.hex())
	END
}

# came COUNT: so many packets have come to the interface since $packets
came()
{
	[ "$(($(packets) - packets))" -ge "$1" ]
}

packets()
{
	ip -s -j link show dev tr4 | jq '.[0].stats64.rx.packets'
}

# bats test_tags=kernel
@test "each way: every event is received, in buffers that hold them all" {
	need_feature perf_buffer dynptr
	compare --count 2000 --rate 100000 --size 1024
	[ "$(jq -sc '[.[].way]' /run/tmp/report)" = "[${PERF// /,},${RING// /,}]" ]
	all '.packets == 2000 and .events == 2000 and .received == 2000 and .lost == 0'
	all '.time > 1e9 and .period > 0 and .ns > 0 and .cpu >= 0 and .latency > 0'
	rm /run/tmp/report
	unchanged "$before"
}

# bats test_tags=kernel
@test "what does not fit is lost, and counted: events are received and lost ones" {
	need_feature perf_buffer dynptr
	[ "$(getconf PAGESIZE)" = 4096 ] || skip "no pages of 4096 bytes here"
	compare --count 1000 --max --size 4 --every 200
	all '.packets == 1000 and .events == 1000 and .received + .lost == 1000'
	all '.lost > 0 and .wakeups == 0'
	# 72 bytes of event and 8 of header; with 64 of packet 144
	rows '"output" "reserve" "reserve-each" "reserve-batch"' '.received >= 51'
	rows '"bytes" "dynptr"' '.received >= 28'
	# One for each CPU: 88 bytes, with the packet 152
	rows '"perf" "perf-batch"' '.received >= 46'
	rows '"perf-bytes"' '.received >= 26'
	rows "$RING" '.memory == 3 * 4096'
	rows "$PERF" '.memory == .cpus * 2 * 4096'
}

# bats test_tags=kernel
@test "the ring buffer keeps the order of all CPUs, perf buffers that of each" {
	need_feature perf_buffer dynptr
	compare --count 2000 --max --size 1024 --every 100
	all '.lost == 0 and .received == 2000'
	rows "$RING" '.out_of_order == 0'
	if [ "$(nproc)" -gt 1 ]; then
		rows "$PERF" '.out_of_order > 0 and .cpus > 1'
	else
		rows "$PERF" '.out_of_order == 0 and .cpus == 1'
	fi
	# On one CPU there is one order.
	need_cmd taskset
	taskset -c 0 ./xdp_events_user --json --count 1000 --max --every 100 \
		--size 1024 >/run/tmp/report
	all '.out_of_order == 0 and .cpus == 1 and .received == 1000'
}

@test "while it is read at once: no ring is out of order, every event counted" {
	compare --count 20000 --rate 50000 -w reserve,reserve-batch,output,bytes
	all '.events == 20000 and .received + .lost == 20000 and .out_of_order == 0'
	# From all CPUs at the same time likewise, but for the order.
	compare --count 20001 --max --at-once --size 4
	all '.packets == 20001 and .events == 20001 and .received + .lost == 20001'
}

# bats test_tags=kernel
@test "a batch wakes the reader less often than each event does" {
	need_feature perf_buffer
	compare -w perf,perf-batch,reserve-each,reserve-batch --rate 2000 \
		--count 1000 --batch 30
	all '.received == 1000 and .lost == 0'
	[ "$(wakeups perf-batch)" -lt "$(wakeups perf)" ]
	[ "$(wakeups reserve-batch)" -lt "$(wakeups reserve-each)" ]
	[ "$(wakeups reserve-batch)" -gt 0 ]
	[ "$(wakeups perf-batch)" -gt 0 ]
}

@test "nobody is woken who reads all the time" {
	compare -w perf,reserve,reserve-each,bytes --busy --count 500
	all '.wakeups == 0 and .received == 500'
}

# bats test_tags=kernel
@test "the last event arrives, also where a batch never fills" {
	need_feature perf_buffer
	compare -w perf-batch,reserve-batch --count 7 --batch 1000000
	all '.received == 7 and .events == 7'
	for way in perf-batch reserve-batch; do
		watching -w $way --json
		send 60 62
		wait_for has_lines 3
		kill "$runner"
		ended
		[ "$(jq -sc '[.[].len]' /run/tmp/report)" = '[60,61,62]' ]
		grep -qx 'note: 3 events, 0 lost, 0 out of order' /run/tmp/said
	done
	rm /run/tmp/{report,said,sent}
	unchanged "$before"
}

# bats test_tags=kernel
@test "packets of any length, byte for byte" {
	need_feature perf_buffer dynptr
	need_cmd jq python3
	for way in bytes dynptr perf-bytes; do
		# All of them fit in: nothing is lost, however slow the reader.
		watching -w $way --json --size 4096 --count 1501
		send 14 1514
		ended
		diff <(jq -r .bytes /run/tmp/report) /run/tmp/sent
		jq -se 'all(.len * 2 == (.bytes | length))' /run/tmp/report
		grep -qx 'note: 1501 events, 0 lost, 0 out of order' /run/tmp/said
	done
	# And no more of them than is asked for
	for way in bytes dynptr perf-bytes; do
		watching -w $way --json --bytes 65 --count 101
		send 14 114
		ended
		diff <(jq -r .bytes /run/tmp/report) <(cut -c 1-130 /run/tmp/sent)
		[ "$(jq -s 'last.len' /run/tmp/report)" = 114 ]
	done
}

# bats test_tags=kernel
@test "a reader that stands still: what has no room is lost, and counted" {
	need_feature perf_buffer
	need_cmd jq python3
	[ "$(getconf PAGESIZE)" = 4096 ] || skip "no pages of 4096 bytes here"
	for way in reserve:51 output:51 perf:46; do
		watching -w ${way%:*} --json --size 4
		kill -STOP "$runner"
		packets=$(packets)
		# From one CPU: so one of perf's buffers takes it all.
		send 60 60 200
		wait_for came 200
		kill -CONT "$runner"
		wait_for has_lines "${way#*:}"
		kill "$runner"
		ended
		read -r _ got _ lost _ <<<"$(tail -n 1 /run/tmp/said)"
		[ "$((got + lost))" -eq 200 ]
		[ "$lost" -gt 0 ]
		# A program may have run on either CPU.
		[ "$got" -ge "${way#*:}" ]
		[ "$(jq -sc '[.[].seq][:46]' /run/tmp/report)" = \
			"[$(seq -s, 0 45)]" ] || [ "${way%:*}" = perf ]
	done
}

@test "an event says what packet it was, and when" {
	need_cmd jq
	for way in reserve output perf; do
		now=$(date +%s)
		watching -w $way --json --count 3
		"$TOP/testenv/testenv.sh" ping --name tr4 -4 -c 3 -i 0.05 -W 10 >/dev/null
		ended
		jq -se 'all(.ifname == "tr4" and .queue == 0 and .len == 98 and
			.eth_proto == 2048 and .ip_proto == 1 and .bytes == "" and
			.source == "10.11.1.2" and .dest == "10.11.1.1")' \
			/run/tmp/report
		jq -se "all(.time >= $now and .time < $now + 60)" /run/tmp/report
		[ "$(jq -sc '[.[].seq]' /run/tmp/report)" = '[0,1,2]' ]
	done
	watching --count 1
	send 100 100
	ended
	[[ $(</run/tmp/report) =~ ^[0-9:.]+" #0 queue 0, 100 bytes: EtherType 0x88b5"$ ]]
	for proto in udp tcp; do
		watching --count 1
		# shellcheck disable=SC2016 # for the inner shell
		"$TOP/testenv/testenv.sh" exec --name tr4 bash -c \
			'echo >"/dev/$1/10.11.1.1/9"' sh $proto 2>/dev/null || true
		ended
		[[ $(</run/tmp/report) =~ " bytes: ${proto^^} 10.11.1.2:"[0-9]+" > 10.11.1.1:9"$ ]]
	done
}

# has_a_load: the thread that makes it runs
has_a_load()
{
	[ "$(find "/proc/$runner/task" -mindepth 1 -maxdepth 1 | wc -l)" -gt 1 ]
}

@test "signals, --count and --duration end it with status 0, and nothing is left" {
	need_cmd python3
	for signal in INT TERM HUP; do
		watching
		kill -s $signal "$runner"
		ended
		./xdp_events_user --duration 1000 -w reserve >/run/tmp/report 3>&- &
		runner=$!
		wait_for has_a_load
		kill -s TERM "$runner"
		ended
		grep -q ^reserve /run/tmp/report
	done
	watching --duration 0.3
	ended
	watching --count 2
	send 60 69
	ended
	[ "$(wc -l </run/tmp/report)" -eq 2 ]
	rm /run/tmp/{report,said,sent}
	unchanged "$before"
}

@test "killed, it leaves no load behind" {
	./xdp_events_user --duration 1000 >/run/tmp/report 3>&- &
	runner=$!
	wait_for grep -q 'xdp_events_user' /proc/$runner/comm
	kill -KILL "$runner"
	rc=0
	wait "$runner" || rc=$?
	runner=''
	[ "$rc" -eq 137 ]
	rm /run/tmp/report
	unchanged "$before"
}

# has_program: one is attached to tr4, or a dispatcher
has_program()
{
	ip link show dev tr4 | grep -q 'prog/xdp id'
}

@test "what a killed one leaves attached is taken off by --unload, by its id or all" {
	for how in '-U' '--unload ID' '--unload-all'; do
		watching
		# The program that watches, not what it was started with.
		kill -KILL "$(running '^./xdp_events_user -d tr4 ')"
		wait "$runner" || :
		runner=''
		has_program
		run --separate-stderr ./xdp_events_user -d tr4 --unload 4294967295
		[ "$status" -eq 30 ]
		[[ $stderr =~ "attached there is "([0-9]+)" ('xdp_reserve_func')"$ ]]
		id=${BASH_REMATCH[1]}
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_events_user -d tr4 ${how/ID/$id}
		[ "$status" -eq 0 ]
		[ "$output" = "detached id $id ('xdp_reserve_func') from 'tr4'" ]
		run has_program
		[ "$status" -eq 1 ]
	done
	rm /run/tmp/{report,said}
	unchanged "$before"
	# Nothing is there any more.
	run --separate-stderr ./xdp_events_user -d tr4 --unload
	[ "$status" -eq 30 ]
	one_line_error
	run --separate-stderr ./xdp_events_user -d tr4 --unload-all
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	for which in -U '--unload 5' --unload-all; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_events_user $which
		[ "$status" -eq 2 ]
		one_line_error "missing --dev IFNAME"
	done
}

# bats test_tags=kernel
@test "--unload with several programs to choose from: their ids are listed" {
	need_feature dispatcher
	for _ in 1 2; do
		../basic02-prog-by-name/xdp_prog_user -q -d tr4 --progname xdp_pass_func
	done
	run --separate-stderr ./xdp_events_user -d tr4 --unload
	[ "$status" -eq 2 ]
	one_line_error "('xdp_pass_func')"
	run --separate-stderr ./xdp_events_user -q -d tr4 --unload-all
	[ "$status" -eq 0 ]
	unchanged "$before"
}

@test "an interface that goes away ends it, with one line" {
	lab tr4gone
	./xdp_events_user -d tr4gone --duration 90 >/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for grep -q '^note: attached ' /run/tmp/said
	ip link del dev tr4gone
	rc=0
	wait "$runner" || rc=$?
	runner=''
	"$TOP/testenv/testenv.sh" teardown --name tr4gone
	[ "$rc" -eq 1 ]
	grep -qx "error: interface 'tr4gone' is gone" /run/tmp/said
}

@test "an output that takes no more ends it, and nothing is left" {
	need_cmd python3
	rc=0
	./xdp_events_user -n 10 -w reserve >/dev/full 2>/run/tmp/said || rc=$?
	[ "$rc" -eq 1 ]
	grep -q '^error: cannot write to standard output' /run/tmp/said
	mkfifo /run/tmp/report
	./xdp_events_user -d tr4 >/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	# Who reads one line and goes away
	(read -r line && : "$line") </run/tmp/report 3>&- &
	wait_for grep -q '^note: attached ' /run/tmp/said
	send 60 60
	wait $!
	wait_for packet_refused
	rc=0
	wait "$runner" || rc=$?
	runner=''
	[ "$rc" -eq 1 ]
	grep -q '^error: cannot write to standard output' /run/tmp/said
	rm /run/tmp/{report,said,sent}
	unchanged "$before"
}

packet_refused()
{
	send 60 60
	has_ended "$runner"
}

# bats test_tags=kernel
@test "beside another program" {
	need_feature dispatcher
	../basic02-prog-by-name/xdp_prog_user -q -d tr4 --progname xdp_pass_func
	watching --count 3
	send 60 62
	ended
	../basic02-prog-by-name/xdp_prog_user -q -d tr4 --unload-all
	rm /run/tmp/{report,said,sent}
	unchanged "$before"
}

@test "the ways are listed, and options that make no sense refused" {
	run --separate-stderr ./xdp_events_user --list
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == way*program* ]]
	[ "${#lines[@]}" -eq 10 ]
	refused()
	{
		run --separate-stderr ./xdp_events_user "${@:2}"
		[ "$status" -eq 2 ]
		one_line_error "$1"
	}
	refused "'7' for --size: not a power of 2" --size 7
	refused "'x' for --way: no such way" -w x
	refused "'' for --way" -w perf,
	refused 'two ways to read' --busy --every 5
	refused '--max is no --rate' --max --rate 5
	refused 'of the load, not of --dev' -d tr4 --rate 5
	refused "2 ways in --way: with --dev it is one" -d tr4 -w perf,reserve
	unchanged "$before"
}

@test "a kernel that cannot run it: status 77" {
	run --separate-stderr old_kernel 10:22 ./xdp_events_user -w reserve
	[ "$status" -eq 77 ]
	one_line_error "this kernel has no 'ringbuf'"
	# Where no way is asked for, those that there are not are left out.
	run --separate-stderr old_kernel 10:22 ./xdp_events_user
	[ "$status" -eq 77 ]
	[[ ${stderr_lines[0]} == "note: 'perf' is left out: this kernel has no 'perf_buffer' "* ]]
	[[ ${stderr_lines[-1]} == "error: this kernel has no 'prog_run'"* ]]
	unchanged "$before"
}
