#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_monitor_user: each kind of event is provoked and counted to the packet,
# at tracepoints with types and at plain ones, while the rest of the machine may
# do what it likes.

# bats file_tags=kernel

load ../tests/helpers

SENDER=02:00:00:00:00:04
RECEIVER=02:00:00:00:00:02

# Plain tracepoints tell the interface's index, and not its network namespace;
# so these have one that nobody else has. Nothing but the test sends packets.
setup_file()
{
	local index

	need_sandbox
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
	index=$(od -An -N3 -tu4 /dev/urandom)
	index=$((1000000 + index * 4))
	ip link add mon0 index $index type veth peer name mon1 index $((index + 1))
	ip link add dst0 index $((index + 2)) type veth peer name dst1
	for dev in mon0 mon1 dst0 dst1; do
		ip link set $dev up
	done
	TYPED=
	! feature tp_btf || TYPED=1
	export TYPED
}

teardown_file()
{
	ip link del mon0
	ip link del dst0
}

setup()
{
	mkdir -p /sys/fs/bpf/xdp
	cd "$BATS_TEST_DIRNAME" || return
	before=$(snapshot)
}

teardown()
{
	end "${runner-}"
	end "${other-}"
	clear
}

# clear: what a test has left
clear()
{
	for dev in mon0 dst1; do
		../basic02-prog-by-name/xdp_prog_user -q -d $dev --unload-all
	done
	rm -rf /run/tmp/report /run/tmp/said /run/tmp/other /run/tmp/empty \
		/sys/fs/bpf/mon0
}

# provoke PROGRAM [OBJECT]: what packets on mon0 get to from now on
provoke()
{
	../basic02-prog-by-name/xdp_prog_user -q -d mon0 --force \
		--filename "${2-xdp_provoke_kern.o}" --progname "$1"
}

# send COUNT [CPU]: as many IPv4 packets come in on mon0. A veth's ring holds
# 256.
send()
{
	python3 - "$1" "${2-}" "$SENDER" "$RECEIVER" <<-'END'
	import os, socket, struct, sys

	if sys.argv[2]:
	    os.sched_setaffinity(0, {int(sys.argv[2])})
	sender, receiver = (bytes.fromhex(a.replace(":", "")) for a in sys.argv[3:])
	out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
	out.bind(("mon1", 0))
	udp = struct.pack(">HHHH", 1024, 9, 108, 0) + bytes(100)
	ip = struct.pack(">BBHHHBBH", 69, 0, 128, 0, 0, 64, 17, 0)
	ip += bytes([192, 0, 2, 1, 192, 0, 2, 2])
	for number in range(int(sys.argv[1])):
	    out.send(receiver + sender + b"\x08\0" + ip + udp)
	END
}

# whole_monitor [OPTION]...: in the background; it has reported once
whole_monitor()
{
	./xdp_monitor_user -q --json -i 0.05 "$@" \
		>/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for test -s /run/tmp/report
}

# monitor [OPTION]...: the same for what mon0 causes
monitor()
{
	whole_monitor -d mon0 "$@"
}

has_reports()
{
	[ "$(wc -l </run/tmp/report)" -ge "$1" ]
}

# settled: it has reported twice more. What was done before is in the last one,
# and programs that were attached before are known.
settled()
{
	wait_for has_reports "$(($(wc -l </run/tmp/report) + 2))"
}

# counted FILTER: of the last report
counted()
{
	tail -n 1 /run/tmp/report | jq -c "$1"
}

# stop [STATUS]: ends it
stop()
{
	local rc=0

	settled
	kill "$runner"
	wait "$runner" || rc=$?
	runner=
	[ "$rc" -eq 0 ]
	[ ! -s /run/tmp/said ]
}

