#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_cpumap_user: packets arrive by way of other CPUs, are counted to the last
# one on both sides of the queues and where a queue was full, and nothing is
# left. Which CPU a flow goes to is tested in tests/progrun.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab p04
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
}

teardown()
{
	./xdp_cpumap_user -q -d p04 --unload-all
	end "${server-}"
	end "${runner-}"
	rm -f /run/tmp/sent /run/tmp/got /run/tmp/report
}

inside()
{
	"$TOP/testenv/testenv.sh" exec --name p04 "$@"
}

# address FAMILY: of the outer end, where the servers are
address()
{
	ip -o "-$1" addr show dev p04 scope global |
		sed 's|.* inet6\{0,1\} \([^/]*\)/.*|\1|'
}

# listening -t|-u PORT
listening()
{
	[ -n "$(ss -Hln "$1" "sport = :$2")" ]
}

# count FILTER: what is counted now, of each CPU what FILTER says, in all
count()
{
	./xdp_cpumap_user -d p04 stats --json -i 0.01 -n 1 |
		jq "[.cpus[] | $1] | add"
}

# settled: all that was sent to queues has been worked on
settled()
{
	[ "$(count '.steered.packets - .overflow.packets - .processed.packets')" = 0 ]
}

# redirected: the packets that xdp_stats_map knows of
redirected()
{
	../basic04-pinning-maps/xdp_stats_user -d p04 --json -i 0.01 -n 1 |
		jq .actions.XDP_REDIRECT.packets
}

# agreed: both have counted the same (not while a packet comes between the two)
agreed()
{
	[ "$(count .steered.packets)" = "$(redirected)" ]
}

# burst COUNT PORT: as many datagrams, sent without a break by a process that
# lets nobody else run on CPU 0 meanwhile
burst()
{
	inside python3 - "$(address 4)" "$@" <<-'END'
	import os, socket, sys

	out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	out.connect((sys.argv[1], int(sys.argv[3])))
	os.sched_setaffinity(0, {0})
	try:
	    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
	except PermissionError:
	    sys.exit(77)
	for number in range(int(sys.argv[2])):
	    try:
	        out.send(b"%d" % number)
	    except ConnectionRefusedError:
	        out.send(b"%d" % number)
	END
}

# sink PORT: counts the datagrams that arrive until it is ended
sink()
{
	python3 - "$(address 4)" "$1" >/run/tmp/got 3>&- <<-'END' &
	import signal, socket, sys

	into = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	into.bind((sys.argv[1], int(sys.argv[2])))
	into.settimeout(0.2)
	ended = []
	signal.signal(signal.SIGTERM, lambda *_: ended.append(1))
	count = 0
	while not ended:
	    try:
	        into.recv(100)
	        count += 1
	    except TimeoutError:
	        pass
	print(count)
	END
	server=$!
	wait_for listening -u "$1"
}

# arrived N: so much has the sink got
arrived()
{
	sleep 0.3
	kill "$server"
	wait "$server"
	server=
	[ "$(cat /run/tmp/got)" = "$1" ] && rm /run/tmp/got && return
	echo "$(cat /run/tmp/got) arrived, not $1" >&2
	return 1
}

# transfer FAMILY: 2 MB from inside by TCP, unharmed
transfer()
{
	timeout 20 nc -N -l "$(address "$1")" 8079 </dev/null >/run/tmp/got 3>&- &
	server=$!
	wait_for listening -t 8079
	inside timeout 20 nc -N "$(address "$1")" 8079 </run/tmp/sent
	wait "$server"
	server=
	cmp /run/tmp/sent /run/tmp/got
}

# bats test_tags=kernel
@test "packets of all kinds arrive by way of a queue, native and in skb mode" {
	need_cmd jq nc ss
	[[ $(nc -h 2>&1) == *OpenBSD* ]] || skip "no nc of OpenBSD here"
	head -c 2000000 /dev/urandom >/run/tmp/sent
	for mode in --native-mode --skb-mode; do
		./xdp_cpumap_user -q -d p04 $mode
		for family in 4 6; do
			run "$TOP/testenv/testenv.sh" ping --name p04 -$family \
				-c 5 -i 0.05 -W 10
			echo "$output"
			[[ $output == *" 5 received"* ]]
			transfer $family
		done
		wait_for settled
		[ "$(count .steered.packets)" -gt 20 ]
		wait_for agreed
		[ "$(count .overflow.packets)" = 0 ]
		./xdp_cpumap_user -q -d p04 --unload
	done
	rm /run/tmp/sent /run/tmp/got
	unchanged "$before"
}

