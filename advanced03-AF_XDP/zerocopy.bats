#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# af_xdp_user on a network card whose driver works with the frames of the UMEM:
# the two cards of a guest (make check-vm), card0 here and card1 in a namespace,
# with one wire between them. With a driver that cannot, the mode it says.

# bats file_tags=kernel

load ../tests/helpers
load ../tests/cards

setup_file()
{
	need_sandbox
	# Each test says what is lacking: here nothing can be skipped.
	if [ -n "${VM_CARDS-}" ] && type -P jq tcpdump nc python3 >/dev/null; then
		set_up_all
	fi
}

set_up_all()
{
	cards_set_up
	# With --drop nobody answers ARP.
	far ip neigh replace "$V4.1" lladdr "$(cat /sys/class/net/card0/address)" \
		dev card1 nud permanent
	# An emulated guest is slow.
	count=1000
	[ "${VM_GUEST-}" != tcg ] || count=200
	export count
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	[ -n "${VM_CARDS-}" ] || need_cards
	need_cmd jq tcpdump nc python3
	command=./af_xdp_user user='' beside=''
}

teardown()
{
	[ -n "${VM_CARDS-}" ] || return 0
	end "$user"
	end "$beside"
	sysctl -q net.ipv4.icmp_echo_ignore_all=0 net.ipv6.icmp.echo_ignore_all=0
	ip link set card0 xdp off
	ip link set card0 up
	rm -f /run/tmp/{report,said,pcap,dumped,sent,came}
}

# beside COMMAND...: there, in the background
beside()
{
	nsenter --net=/run/netns/far "$@" <&0 3>&- &
	beside=$!
}

# pings FAMILY COUNT: so many from there, each when the one before is answered
pings()
{
	local address=$V4.1

	[ "$1" = 4 ] || address=$V6:1
	far "$TOP/tests/packets/ping.py" "$2" 56 "$address"
}

# datagrams COUNT: so many from there, which only this kernel's stack refuses
datagrams()
{
	far python3 - "$1" "$V4.1" <<-'END'
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		for _ in range(int(sys.argv[1])):
		    try:
		        s.sendto(b"." * 100, (sys.argv[2], 9))
		    except OSError:
		        pass
	END
}

# arrived: how many packets the card at the other end has received
arrived()
{
	far cat /proc/net/dev | awk '$1 == "card1:" { print $3 }'
}

came_back()
{
	[ "$(arrived)" -ge "$1" ]
}

# deaf: the kernel itself answers no echo request
deaf()
{
	sysctl -q net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1
}

# start [OPTION]...: in the background, until it takes packets
start()
{
	: >/run/tmp/report
	: >/run/tmp/said
	"$TOP/testenv/lab_user" run "$command" -d card0 --json --interval 0.2 "$@" \
		>/run/tmp/report 2>/run/tmp/said 3>&- &
	user=$!
	wait_for grep -q "^note: queue 0 of" /run/tmp/said
}

# stop [SIGNAL]: ended by it, status 0, nothing attached
stop()
{
	local rc=0

	kill -s "${1-TERM}" "$user"
	wait_for has_ended "$user"
	wait "$user" || rc=$?
	user=''
	cat /run/tmp/said
	[ "$rc" -eq 0 ]
	[[ $(ip -d link show card0) != *prog/xdp* ]]
}

# in_all NAME: of the last line, "received N packets, ... NAME N ..."
in_all()
{
	sed -n "s/.*$1 \([0-9]*\).*/\1/p" <<<"$(tail -n 1 /run/tmp/said)"
}

# balanced [FRAMES]: the last report accounts for all of them and all packets
balanced()
{
	reported '.queues["0"] |
		(.frames | add) == '"${1-4096}"' and .frames.tx == 0 and
		.frames.completion == 0 and .frames.rx == 0 and
		.steered == .rx.packets + .kernel.rx_dropped +
			.kernel.rx_ring_full and
		.rx.packets == .tx.packets + .ignored'
}

# answers_by [OPTION]...: it takes requests of both families and answers them
answers_by()
{
	deaf
	start "$@"
	pings 4 20
	pings 6 20
	wait_for reported '.sum.rx.packets == 40 and .sum.tx.packets == 40'
	stop
	[ "$(in_all received)" -eq 40 ]
	[ "$(in_all ", sent")" -eq 40 ]
}

@test "the mode that is said is the one it got" {
	local mode=copy

	[ -z "$zero_copy" ] || mode=zero-copy
	start
	wait_for reported ".queues[\"0\"].mode == \"$mode\""
	grep -q "^note: queue 0 of 'card0': $mode" /run/tmp/said
	stop
	start --copy
	wait_for reported '.queues["0"].mode == "copy"'
	grep -q "^note: queue 0 of 'card0': copy mode" /run/tmp/said
	stop
	if [ -n "$zero_copy" ]; then
		start --zero-copy
		wait_for reported '.queues["0"].mode == "zero-copy"'
		# Somebody else sees that the queue is taken.
		run -2 bind_directly
		[ "$output" = "bind: EBUSY" ]
		stop
	else
		run -30 --separate-stderr ./af_xdp_user -d card0 --zero-copy
		one_line_error "cannot bind to queue 0 of 'card0'" \
			"its driver has no zero-copy"
		[[ $(ip -d link show card0) != *prog/xdp* ]]
	fi
}