# agrees: in the last report what CPUs have counted adds up to each sum, and
# the kernel has told all
agrees()
{
	# shellcheck disable=SC2016 # for jq
	counted '[.. | objects | select(has("packets")) |
		(.cpus // .from // empty) as $parts |
		["packets", "drops", "events", "sched", "drv_err", "xdp_pass"][] as $member |
		.[$member] // 0 == ([$parts[][$member]] | add // 0)] |
		length > 10 and all' | grep -qx true
	[ "$(counted .missed)" = 0 ]
}

# modes COMMAND...: with types, where the kernel has them, and plain
modes()
{
	[ -z "$TYPED" ] || "$@"
	"$@" --plain
}

verdicts()
{
	monitor "$@"
	provoke xdp_abort_func ../basic02-prog-by-name/xdp_prog_kern.o
	settled
	send 17
	provoke xdp_unknown_func
	settled
	send 42
	wait_for reported '.exception.XDP_UNKNOWN.packets == 42'
	stop
	[ "$(counted '.exception | map_values([.packets, .drops]) | tojson')" = \
		"$(jq -c tojson <<<'{"XDP_ABORTED":[17,17],"XDP_DROP":[0,0],
		"XDP_PASS":[0,0],"XDP_TX":[0,0],"XDP_REDIRECT":[0,0],
		"XDP_UNKNOWN":[42,42]}')" ]
	[ "$(counted '.redirect | map(.packets) | add // 0')" = 0 ]
	[ "$(counted .ifname)" = '"mon0"' ]
	agrees
}

@test "verdicts that lose packets: aborted, and one that is none" {
	need_cmd jq python3
	modes verdicts
	clear
	unchanged "$before"
}

nowhere()
{
	monitor "$@"
	provoke xdp_nowhere_func
	settled
	send 33
	provoke xdp_loopback_func
	settled
	send 11
	wait_for reported '.redirect.EOPNOTSUPP.packets == 11'
	stop
	[ "$(counted '.redirect | map_values([.packets, .drops])')" = \
		'{"Success":[0,0],"EINVAL":[33,33],"EOPNOTSUPP":[11,11]}' ]
	[ "$(counted '.exception | map(.packets) | add')" = 0 ]
	[ "$(counted .devmap_xmit.packets)" = 0 ]
	agrees
}

@test "redirections to nowhere, by their errno" {
	need_cmd jq python3
	modes nowhere
	clear
	unchanged "$before"
}

# redirect [DEV]: mon0 to DEV, or to dst0, whose peer takes packets; by a map
redirect()
{
	local user=../packet03-redirecting/xdp_redirect_user

	../basic02-prog-by-name/xdp_prog_user -q -d dst1 --force
	$user -q -d mon0 --force --progname xdp_redirect_map_func
	$user add -q -d mon0 -r "${1-dst0}" -L $SENDER -R $RECEIVER
}

# sent_by_driver PACKETS DROPS: so much has been counted, and no error
sent_by_driver()
{
	wait_for reported ".devmap_xmit |
		.packets == $1 and .drops == $2 and .drv_err == 0" && return
	counted .devmap_xmit >&2
	return 1
}

# A veth drops what is too long for its peer.
devmap()
{
	redirect
	monitor "$@"
	send 50
	sent_by_driver 50 0
	ip link set dst1 mtu 68
	send 60
	# The driver sees them a moment later, on a busy machine.
	sent_by_driver 110 60
	# Of those that come at once up to sixteen are one event.
	if feature live_frames; then
		../testing02-traffic-gen/xdp_gen_user -q -d mon1 -n 64 -s 142 -L $SENDER \
			-R $RECEIVER --src 192.0.2.1 --dst 192.0.2.2
		sent_by_driver 174 124
		sent=174
	fi
	ip link set dst1 mtu 1500
	stop
	[ "$(counted '.redirect | map_values([.packets, .drops])')" = \
		"{\"Success\":[${sent-110},0]}" ]
	agrees
}

@test "packets that a driver sends, and those that it drops" {
	need_cmd jq python3
	modes devmap
}

# A tap that no process has opened has nowhere to put packets.
driver_error()
{
	redirect tap0
	monitor "$@"
	send 70
	wait_for reported '.devmap_xmit.packets == 70'
	stop
	[ "$(counted .devmap_xmit.drops)" = 70 ]
	[ "$(counted '.devmap_xmit | .events > 0 and .events == .drv_err')" = true ]
	agrees
}

@test "packets that a driver has answered with an error" {
	need_cmd jq python3
	[ -c /dev/net/tun ] || modprobe tun || skip "no tap here"
	ip tuntap add dev tap0 mode tap
	ip link set tap0 up
	modes driver_error
	ip link del tap0
}

# burst COUNT: from a process that lets nobody else run on CPU 0 meanwhile
burst()
{
	chrt -f 1 true || skip "no real-time processes here"
	chrt -f 1 bash -c "$(declare -f send); SENDER=$SENDER RECEIVER=$RECEIVER; send $1 0"
}

# queue FILTER: what packet04's command has counted itself
queue()
{
	../packet04-cpumap/xdp_cpumap_user -d mon0 stats --json -i 0.01 -n 1 |
		jq "[.cpus[] | $1] | add"
}

# The program drops 20 behind the queue, before that it was too full for some.
cpumap()
{
	local user=../packet04-cpumap/xdp_cpumap_user lost

	monitor "$@"
	$user -q -d mon0 --cpus 0 --qsize 8 --no-cpu-prog
	settled
	burst 100
	wait_for reported '.cpumap_kthread | .events and
		.packets == '"100 - $(queue .overflow.packets)"
	lost=$(queue .overflow.packets)
	[ "$lost" -gt 0 ]
	[ "$(counted '.cpumap_enqueue["0"] | [.packets, .drops]')" = "[100,$lost]" ]
	[ "$(counted '.cpumap_enqueue["0"].from["0"].packets')" = 100 ]
	$user -q -d mon0 --cpus 0 --force --drop-port 9
	settled
	send 20
	wait_for reported ".cpumap_kthread.packets == 120 - $lost"
	stop
	$user -q -d mon0 --unload-all
	[ "$(counted '.cpumap_kthread | [.drops, .xdp_pass, .xdp_drop, .xdp_redirect]')" = \
		'[0,0,20,0]' ]
	[ "$(counted '.cpumap_kthread | .sched > 0 and .sched <= .events')" = true ]
	[ "$(counted .redirect.Success.packets)" = 120 ]
	agrees
}

@test "packets for other CPUs, and a queue that overflows" {
	need_feature cpumap
	need_cmd jq python3 chrt
	modes cpumap
}

@test "each CPU has its own counters, and they add up" {
	need_cmd jq python3
	[ "$(nproc)" -gt 1 ] || skip "no second CPU here"
	monitor
	provoke xdp_unknown_func
	settled
	send 30 0
	send 40 1
	wait_for reported '.exception.XDP_UNKNOWN.packets == 70'
	stop
	[ "$(counted '.exception.XDP_UNKNOWN.cpus | map_values(.drops)')" = \
		'{"0":30,"1":40}' ]
	agrees
}

without_success()
{
	redirect
	monitor --errors-only "$@"
	send 50
	wait_for reported '.devmap_xmit.packets == 50'
	provoke xdp_nowhere_func
	settled
	send 10
	wait_for reported '.redirect.EINVAL.packets == 10'
	stop
	[ "$(counted '.redirect | keys')" = '["EINVAL"]' ]
	agrees
}

@test "--errors-only does not look at packets that got away" {
	need_cmd jq python3
	modes without_success
}

# other_monitor: runs, or has ended
other_monitor()
{
	grep -q Summary /run/tmp/other || has_ended "$other"
}

# summaries N: it has reported so often
summaries()
{
	[ "$(grep -c Summary /run/tmp/other)" -ge "$1" ]
}

# near TOTAL FILTER COUNT: that is ours to the packet, and what xdp-monitor has
# in the end. Its totals are sums of rates, which are as exact as its periods.
near()
{
	local theirs

	theirs=$(sed -n "s/^ *$1 *: *\([0-9]*\) *$/\1/p" /run/tmp/other)
	[ "$(counted "$2")" = "$3" ]
	[ "$((theirs * 10))" -ge "$(($3 * 9))" ]
	[ "$((theirs * 10))" -le "$(($3 * 11))" ]
}

@test "it agrees with xdp-monitor of xdp-tools" {
	need_feature cpumap
	need_cmd jq python3 stdbuf xdp-monitor
	stdbuf -oL xdp-monitor -s -i 1 >/run/tmp/other 2>&1 3>&- &
	other=$!
	wait_for other_monitor
	grep -q Summary /run/tmp/other ||
		skip "xdp-monitor of xdp-tools does not start here"
	monitor
	provoke xdp_unknown_func
	send 30
	provoke xdp_nowhere_func
	send 20
	redirect
	send 50
	sent_by_driver 50 0
	ip link set dst1 mtu 68
	send 40
	sent_by_driver 90 40
	ip link set dst1 mtu 1500
	settled
	# What happens after its last report is not in its totals.
	wait_for summaries $(($(grep -c Summary /run/tmp/other) + 2))
	stop
	kill -s INT "$other"
	wait "$other"
	other=
	agrees
	cat /run/tmp/other
	near 'Packets redirected' .redirect.Success.packets 90
	near 'Errors recorded' '[.redirect[], .exception[] | .drops] | add' 50
	near 'Tx dropped' .devmap_xmit.drops 40
	near 'Packets transmitted' '.devmap_xmit | .packets - .drops' 50
}

# A namespace may have an interface of the same index.
same_index()
{
	local index

	index=$(cat /sys/class/net/mon0/ifindex)
	monitor
	ip netns add elsewhere
	ip -n elsewhere link add mon0 index "$index" type veth peer name mon1
	ip -n elsewhere link set mon0 up
	ip -n elsewhere link set mon1 up
	for where in "" elsewhere; do
		${where:+nsenter --net=/run/netns/$where} "$BASH" -c "
			$(declare -f provoke send)
			SENDER=$SENDER RECEIVER=$RECEIVER
			provoke xdp_unknown_func; send 5"
	done
	wait_for reported '.exception.XDP_UNKNOWN.packets >= 5'
	stop
	ip netns del elsewhere
	[ "$(counted .exception.XDP_UNKNOWN.packets)" = 5 ]
}

@test "--dev is about an interface of this network namespace" {
	need_feature tp_btf
	need_cmd jq python3
	same_index
}

@test "without --dev it is about the whole machine" {
	need_cmd jq python3
	whole_monitor
	provoke xdp_unknown_func
	send 5
	wait_for reported '.exception.XDP_UNKNOWN.packets >= 5'
	[ "$(counted .ifname)" = '""' ]
	end "$runner"
}

@test "the table shows what has moved, and with --all the rest" {
	need_cmd python3
	run --separate-stderr ./xdp_monitor_user -q -d mon0 -i 0.05 -n 1
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^'XDP-event '+'CPU:to '+'pps '+'drop-pps '+extra-info$ ]]
	[ "${lines[1]}" = "nothing has happened yet" ]
	[ "${#lines[@]}" -eq 2 ]
	run --separate-stderr ./xdp_monitor_user -q -d mon0 -i 0.05 -n 1 --all
	# A row for each CPU that packets could go to
	possible=$(cat /sys/devices/system/cpu/possible)
	[ "${#lines[@]}" -eq "$((11 + ${possible##*[-,]}))" ]
	for row in 'XDP_REDIRECT total Success' 'Exception total XDP_UNKNOWN' \
		'Exception total XDP_TX' 'cpumap-enqueue sum:0 0.00 bulk-average' \
		'cpumap-kthread total 0 sched, 0 pass, 0 drop, 0 redirect' \
		'devmap-xmit total 0.00 bulk-average, 0 drv-err'; do
		read -r name cpu rest <<<"$row"
		grep -qxE "$name +$cpu +0 +0  $rest" <<<"$output"
	done

	./xdp_monitor_user -q -d mon0 -i 0.05 >/run/tmp/report 3>&- &
	runner=$!
	wait_for test -s /run/tmp/report
	provoke xdp_nowhere_func
	send 40 0
	wait_for grep -qE '^XDP_REDIRECT +total +[1-9][0-9]* +[1-9][0-9]*  Error EINVAL$' \
		/run/tmp/report
	grep -qE '^XDP_REDIRECT +0 +[1-9][0-9]* +[1-9][0-9]*  Error EINVAL$' /run/tmp/report
	run ! grep -q Success /run/tmp/report
	end "$runner"
	run -0 sed '1,/EINVAL/d' /run/tmp/report
	[[ $output != *"nothing has happened"* ]]
}