@test "what a queue does not take is counted, to the packet" {
	need_cmd jq python3 ss
	for mode in --native-mode --skb-mode; do
		./xdp_cpumap_user -q -d p04 $mode --cpus 0 --qsize 8
		# The neighbour is to be known before.
		"$TOP/testenv/testenv.sh" ping --name p04 -4 -c 1 >/dev/null
		wait_for settled
		steered=$(count .steered.packets)
		sink 5004
		rc=0
		burst 100 5004 || rc=$?
		[ "$rc" -ne 77 ] || skip "no real-time processes here"
		[ "$rc" -eq 0 ]
		wait_for settled
		lost=$(count .overflow.packets)
		[ "$(count .steered.packets)" = "$((steered + 100))" ]
		# Eight fit; some kernels let the queue's CPU run in between.
		[ "$lost" -gt 0 ]
		[ "$lost" -le 92 ]
		arrived "$((100 - lost))"
		run ./xdp_cpumap_user -d p04 stats -i 0.01 -n 1
		[[ $output == *"sum:0 "*" $lost "* ]]
		./xdp_cpumap_user -q -d p04 --unload
	done
	unchanged "$before"
}

@test "both directions of a flow go to one CPU, and flows to all CPUs" {
	need_cmd jq python3
	[ "$(nproc)" -gt 1 ] || skip "no second CPU here"
	./xdp_cpumap_user -q -d p04 --cpus 0-1
	for direction in there back; do
		inside python3 - $direction <<-'END'
		import socket, struct, sys

		out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		out.bind(("veth0", 0))
		for number in range(200):
		    a, b = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 1])
		    ports = 1024 + number, 80
		    if sys.argv[1] == "back":
		        a, b, ports = b, a, ports[::-1]
		    udp = struct.pack(">HHHH", *ports, 8, 0)
		    ip = struct.pack(">BBHHHBBH", 69, 0, 28, 0, 0, 64, 17, 0)
		    out.send(bytes(12) + b"\x08\0" + ip + a + b + udp)
		END
		wait_for settled
		counts=$(./xdp_cpumap_user -d p04 stats --json -i 0.01 -n 1 |
			jq -c '[.cpus[].steered.packets]')
		[ $direction = back ] || there=$counts
	done
	[ "$(jq add <<<"$there")" = 200 ]
	jq -e 'min > 50' <<<"$there"
	[ "$counts" = "$(jq -c 'map(. * 2)' <<<"$there")" ]
}

@test "the second program drops what goes to one port, and counts it" {
	need_cmd jq python3 ss
	./xdp_cpumap_user -q -d p04 --drop-port 5004
	sink 5004
	burst 7 5004
	wait_for settled
	arrived 0
	[ "$(count .filtered.packets)" = 7 ]
	sink 5005
	burst 7 5005
	wait_for settled
	arrived 7
	[ "$(count .filtered.packets)" = 7 ]
}

@test "without the second program packets arrive, and nobody counts them there" {
	need_cmd jq
	./xdp_cpumap_user -q -d p04 --no-cpu-prog
	run "$TOP/testenv/testenv.sh" ping --name p04 -4 -c 3 -i 0.05 -W 10
	[[ $output == *" 3 received"* ]]
	[ "$(count .steered.packets)" -ge 3 ]
	[ "$(count .processed)" = null ]
	run ./xdp_cpumap_user -d p04 list
	[[ $output == *" none"* ]]
	run --separate-stderr ./xdp_cpumap_user -d p04 --no-cpu-prog --drop-port 1
	[ "$status" -eq 2 ]
	one_line_error "port 1 without the second program"
}