@test "echo requests are answered by a card in copy mode" {
	answers_by --copy
}

@test "every echo request is answered from user space, with good checksums" {
	need_zero_copy
	deaf
	start --zero-copy
	beside tcpdump -i card1 -U -w /run/tmp/pcap --immediate-mode \
		'icmp or icmp6' 2>/run/tmp/dumped
	wait_for grep -q "listening on" /run/tmp/dumped
	pings 4 "$count"
	pings 6 "$count"
	wait_for reported ".sum.tx.packets == $((2 * count))"
	wait_for balanced
	end "$beside"
	tcpdump -nvv -r /run/tmp/pcap 2>/dev/null >/run/tmp/dumped
	[ "$(grep -c "echo reply" /run/tmp/dumped)" -eq $((2 * count)) ]
	run -1 grep -iE "bad|wrong|incorrect" /run/tmp/dumped
	stop
	[ "$(in_all received)" -eq $((2 * count)) ]
	[ "$(in_all ", sent")" -eq $((2 * count)) ]
}

@test "the kernel still gets what is not for user space: a TCP transfer beside" {
	need_zero_copy
	start --zero-copy
	head -c 300000 /dev/urandom >/run/tmp/sent
	nc -l -p 7777 >/run/tmp/came 3>&- &
	listener=$!
	wait_for grep -q ":1E61 .* 0A" /proc/net/tcp
	beside timeout 60 nc -N "$V4.1" 7777 </run/tmp/sent
	pings 4 50
	pings 6 50
	wait "$beside"
	wait "$listener"
	cmp /run/tmp/sent /run/tmp/came
	wait_for reported '.sum.tx.packets == 100'
	reported '.queues["0"] | .seen > .steered'
	stop
}

@test "sleeping in poll, busy polling, other frames, waking at each packet" {
	need_zero_copy
	answers_by --zero-copy --poll-mode
	answers_by --zero-copy --busy-poll
	answers_by --zero-copy --busy-poll --budget 1 --poll-mode
	answers_by --zero-copy --frames 64
	answers_by --zero-copy --frames 512 --frame-size 2048 --headroom 256
	answers_by --queue 0
}

@test "--drop takes all there is, --l2fwd sends it back; no frame is lost" {
	local before

	need_zero_copy
	start --zero-copy --drop
	datagrams $((10 * count))
	wait_for reported ".sum.rx.packets >= $((10 * count))"
	wait_for balanced
	reported '.sum.tx.packets == 0'
	stop
	start --zero-copy --l2fwd
	before=$(arrived)
	datagrams $((10 * count))
	wait_for reported ".sum.tx.packets >= $((10 * count))"
	wait_for balanced
	stop
	[ "$(in_all "not sent")" -eq 0 ]
	wait_for came_back $((before + 10 * count))
}

@test "too few frames: what does not get in is counted, and all come back" {
	need_zero_copy
	start --zero-copy --l2fwd --frames 64
	datagrams $((10 * count))
	wait_for balanced 64
	stop
}

@test "a signal ends it, also under load, and the card works on" {
	local signal

	need_zero_copy
	for signal in TERM INT HUP; do
		start --zero-copy --l2fwd
		# Until it is ended.
		beside ping -qf -s 100 "$V4.1" >/run/tmp/sent
		wait_for reported '.sum.tx.packets > 100'
		stop "$signal"
		[ "$(in_all received)" -eq $(($(in_all ", sent") +
			$(in_all ignored) + $(in_all "not sent"))) ]
		end "$beside"
	done
	pings 4 5
	pings 6 5
}

@test "one after the other without a pause: the queue is free again" {
	need_zero_copy
	for _ in 1 2 3 4 5; do
		answers_by --zero-copy
	done
}

@test "a second one does not get the queue" {
	need_zero_copy
	start --zero-copy
	run -30 --separate-stderr ./af_xdp_user -d card0 --zero-copy
	one_line_error "cannot bind to queue 0 of 'card0': another AF_XDP socket has it"
	pings 4 5
	stop
}

@test "the debug build finds each frame where it belongs" {
	need_zero_copy
	[ -x af_xdp_debug ]
	command=./af_xdp_debug
	answers_by --zero-copy
	answers_by --zero-copy --poll-mode --frames 64
	start --zero-copy --l2fwd
	datagrams $((5 * count))
	wait_for reported ".sum.tx.packets >= $((5 * count))"
	wait_for balanced
	stop
}

@test "a card that goes down is waited for" {
	local options

	need_zero_copy
	deaf
	for options in '' --poll-mode --busy-poll; do
		# shellcheck disable=SC2086 # nothing or a word
		start --zero-copy $options
		pings 4 5
		ip link set card0 down
		ip link set card0 up
		# They go away when it is down.
		ip addr add "$V6:1/64" dev card0 nodad
		wait_for reachable
		pings 4 5
		pings 6 5
		wait_for balanced
		stop
	done
}