# missing: the tracepoints that this command knows and this kernel has not
missing()
{
	local name list=()

	for name in xdp_redirect xdp_redirect_err xdp_redirect_map \
		xdp_redirect_map_err xdp_exception xdp_cpumap_enqueue \
		xdp_cpumap_kthread xdp_devmap_xmit; do
		bpftool btf dump file /sys/kernel/btf/vmlinux |
			grep -q "'btf_trace_$name'" || list+=("$name")
	done
	printf '%s' "${list[*]}"
}

told()
{
	run --separate-stderr ./xdp_monitor_user -d mon0 -i 0.05 -n 1 "$@"
	[ "$status" -eq 0 ]
	[ "$(grep -v tracepoints <<<"$stderr")" = "$said" ]
	[[ $stderr =~ "note: attached to "([1-8])" tracepoints; Ctrl-C ends it" ]]
	[[ $stderr == *"note: detached from ${BASH_REMATCH[1]} tracepoints" ]]
}

@test "a tracepoint that the kernel does not have is said once, and left out" {
	need_feature tp_btf
	need_cmd bpftool
	said=$(missing)
	[ -z "$said" ] ||
		said="note: this kernel has no tracepoint ${said// /, }: left out"
	modes told
	said=${said/xdp_redirect_map, /}
	modes told --errors-only
}