@test "a CPU that is not there, a size that is none" {
	online=$(cat /sys/devices/system/cpu/online)
	for list in 4000 0,4000 0-4000 5000; do
		run --separate-stderr ./xdp_cpumap_user -d p04 --cpus $list
		[ "$status" -eq 2 ]
		one_line_error "'$list' for --cpus: online are only $online"
	done
	for list in x 1- -1 '0,' 0x1 '0 1'; do
		run --separate-stderr ./xdp_cpumap_user -d p04 --cpus="$list"
		[ "$status" -eq 2 ]
		one_line_error "'$list' for --cpus: not 'all', nor a list"
	done
	for size in 0 16385 -1 x; do
		run --separate-stderr ./xdp_cpumap_user -d p04 --qsize=$size
		[ "$status" -eq 2 ]
		[[ $stderr == "error: bad value '$size' for --qsize: "* ]]
	done
	unchanged "$before"
	for size in 1 16384; do
		./xdp_cpumap_user -q -d p04 --cpus 0 --qsize $size --force
		run ./xdp_cpumap_user -d p04 list
		[[ ${lines[1]} =~ ^0\ +$size\ +1024\ +id ]]
	done
	./xdp_cpumap_user -q -d p04 --cpus all --force
	run ./xdp_cpumap_user -d p04 list
	[ "${#lines[@]}" = "$((1 + $(nproc --all)))" ]
}

@test "set changes queues and CPUs of a running one, and no packet is lost" {
	need_cmd jq
	./xdp_cpumap_user -q -d p04 --cpus 0 --qsize 64
	"$TOP/testenv/testenv.sh" ping --name p04 -4 -c 50 -i 0.02 -W 10 \
		>/run/tmp/report 3>&- &
	runner=$!
	for n in 1 2 3 4 5; do
		./xdp_cpumap_user -d p04 set --qsize $((n * 100))
		./xdp_cpumap_user -d p04 set --cpus 0
	done
	wait "$runner"
	grep -q ' 50 received' /run/tmp/report
	wait_for settled
	run ./xdp_cpumap_user -d p04 list
	[[ ${lines[1]} =~ ^0\ +500\ +1024\ +id ]]
	[ "${#lines[@]}" = 2 ]
	for bad in '--cpus 4000' '--drop-port 1' --no-cpu-prog; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_cpumap_user -d p04 set $bad
		[ "$status" -eq 2 ]
		one_line_error
	done
}

@test "set moves no more flows than it must" {
	[ "$(nproc)" -gt 1 ] || skip "no second CPU here"
	need_cmd bpftool jq
	./xdp_cpumap_user -q -d p04 --cpus 0 --qsize 77
	./xdp_cpumap_user -d p04 set --cpus 0-1
	run ./xdp_cpumap_user -d p04 list
	# A new queue is like the one that was there.
	[[ ${lines[2]} =~ ^1\ +77\ +512\ +id ]]
	buckets=$(bpftool -j map dump pinned /sys/fs/bpf/p04/cpu_buckets |
		jq -c '[.[].formatted.value]')
	[ "$(jq 'map(select(. == 0)) | length' <<<"$buckets")" = 512 ]
	./xdp_cpumap_user -d p04 set --cpus 1
	run ./xdp_cpumap_user -d p04 list
	[[ ${lines[1]} =~ ^1\ +77\ +1024\ +id ]]
	[ "${#lines[@]}" = 2 ]
	"$TOP/testenv/testenv.sh" ping --name p04 -4 -c 2 -i 0.05 -W 10
	[ "$(./xdp_cpumap_user -d p04 stats --json -i 0.01 -n 1 |
		jq '.cpus["1"].processed.packets > 0')" = true ]
}

@test "what it leaves outlives it, and goes with --unload" {
	need_cmd bpftool jq
	run --separate-stderr ./xdp_cpumap_user -d p04
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "attached 'xdp_cpumap_func' to 'p04': id "* ]]
	tracing=/sys/fs/bpf/p04/trace_cpumap_enqueue
	id=$(bpftool -j link show pinned $tracing | jq .id)
	# Loaded anew it is another one, and there is one only.
	./xdp_cpumap_user -q -d p04 --force
	run ! bpftool link show id "$id"
	id=$(bpftool -j link show pinned $tracing | jq .id)
	./xdp_cpumap_user -q -d p04 --unload
	run ! bpftool link show id "$id"
	unchanged "$before"
	for word in stats list set; do
		run --separate-stderr ./xdp_cpumap_user -d p04 $word
		[ "$status" -eq 40 ]
		one_line_error "no map is pinned at '/sys/fs/bpf/p04/cpu_map'"
	done
}