@test "without the kernel's types it is plain tracepoints" {
	need_cmd jq python3
	mkdir -p /run/tmp/empty
	unshare --mount "$BASH" -c '
		! [ -d /sys/kernel/btf ] || mount --bind /run/tmp/empty /sys/kernel/btf
		exec ./xdp_monitor_user -d mon0 --json -i 0.05' \
		>/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for test -s /run/tmp/report
	grep -qx "note: this kernel does not tell its types (BTF): plain tracepoints are used" \
		/run/tmp/said
	provoke xdp_unknown_func
	settled
	send 12
	wait_for reported '.exception.XDP_UNKNOWN.packets == 12'
	end "$runner"
}

# links PID: those that a process holds. Other descriptors come and go meanwhile.
links()
{
	cat "/proc/$1/fdinfo/"* 2>/dev/null | sed -n 's/^link_id:[[:blank:]]*//p'
}

ended_by()
{
	local signal=$1 id ids

	shift
	# A background command of bash is deaf to SIGINT.
	"$TOP/testenv/lab_user" run ./xdp_monitor_user -q -d mon0 --json -i 0.05 "$@" \
		>/run/tmp/report 3>&- &
	runner=$!
	wait_for test -s /run/tmp/report
	ids=$(links "$runner")
	[ -n "$ids" ]
	kill -s "$signal" "$runner"
	rc=0
	wait "$runner" || rc=$?
	runner=
	[ "$rc" -eq 0 ]
	for id in $ids; do
		run ! bpftool link show id "$id"
	done
	rm /run/tmp/report
	unchanged "$before"
}

@test "a signal ends it with status 0, and nothing stays attached" {
	need_cmd bpftool
	for signal in INT TERM HUP; do
		modes ended_by $signal
	done
}

@test "--count and --duration end it with status 0" {
	run --separate-stderr ./xdp_monitor_user -q -d mon0 -i 0.05 -n 3 -j
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	run --separate-stderr ./xdp_monitor_user -q -d mon0 -i 0.1 --duration 0.25 -j
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -ge 1 ]
	[ "${#lines[@]}" -le 3 ]
	unchanged "$before"
}

@test "it ends when its interface goes, and when nobody reads what it says" {
	rc=0
	ip link add gone0 type veth peer name gone1
	./xdp_monitor_user -q -d gone0 -i 0.05 --json >/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for test -s /run/tmp/report
	ip link del gone0
	wait "$runner" || rc=$?
	runner=
	[ "$rc" -eq 1 ]
	[ "$(cat /run/tmp/said)" = "error: interface 'gone0' is gone" ]

	run --separate-stderr bash -o pipefail -c \
		'./xdp_monitor_user -q -d mon0 -i 0.05 | head -n 1'
	[ "$status" -eq 1 ]
	one_line_error "standard output"
	rm /run/tmp/report /run/tmp/said
	unchanged "$before"
}

@test "what it cannot do it says in one line" {
	run --separate-stderr ./xdp_monitor_user -d nodev0
	[ "$status" -eq 2 ]
	[[ $stderr == "error: "*"nodev0"* ]]
	cp xdp_monitor_user /run/tmp/
	cd /run/tmp
	run --separate-stderr ./xdp_monitor_user -d mon0
	rm xdp_monitor_user
	cd "$BATS_TEST_DIRNAME"
	[ "$status" -eq 40 ]
	[[ $stderr == *"cannot open 'xdp_monitor_kern.o'"* ]]
	for mode in '' --plain; do
		run --separate-stderr setpriv --inh-caps=-all --bounding-set=-all \
			./xdp_monitor_user -d mon0 $mode
		[ "$status" -eq 1 ]
		one_line_error "not permitted (run it as root, with sudo)"
	done
}