@test "--reuse-maps goes on counting; --pin-dir is elsewhere" {
	need_cmd jq
	./xdp_cpumap_user -q -d p04
	"$TOP/testenv/testenv.sh" ping --name p04 -4 -c 3 -i 0.05 >/dev/null
	wait_for settled
	steered=$(count .steered.packets)
	./xdp_cpumap_user -q -d p04 --force --reuse-maps --qsize 7
	[ "$(count .steered.packets)" -ge "$steered" ]
	run ./xdp_cpumap_user -d p04 list
	[[ ${lines[1]} =~ ^0\ +7\  ]]
	./xdp_cpumap_user -q -d p04 --unload
	./xdp_cpumap_user -q -d p04 --pin-dir /sys/fs/bpf/elsewhere
	[ -e /sys/fs/bpf/elsewhere/trace_cpumap_enqueue ]
	./xdp_cpumap_user -d p04 --pin-dir /sys/fs/bpf/elsewhere list
	./xdp_cpumap_user -q -d p04 --pin-dir /sys/fs/bpf/elsewhere --unload
	unchanged "$before"
}

@test "--stats reports, and leaves what it found, however it ends" {
	need_cmd jq
	run --separate-stderr ./xdp_cpumap_user -q -d p04 --stats --json -i 0.05 -n 2
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" = 2 ]
	jq -e '.ifname == "p04" and .period > 0 and .time > 0 and
		(.cpus["0"] | .steered.packets >= 0 and .overflow.packets == 0 and
		.processed.packets >= 0 and .processed.bytes >= 0 and
		.filtered.packets == 0 and .from)' <<<"${lines[1]}"
	unchanged "$before"
	# With --reuse-maps they stay, but nothing counts in them any more.
	./xdp_cpumap_user -q -d p04 --stats --reuse-maps -i 0.05 -n 1 >/dev/null 2>&1
	[ -e /sys/fs/bpf/p04/cpu_overflow ]
	[ ! -e /sys/fs/bpf/p04/trace_cpumap_enqueue ]
	rm -r /sys/fs/bpf/p04
	unchanged "$before"
	for signal in INT TERM HUP; do
		# A background command of bash is deaf to SIGINT.
		"$TOP/testenv/lab_user" run ./xdp_cpumap_user -q -d p04 --stats --json -i 0.05 \
			>/run/tmp/report 3>&- &
		runner=$!
		wait_for reported .cpus
		kill -s $signal "$runner"
		rc=0
		wait "$runner" || rc=$?
		runner=
		[ "$rc" -eq 0 ]
		rm /run/tmp/report
		unchanged "$before"
	done
}

@test "an object that cannot do it, a kernel that cannot, a word that is none" {
	run --separate-stderr ./xdp_cpumap_user -d p04 \
		--filename ../basic01-xdp-pass/xdp_pass_kern.o
	[ "$status" -eq 40 ]
	one_line_error "'cpu_map' of '../basic01-xdp-pass/xdp_pass_kern.o': it has no such map"
	run --separate-stderr ./xdp_cpumap_user -d p04 --progname xdp_cpumap_target_func
	[ "$status" -eq 40 ]
	one_line_error "there is: xdp_cpumap_func"
	run --separate-stderr ./xdp_cpumap_user -d p04 show
	[ "$status" -eq 2 ]
	one_line_error "bad command 'show'"
	# Without raw tracepoints
	run --separate-stderr old_kernel 17:22 ./xdp_cpumap_user -q -d p04
	[ "$status" -eq 77 ]
	one_line_error "this kernel has no 'cpumap'"
	unchanged "$before"
}

# bats test_tags=kernel
@test "beside another program" {
	need_feature dispatcher
	need_cmd jq
	../basic02-prog-by-name/xdp_prog_user -q -d p04 --progname xdp_pass_func
	./xdp_cpumap_user -q -d p04
	run "$TOP/testenv/testenv.sh" ping --name p04 -6 -c 3 -i 0.05 -W 10
	[[ $output == *" 3 received"* ]]
	wait_for settled
	[ "$(count .processed.packets)" -ge 3 ]
	./xdp_cpumap_user -q -d p04 --unload-all
	unchanged "$before"
	# One whose maps are pinned in the same folder keeps them, and no more.
	../basic04-pinning-maps/xdp_pinned_user -q -d p04
	run ./xdp_cpumap_user -d p04
	id=${lines[0]#*: id }
	[ -e /sys/fs/bpf/p04/trace_cpumap_enqueue ]
	./xdp_cpumap_user -q -d p04 --unload "${id%%,*}"
	[ -e /sys/fs/bpf/p04/xdp_proto_map ]
	[ ! -e /sys/fs/bpf/p04/trace_cpumap_enqueue ]
	../basic04-pinning-maps/xdp_pinned_user -q -d p04 --unload-all
	unchanged "$before"
}
