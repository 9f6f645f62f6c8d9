#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# af_xdp_user in labs: what comes to user space is answered from there, counted
# to the packet, and the rest is left to the kernel; what goes wrong is said,
# and nothing is left. The same of af_xdp_bare_user, at the end. The answers
# themselves are tested in tests/packets/echo.
# shellcheck disable=SC2030,SC2031 # each test has its own lab

load ../tests/helpers

setup_file()
{
	need_sandbox
	# Asked once: a probe takes seconds where a machine is emulated.
	has_af_xdp=''
	! feature af_xdp || has_af_xdp=y
	export has_af_xdp
	# They are numbered, and the first has the addresses of tests/packets.
	lab x3 --queues 1
	lab x3q --queues 4
	lab x3j --mtu 3400
}

teardown_file()
{
	t teardown --all
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	[ -n "$has_af_xdp" ] || need_feature af_xdp
	need_cmd jq nstat python3 taskset
	mkdir -p /sys/fs/bpf/xdp
	pings=1000
	[ "${VM_GUEST-}" != tcg ] || pings=100
	dev=x3
	runner='' helper='' server='' hushed=''
	before=$(snapshot)
}

teardown()
{
	touch /run/tmp/stop
	[ -n "${BATS_TEST_COMPLETED-}" ] || [ ! -s "$BATS_TEST_TMPDIR/known" ] ||
		said_inside | diff "$BATS_TEST_TMPDIR/known" - | grep '^>' || :
	end "$runner"
	end "$helper"
	end "$server"
	sysctl -q net.ipv4.icmp_echo_ignore_all=0 net.ipv6.icmp.echo_ignore_all=0
	if [ -n "$hushed" ]; then
		inside sysctl -q net.ipv6.conf.veth0.disable_ipv6=0
		t reset --name $dev >/dev/null
	fi
	for dev in x3 x3q x3j; do
		! ip link show dev $dev | grep -q prog/xdp ||
			t reset --name $dev >/dev/null
	done
	! ip link show dev x3g >/dev/null 2>&1 || t teardown --name x3g
	rm -rf /run/tmp/report /run/tmp/errors /run/tmp/frames /run/tmp/said \
		/run/tmp/sent /run/tmp/got /run/tmp/stop /run/tmp/alone
}

t()
{
	"$TOP/testenv/testenv.sh" "$@"
}

# in the lab's namespace, where /sys still is that of outside
inside()
{
	nsenter "--net=/run/netns/$dev" "$@"
}

# address FAMILY [END]: of the outer end, or of the inner one, 2
address()
{
	local number

	case $dev in
	x3) number=1 ;;
	x3q) number=2 ;;
	x3j) number=3 ;;
	esac
	case $1 in
	4) echo "10.11.$number.${2-1}" ;;
	6) echo "fc00:dead:cafe:$number::${2-1}" ;;
	esac
}

# pinged COUNT FAMILIES [SIZE]: that many requests from CPU 0 inside, one after
# the other, all of them answered
pinged()
{
	local family to=()

	for family in $2; do
		to+=("$(address "$family")")
	done
	inside taskset -c 0 "$TOP/tests/packets/ping.py" "$1" "${3-56}" "${to[@]}"
}

# both COUNT [SIZE]: by IPv4, and by IPv6
both()
{
	pinged "$1" "4 6" "${@:2}"
}

# unanswered COUNT [OPTION]...: requests that nobody answers
unanswered()
{
	run inside ping -4 -q -i 0.01 -c "$1" -W 0.2 "${@:2}" "$(address 4)"
	[[ $output == "PING "*"$1 packets transmitted, 0 received"* ]]
}

# through QUEUE: what CPU 0 sends in the lab comes in on that queue of its outer
# end; a veth has the receiver's queue be the sender's
through()
{
	# shellcheck disable=SC2016 # for the inner shell
	t exec --name $dev sh -c 'cd /sys/class/net/veth0/queues && for queue in tx-*; do
		echo $((${queue#tx-} == $1)) >$queue/xps_cpus ||
			exit
	done' sh "$1"
}

# hush: the inner end has no addresses, so it says nothing of its own accord;
# teardown gives them back
hush()
{
	hushed=y
	inside ip addr flush dev veth0
	inside sysctl -q net.ipv6.conf.veth0.disable_ipv6=1
}

# mac COMMAND...: what that "ip link show" says
mac()
{
	"$@" | sed -n 's/.*link\/ether \([0-9a-f:]*\).*/\1/p'
}

# said_inside: what the inner end's kernel has sent and received so far
said_inside()
{
	inside nstat -asz | grep -E 'Out|In|Retrans'
}

# known: both ends know each other for good, and ask no more. A test that fails shows
# what the inner end has said all the same.
known()
{
	local family outer inner

	said_inside >"$BATS_TEST_TMPDIR/known"

	outer=$(mac ip link show dev $dev)
	inner=$(mac inside ip link show dev veth0)
	for family in 4 6; do
		ip neigh replace "$(address $family 2)" lladdr "$inner" \
			dev $dev nud permanent
		inside ip neigh replace "$(address $family)" lladdr "$outer" \
			dev veth0 nud permanent
	done
}

# echos: requests that the kernel itself has got, by IPv4 and by IPv6
echos()
{
	nstat -asz IcmpInEchos Icmp6InEchos | awk '/InEchos/ { print $2 }' | xargs
}

# serve [OPTION]...: in the background, once it reports
serve()
{
	: >/run/tmp/report
	# A background command of bash is deaf to SIGINT.
	"$TOP/testenv/lab_user" run ./af_xdp_user -d $dev --json -i 0.1 "$@" \
		>/run/tmp/report 2>/run/tmp/errors 3>&- &
	runner=$!
	wait_for reported .sum
}

# over [SIGNAL]: it has ended with status 0, and says what became of all packets
over()
{
	kill -s "${1:-TERM}" "$runner"
	failed
	cat /run/tmp/errors
	[ "$rc" -eq 0 ]
	! grep '^error' /run/tmp/errors
}

# failed: ended by itself; its status is in $rc
failed()
{
	rc=0
	wait "$runner" || rc=$?
	runner=''
}

# one_error TEXT...: the only line of error among the notes
one_error()
{
	stderr=$(grep -v '^note: ' /run/tmp/errors)
	mapfile -t stderr_lines <<<"$stderr"
	one_line_error "$@"
}

# took RECEIVED SENT IGNORED: all in all, as it says at the end
took()
{
	tail -n 1 /run/tmp/errors
	[ "$(tail -n 1 /run/tmp/errors)" = \
		"note: received $1 packets, sent $2, ignored $3, not sent 0" ]
}

# accounted FRAMES: in each report each queue has that many frames
accounted()
{
	jq -es --argjson frames "$1" 'all(.[].queues[].frames;
		.free + .fill + .rx + .tx + .completion == $frames)' /run/tmp/report
}

# left_nothing: but for what this test has made
left_nothing()
{
	rm -f /run/tmp/report /run/tmp/errors
	unchanged "$before"
}

# refused STATUS TEXT OPTION...: it ends so, and nothing has changed
refused()
{
	run --separate-stderr timeout 20 ./af_xdp_user -q -d $dev "${@:3}"
	[ "$status" -eq "$1" ]
	one_line_error "$2"
	unchanged "$before"
}

# frames COUNT: as many, and no requests, by a socket of their own
frames()
{
	inside taskset -c 0 python3 - "$1" <<-'END'
	import socket, sys

	out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
	out.bind(("veth0", 0))
	for number in range(int(sys.argv[1])):
	    out.send(bytes(12) + b"\x88\xb5" + b"%060d" % number)
	END
}

# programs: the ids of what is attached to the lab
programs()
{
	ip link show dev $dev | sed -n 's/.*prog\/xdp id \([0-9]*\).*/\1/p'
}

# counter NAME: of the inner end
counter()
{
	t exec --name $dev cat "/sys/class/net/veth0/statistics/$1"
}

# bats test_tags=kernel
@test "pings are answered from user space, on each of four queues" {
	need_cmd tcpdump
	dev=x3q
	serve
	asked=$(echos)
	nsenter "--net=/run/netns/$dev" timeout 120 tcpdump -n -vv -B 16384 -c $((8 * pings + 30)) -i veth0 \
		'icmp[0] = 0 or (icmp6 and ip6[40] = 129)' \
		>/run/tmp/frames 2>/run/tmp/said 3>&- &
	helper=$!
	wait_for grep -q listening /run/tmp/said
	for queue in 0 1 2 3; do
		through $queue
		both "$pings"
		wait_for reported ".queues[\"$queue\"] |
			.rx.packets == $((2 * pings)) and .rx == .tx"
	done
	for size in 0 1 1400; do
		both 5 $size
	done
	wait "$helper"
	helper=''
	over
	took $((8 * pings + 30)) $((8 * pings + 30)) 0
	accounted 4096
	# The kernel has not seen one of them.
	[ "$(echos)" = "$asked" ]
	[ "$(grep -c 'echo reply' /run/tmp/frames)" -eq $((8 * pings + 30)) ]
	run ! grep -E 'bad|wrong|incorrect|truncated' /run/tmp/frames
	rm /run/tmp/frames /run/tmp/said
	left_nothing
}

# listening: there is a server for transfer
listening()
{
	"$@" ss -Hltn 'sport = :8079' | grep -q .
}

# transfer ADDRESS [COMMAND]...: the same by TCP to that address, unharmed; the
# command runs what receives. What sends runs on the other side.
transfer()
{
	local there=("${@:2}") here=(inside)
	# No more under way than a veth holds, however busy the machine is
	local nc=(timeout 60 nc -N -I 65536 -O 65536)

	[ $# -eq 1 ] || here=()
	"${there[@]}" "${nc[@]}" -l "$1" 8079 </dev/null >/run/tmp/got 3>&- &
	server=$!
	wait_for listening "${there[@]}"
	"${here[@]}" "${nc[@]}" "$1" 8079 </run/tmp/sent
	wait "$server"
	server=''
	cmp /run/tmp/sent /run/tmp/got
}

# ping_on: until it is told to stop; then it says how many were answered
ping_on()
{
	local count=0

	while [ ! -e /run/tmp/stop ]; do
		both 50 || return
		count=$((count + 100))
	done
	echo $count
}

@test "TCP, ARP and neighbour discovery live on beside the answers" {
	need_cmd nc ss
	[[ $(nc -h 2>&1) == *OpenBSD* ]] || skip "no nc of OpenBSD here"
	size=4000000
	[ "${VM_GUEST-}" != tcg ] || size=1000000
	head -c $size /dev/urandom >/run/tmp/sent
	serve
	ping_on >/run/tmp/said 3>&- &
	helper=$!
	wait_for reported '.sum.tx.packets > 0'
	for family in 4 6; do
		transfer "$(address $family)"
		transfer "$(address $family 2)" inside
	done
	touch /run/tmp/stop
	wait "$helper"
	helper=''
	read -r count </run/tmp/said
	[ "$count" -gt 0 ]
	# Neighbours are asked for anew.
	for family in 4 6; do
		inside ip neigh del "$(address $family)" dev veth0
		pinged 3 $family
		inside ip neigh show to "$(address $family)" | grep -q lladdr
	done
	over
	took $((count + 6)) $((count + 6)) 0
}

@test "every way to wait, and every layout of the memory" {
	ways=('' -S -p --busy-poll '-c --frames 64' '-N --frame-size 2048'
		'-p --busy-poll --budget 8 --headroom 256'
		'-p -c --frames 100 --frame-size 2048 --headroom 100'
		'-S --busy-poll --frames 65 --headroom 1')
	[ "${VM_GUEST-}" != tcg ] ||
		ways=(-S '-p --busy-poll --budget 8'
			'-c --frames 100 --frame-size 2048 --headroom 100')
	asked=$(echos)
	for way in "${ways[@]}"; do
		echo "way: $way"
		# shellcheck disable=SC2086 # words
		serve $way
		both 25 700
		over
		took 50 50 0
		frames=4096
		[[ ! $way =~ --frames\ ([0-9]+) ]] || frames=${BASH_REMATCH[1]}
		accounted "$frames"
		jq -es 'all(.[].queues[]; .mode == "copy")' /run/tmp/report
		size=4096
		[[ $way != *2048* ]] || size=2048
		grep -qx "note: queue 0 of 'x3': copy mode, $frames frames of $size bytes" \
			/run/tmp/errors
		mode=native
		[[ $way != *-S* ]] || mode=generic
		grep -Eq "^note: attached 'xdp_sock_echo_func' to 'x3': id [0-9]+, $mode mode" \
			/run/tmp/errors
		left_nothing
	done
	[ "$(echos)" = "$asked" ]
}

@test "one queue, or a list: the others are the kernel's, and a line says so" {
	dev=x3q
	for list in 2 1,3; do
		asked=$(echos)
		serve -p -Q $list
		for queue in 0 1 2 3; do
			through $queue
			pinged 10 4
		done
		over
		mine=$(wc -w <<<"${list/,/ }")
		took $((10 * mine)) $((10 * mine)) 0
		[ "$(echos)" = "$((${asked% *} + 10 * (4 - mine))) ${asked#* }" ]
		[ "$(tail -n 1 /run/tmp/report | jq -r '.queues | keys | join(",")')" = $list ]
		[ "$(grep -c '^warning' /run/tmp/errors)" -eq 1 ]
		grep -Eqx "warning: packets come in on queue [0-3] of 'x3q', which has no socket \(see --queue\)" \
			/run/tmp/errors
	done
	# Where all packets come to a socket there is nothing to say.
	serve -p -Q 3
	pinged 10 4
	wait_for reported '.queues["3"].tx.packets == 10'
	over
	[ "$(grep -c '^warning' /run/tmp/errors)" -eq 0 ]
	left_nothing
}

@test "--drop counts to the packet, and nothing else sees them" {
	known
	serve -p --drop
	grep -q "^note: attached 'xdp_sock_all_func'" /run/tmp/errors
	# What the inner end had no room for was not sent.
	lost=$(counter tx_dropped)
	frames "$pings"
	count=$((pings - $(counter tx_dropped) + lost))
	unanswered 3
	count=$((count + 3))
	wait_for reported ".queues[\"0\"] | .rx.packets == $count and
		.steered == $count and .seen == $count and .ignored == $count and
		.tx.packets == 0 and .kernel.rx_dropped == 0 and
		.kernel.rx_ring_full == 0 and .kernel.rx_fill_ring_empty_descs == 0"
	over
	took $count 0 $count
	accounted 4096
	left_nothing
}

@test "--l2fwd sends frames back with their MAC addresses swapped, and no more" {
	known
	serve -p --l2fwd
	inside python3 - $((pings / 2)) <<-'END'
	import os, random, socket, sys

	link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
	link.bind(("veth0", 3))
	link.settimeout(30)
	for number in range(int(sys.argv[1])):
	    size = number if number < 3 else random.randrange(1501)
	    frame = bytes(range(12)) + b"\x88\xb5" + os.urandom(size)
	    link.send(frame)
	    back = frame, (0, 0, socket.PACKET_OUTGOING)
	    while back[1][2] == socket.PACKET_OUTGOING:
	        back = link.recvfrom(2000)
	    assert back[0] == frame[6:12] + frame[:6] + frame[12:], (frame, back)
	END
	wait_for reported ".queues[\"0\"] |
		.rx.packets == $((pings / 2)) and .rx == .tx and .ignored == 0"
	over
	took $((pings / 2)) $((pings / 2)) 0
	accounted 4096
	left_nothing
}

@test "xdp_sock_prog: every other packet of a queue, the kernel answers the rest" {
	dev=x3q
	known
	serve -p --progname xdp_sock_prog
	asked=$(echos)
	for queue in 1 2; do
		through $queue
		pinged 100 4
		wait_for reported ".queues[\"$queue\"] | .rx.packets == 50 and
			.tx.packets == 50 and .seen == 100 and .steered == 50"
	done
	over
	took 100 100 0
	[ "$(echos)" = "$((${asked% *} + 100)) ${asked#* }" ]
	left_nothing
}

@test "odd packets: what is answered is right, what is none is ignored or passed" {
	# The kernel's own answers would look the same.
	sysctl -q net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1
	hush
	for prog in xdp_sock_echo_func xdp_sock_all_func; do
		serve -p --progname $prog
		read -r sent answered < <(inside "$TOP/tests/packets/answers.py" veth0 < <(
			sed 's/#.*//' ../packet03-redirecting/verdicts.txt |
			awk '$1 == "program" { on = $2 == "xdp_icmp_echo_func"; next }
				on && $3 ~ /^XDP/ { print $1, $3 == "XDP_TX" ? $2 : "-" }'))
		[ "$answered" -gt 140 ]
		[ "$sent" -gt $((answered + 300)) ]
		[ $prog = xdp_sock_all_func ] || sent=$answered
		wait_for reported ".sum.rx.packets == $sent"
		over
		took "$sent" "$answered" $((sent - answered))
		accounted 4096
	done
}

@test "fragments, options and groups are for the kernel" {
	asked=$(echos)
	serve -p
	both 3 3000
	for what in "-4 -R $(address 4)" "-6 ff02::1%veth0"; do
		# shellcheck disable=SC2086 # words
		run inside ping -q -c 1 -W 10 $what
		[[ $output == *" 1 received"* ]]
	done
	over
	took 0 0 0
	[ "$(echos)" = "$((${asked% *} + 4)) $((${asked#* } + 4))" ]
	left_nothing
}

@test "a packet too large for its frame is lost, and counted" {
	dev=x3j
	# 256 bytes are the driver's, and 42 those of the headers.
	for way in "1750 --frame-size 2048" "1494 --frame-size 2048 --headroom 256"; do
		read -r fits options <<<"$way"
		# shellcheck disable=SC2086 # words
		serve -p $options
		pinged 5 4 "$fits"
		unanswered 3 -s $((fits + 1))
		wait_for reported '.queues["0"] | .rx.packets == 5 and .tx.packets == 5 and
			.kernel.rx_dropped == 3 and .seen == 8'
		over
		took 5 5 0
		accounted 4096
	done
	serve -p
	both 5 3000
	over
	took 10 10 0
	left_nothing
}

@test "JSON: an object a line, with all that there is" {
	dev=x3q
	start=$(date +%s)
	run --separate-stderr timeout 20 ./af_xdp_user -q -p -d $dev -Q 0,2 --json -i 0.05 -n 3
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${#lines[@]}" -eq 3 ]
	for line in "${lines[@]}"; do
		jq -e --argjson start "$start" '
			def way: keys == ["bytes", "mbps", "packets", "pps"] and all(. >= 0);
			.time >= $start and .time < $start + 60 and .ifname == "x3q" and
			.period >= 0.05 and (.sum | keys == ["rx", "tx"] and all(way)) and
			(.queues | keys == ["0", "2"] and all(
				(.rx | way) and (.tx | way) and .mode == "copy" and
				.seen == 0 and .steered == 0 and .ignored == 0 and
				.tx_dropped == 0 and (.kernel | keys == ["rx_dropped",
					"rx_fill_ring_empty_descs", "rx_invalid_descs",
					"rx_ring_full", "tx_invalid_descs",
					"tx_ring_empty_descs"] and all(. >= 0)) and
				.frames == {"free": 0, "fill": 4096, "rx": 0, "tx": 0,
					"completion": 0}))' <<<"$line"
	done
	left_nothing
	# Rates are those of the period, totals of all the time; the sum is right.
	serve -p
	for queue in 0 1; do
		through $queue
		pinged 50 4 58
	done
	wait_for reported '.sum.tx.packets == 100'
	over
	jq -es 'all(.sum.rx.packets == ([.queues[].rx.packets] | add) and
		.sum.tx.bytes == ([.queues[].tx.bytes] | add))' /run/tmp/report
	tail -n 1 /run/tmp/report | jq -e '.sum.rx.bytes == 10000'
	jq -es '. as $r | [range(1; length)] | all(($r[.].sum.rx.pps -
		($r[.].sum.rx.packets - $r[. - 1].sum.rx.packets) / $r[.].period) |
		fabs < 10)' /run/tmp/report
	left_nothing
}

@test "the table has two lines a queue, what the kernel counted, and the frames" {
	run --separate-stderr timeout 20 ./af_xdp_user -p -d x3q -Q 1-2 --frames 64 \
		-i 0.05 -n 1
	[ "$status" -eq 0 ]
	printf '%s\n' "${lines[@]}"
	[[ ${lines[0]} =~ ^socket\ +packets\ +pps\ +Kbytes\ +Mbit/s\ +period$ ]]
	[[ ${lines[1]} =~ ^queue\ 1\ +RX\ +0\ +0\ +0\ +0\.000\ +[0-9.]+\ s$ ]]
	[[ ${lines[2]} =~ ^queue\ 1\ +TX\ +0\ +0\ +0\ +0\.000\ +[0-9.]+\ s$ ]]
	[[ ${lines[3]} == "queue 2 "*" RX "* ]]
	[[ ${lines[5]} =~ ^sum\ +RX\  ]]
	[[ ${lines[6]} =~ ^sum\ +TX\  ]]
	[ "${lines[7]}" = "queue 1, copy: 0 seen, 0 steered, 0 ignored, 0 not sent" ]
	[[ ${lines[9]} == "kernel: rx_dropped 0, rx_ring_full 0, rx_fill_ring_empty_descs 0,"* ]]
	[ "${lines[11]}" = "frames: free 0, fill 128, rx 0, tx 0, completion 0" ]
	[ "${#lines[@]}" -eq 12 ]
	# One queue needs no sum.
	run timeout 20 ./af_xdp_user -q -p -d x3 -i 0.05 -n 1
	[[ $output != *sum* ]]
}

@test "--duration, --list and --help end it" {
	run --separate-stderr timeout 20 ./af_xdp_user -q -d x3 --duration 0.2 -i 0.1 --json
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -ge 1 ]
	run timeout 20 ./af_xdp_user -d x3 --list
	[ "$status" -eq 0 ]
	for prog in xdp_sock_prog xdp_sock_echo_func xdp_sock_all_func; do
		[[ $output == *"$prog"* ]]
	done
	run ./af_xdp_user --help
	[ "$status" -eq 0 ]
	for option in --drop --l2fwd --queue --zero-copy --poll-mode --busy-poll; do
		[[ $output == *" $option"* ]]
	done
	left_nothing
}

@test "signals end it when what was taken in is answered, and nothing is left" {
	for signal in INT TERM HUP; do
		serve
		nsenter "--net=/run/netns/$dev" ping -q -f "$(address 4)" \
			>/run/tmp/said 3>&- &
		helper=$!
		wait_for reported '.sum.tx.packets > 100'
		over $signal
		end "$helper"
		helper=''
		[[ $(tail -n 1 /run/tmp/errors) =~ received\ ([0-9]+)\ packets,\ sent\ ([0-9]+),\ ignored\ 0,\ not\ sent\ 0$ ]]
		[ "${BASH_REMATCH[1]}" -eq "${BASH_REMATCH[2]}" ]
		[ "${BASH_REMATCH[1]}" -gt 100 ]
		rm /run/tmp/said
		left_nothing
	done
}

# bats test_tags=slow
@test "queues that were just freed can be had again, at once and every time" {
	dev=x3q
	rounds=20
	[ "${VM_GUEST-}" != tcg ] || rounds=6
	for ((i = 0; i < rounds; i++)); do
		timeout 20 ./af_xdp_user -q -p -d $dev -n 1 -i 0.01 >/dev/null
	done
	left_nothing
}

@test "an interface that goes away: one line, status 1" {
	ways=('' -p)
	[ "${VM_GUEST-}" != tcg ] || ways=(-p)
	for way in "${ways[@]}"; do
		dev=x3g
		lab x3g --queues 2
		# shellcheck disable=SC2086 # perhaps no word
		serve $way
		ip link del dev x3g
		failed
		t teardown --name x3g
		[ "$rc" -eq 1 ]
		one_error "'x3g'" gone
		left_nothing
	done
}

# bats test_tags=slow
@test "an interface that is set down is waited for" {
	ways=('' -p --busy-poll)
	[ "${VM_GUEST-}" != tcg ] || ways=(--busy-poll)
	for way in "${ways[@]}"; do
		# shellcheck disable=SC2086 # perhaps no word
		serve $way
		both 3
		ip link set $dev down
		ip link set $dev up
		pinged 3 4
		over
		took 9 9 0
		# IPv6 addresses went away.
		t reset --name $dev
	done
}

@test "a program that another one replaces, or takes off: one line, status 30" {
	serve -p
	../basic02-prog-by-name/xdp_prog_user -q -F -d $dev --progname xdp_pass_func
	failed
	[ "$rc" -eq 30 ]
	one_error "is no longer attached to 'x3'"
	# The other one stays.
	[ -n "$(programs)" ]
	../basic02-prog-by-name/xdp_prog_user -q -d $dev --unload
	left_nothing
	serve
	./af_xdp_user -q -d $dev --unload-all
	failed
	[ "$rc" -eq 30 ]
	one_error "is no longer attached to 'x3'"
	left_nothing
}

@test "a queue that another socket has: one line, status 30, and that one goes on" {
	serve -p
	for way in '' -p -F '-Q 0' -S; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 20 ./af_xdp_user -q -d $dev -n 1 $way
		[ "$status" -eq 30 ]
		one_line_error "cannot bind to queue 0 of 'x3': another AF_XDP socket has it"
	done
	both 5
	over
	took 10 10 0
	left_nothing
	# Of several queues those that were free are free again.
	dev=x3q
	serve -p -Q 2
	run --separate-stderr timeout 20 ./af_xdp_user -q -d $dev -n 1
	[ "$status" -eq 30 ]
	one_line_error "cannot bind to queue 2 of 'x3q': another AF_XDP socket has it"
	over
	serve -p
	over
	left_nothing
}

# bats test_tags=kernel
@test "a program is there that leaves no room: one line, status 30" {
	feature dispatcher && skip "there is room for several here"
	../basic02-prog-by-name/xdp_prog_user -q -d $dev --progname xdp_pass_func
	before=$(snapshot)
	refused 30 "cannot attach 'xdp_sock_echo_func' to 'x3'"
	# --force takes its place.
	serve -p -F
	both 5
	over
	took 10 10 0
	[ -z "$(programs)" ]
}

@test "queues, modes and sizes that cannot be" {
	dev=x3q
	refused 2 "bad value '9' for --queue: 'x3q' has the receive queues 0 to 3" -Q 9
	refused 2 "bad value '0-4' for --queue: 'x3q' has the receive queues" -Q 0-4
	refused 2 "bad value '70000' for --queue" -Q 70000
	for list in x 1- 3-1 '0,' 0,,1 0x1 '0 1'; do
		refused 2 "bad value '$list' for --queue: no list like 0,2-3" "--queue=$list"
	done
	refused 30 "cannot bind to queue 0 of 'x3q': its driver has no zero-copy" -z
	refused 2 "--copy and --zero-copy exclude each other" -c -z
	refused 2 "--skb-mode and --zero-copy exclude each other" -S -z
	refused 2 "--budget is for --busy-poll" --budget 8
	refused 2 "cannot use frames of 3000 bytes" --frame-size 3000
	refused 2 "cannot leave 1025 bytes of a frame of 2048 free" \
		--frame-size 2048 --headroom 1025
	for bad in '--frames 63' '--frames 65537' '--frame-size 1024' \
		'--frame-size 8192' '--headroom 2049' '--busy-poll --budget 0'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 20 ./af_xdp_user -d $dev $bad
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} == "error: bad value "* ]]
	done
	refused 30 "cannot" --offload-mode
	run --separate-stderr ./af_xdp_user -d nosuch0
	[ "$status" -eq 2 ]
	[[ $stderr == "error: bad value 'nosuch0' for --dev: no such interface"* ]]
	unchanged "$before"
}

@test "objects and programs that cannot do it" {
	refused 40 "cannot use 'xsks_map' of '../basic01-xdp-pass/xdp_pass_kern.o': it has no such map" \
		--filename ../basic01-xdp-pass/xdp_pass_kern.o --progname xdp_prog_simple
	refused 40 "cannot open './nosuch.o'" --filename ./nosuch.o
	refused 40 "there is: xdp_sock_prog" --progname nosuch
}

@test "not permitted, or more memory than may be locked" {
	need_cmd setpriv prlimit
	run --separate-stderr timeout 20 setpriv --inh-caps=-all --bounding-set=-all \
		./af_xdp_user -q -d $dev
	[ "$status" -eq 1 ]
	one_line_error "cannot bind to queue 0 of 'x3': not permitted (run it as root)"
	unchanged "$before"
	run --separate-stderr timeout 20 prlimit --memlock=1000000:1000000 \
		setpriv --bounding-set -sys_resource,-ipc_lock ./af_xdp_user -q -d $dev
	[ "$status" -eq 30 ]
	one_line_error "cannot register 16384 KiB of frames: more than may be locked (see ulimit -l)"
	unchanged "$before"
	# Fewer do, once nothing else of root's has locked as much.
	wait_for timeout 20 prlimit --memlock=1000000:1000000 \
		setpriv --bounding-set -sys_resource,-ipc_lock \
		./af_xdp_user -q -d $dev --frames 64 -n 1 -i 0.01
	left_nothing
}

@test "who may raise the limit on locked memory does not meet it" {
	need_cmd setpriv prlimit
	prlimit --memlock=1000000:unlimited true 2>/dev/null ||
		skip "no limit may be raised here"
	timeout 20 prlimit --memlock=1000000:unlimited \
		setpriv --bounding-set -ipc_lock ./af_xdp_user -q -d $dev -n 1 -i 0.01
	left_nothing
}

@test "a kernel that lacks it, or a part of it" {
	dev=x3q
	run --separate-stderr old_sockets xdp timeout 20 ./af_xdp_user -q -d $dev
	[ "$status" -eq 77 ]
	one_line_error "cannot bind to queue 0 of 'x3q': this kernel has no AF_XDP"
	run --separate-stderr old_sockets busy_poll timeout 20 \
		./af_xdp_user -q -d $dev --busy-poll
	[ "$status" -eq 77 ]
	one_line_error "cannot use busy polling: Linux 5.11 has it, this kernel has not"
	run --separate-stderr old_sockets shared timeout 20 ./af_xdp_user -q -d $dev
	[ "$status" -eq 2 ]
	one_line_error "cannot bind to queue 1 of 'x3q': this kernel shares no UMEM between queues (Linux 5.10 does)"
	# One queue needs none of this.
	OLD_SOCKETS=shared preloaded old_sockets timeout 20 \
		./af_xdp_user -q -d $dev -Q 1 -n 1 -i 0.01 --json
	left_nothing
}

# bats test_tags=kernel
@test "beside other programs, whether they were there before or come and go" {
	need_feature dispatcher
	../basic02-prog-by-name/xdp_prog_user -q -d $dev --progname xdp_pass_func
	serve -p
	both 5
	run ../basic02-prog-by-name/xdp_prog_user -d $dev --progname xdp_pass_func
	[[ $output =~ id\ ([0-9]+) ]]
	both 5
	../basic02-prog-by-name/xdp_prog_user -q -d $dev --unload "${BASH_REMATCH[1]}"
	both 5
	over
	took 30 30 0
	[ -n "$(programs)" ]
	../basic02-prog-by-name/xdp_prog_user -q -d $dev --unload-all
	left_nothing
}

# bare_serve QUEUE [COMMAND]: af_xdp_bare_user in the background, once it answers
bare_serve()
{
	: >/run/tmp/errors
	"${2-./af_xdp_bare_user}" $dev "$1" >/run/tmp/report 2>/run/tmp/errors 3>&- &
	runner=$!
	wait_for grep -qx "note: attached 'xdp_sock_echo_func' to '$dev': answering echo requests on queue $1; Ctrl-C ends it" \
		/run/tmp/errors
}

# bare_over [SIGNAL]: it has ended with status 0, has said so, and nothing more
bare_over()
{
	kill -s "${1:-TERM}" "$runner"
	failed
	cat /run/tmp/errors
	[ "$rc" -eq 0 ]
	[ ! -s /run/tmp/report ]
	[ "$(wc -l </run/tmp/errors)" -eq 2 ]
	[ "$(tail -n 1 /run/tmp/errors)" = "note: detached 'xdp_sock_echo_func' from '$dev'" ]
}

# bare_refused STATUS TEXT ARGUMENT...: it ends so, and nothing has changed
bare_refused()
{
	run --separate-stderr timeout 20 ./af_xdp_bare_user "${@:3}"
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	one_line_error "$2"
	unchanged "$before"
}

@test "bare: all pings are answered from user space; each signal undoes it" {
	asked=$(echos)
	for signal in INT TERM HUP; do
		bare_serve 0
		both "$pings"
		for size in 0 1 1400; do
			both 5 $size
		done
		bare_over $signal
		left_nothing
	done
	# The kernel has not seen one of them.
	[ "$(echos)" = "$asked" ]
	# Whatever ends it.
	bare_serve 0
	kill -KILL "$runner"
	failed
	left_nothing
	both 1
}

@test "bare: more packets under way than are sent in one call" {
	bare_serve 0
	# ping itself does not wait for the last answers where the machine is slow.
	AHEAD=100 pinged "$pings" 4
	bare_over
	left_nothing
}

@test "bare: one queue; those before and behind it are the kernel's" {
	dev=x3q
	bare_serve 2
	for queue in 0 2 3; do
		asked=$(echos)
		through $queue
		pinged 10 4
		pinged 10 6
		mine=$((queue == 2 ? 0 : 10))
		[ "$(echos)" = "$((${asked% *} + mine)) $((${asked#* } + mine))" ]
	done
	bare_over
	left_nothing
}

@test "bare: odd packets: what is answered is right, the rest is the kernel's" {
	sysctl -q net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1
	hush
	bare_serve 0
	read -r sent answered < <(inside "$TOP/tests/packets/answers.py" veth0 < <(
		sed 's/#.*//' ../packet03-redirecting/verdicts.txt |
		awk '$1 == "program" { on = $2 == "xdp_icmp_echo_func"; next }
			on && $3 ~ /^XDP/ { print $1, $3 == "XDP_TX" ? $2 : "-" }'))
	[ "$answered" -gt 140 ]
	[ "$sent" -gt $((answered + 300)) ]
	bare_over
}

@test "bare: it sleeps while nothing comes" {
	bare_serve 0
	both 5
	read -r -a used <"/proc/$runner/stat"
	sleep 2
	read -r -a now <"/proc/$runner/stat"
	# User and system time, in ticks of 10 ms
	[ $((now[13] + now[14])) -le $((used[13] + used[14] + 2)) ]
	bare_over
}

@test "bare: this file and the object alone, built by hand, run from elsewhere" {
	mkdir /run/tmp/alone
	cp af_xdp_bare_user.c af_xdp_kern.o /run/tmp/alone
	cd /run/tmp/alone
	read -r _ command < <(grep '^ \*.cc ' af_xdp_bare_user.c)
	grep -qF "$command" "$BATS_TEST_DIRNAME/README.org"
	cc=$(sed -n 's/^CC := *//p' "$TOP/config.mk")
	bash -c "$cc -Wall -Wextra -Werror ${command#cc}"
	cd /
	bare_serve 0 /run/tmp/alone/af_xdp_bare_user
	both 5
	bare_over
	rm /run/tmp/alone/af_xdp_kern.o
	run --separate-stderr timeout 20 /run/tmp/alone/af_xdp_bare_user $dev 0
	[ "$status" -eq 40 ]
	one_line_error "cannot open '/run/tmp/alone/af_xdp_kern.o': No such file"
	# Another one in the current folder comes first.
	cd /run/tmp/alone
	cp "$TOP/basic01-xdp-pass/xdp_pass_kern.o" af_xdp_kern.o
	run --separate-stderr timeout 20 "$BATS_TEST_DIRNAME/af_xdp_bare_user" $dev 0
	[ "$status" -eq 40 ]
	one_line_error "cannot load 'af_xdp_kern.o': No such file"
	rm -r /run/tmp/alone
	left_nothing
}

@test "bare: arguments that cannot be" {
	bare_refused 2 "usage: af_xdp_bare_user IFNAME QUEUE"
	bare_refused 2 "usage: af_xdp_bare_user IFNAME QUEUE" x3
	bare_refused 2 "usage: af_xdp_bare_user IFNAME QUEUE" x3 0 0
	bare_refused 2 "bad value 'nosuch0' for IFNAME: no such interface" nosuch0 0
	for queue in '' x -1 0x1 1x '1 ' 65536 99999999999999999999; do
		bare_refused 2 "bad value '$queue' for QUEUE: not a number" x3 "$queue"
	done
	bare_refused 2 "cannot bind to queue 1 of 'x3': there is no such queue" x3 1
	bare_refused 2 "cannot bind to queue 65535 of 'x3q': there is no such queue" x3q 65535
}

@test "bare: a queue that is taken, a program that is there: status 30, they stay" {
	serve -p
	bare_refused_now()
	{
		run --separate-stderr timeout 20 ./af_xdp_bare_user $dev 0
		[ "$status" -eq 30 ]
		one_line_error "$1"
		both 5
	}
	bare_refused_now "cannot bind to queue 0 of 'x3': another AF_XDP socket has it"
	over
	took 10 10 0
	for mode in -N -S; do
		../basic02-prog-by-name/xdp_prog_user -q -d $dev $mode --progname xdp_pass_func
		mine=$(programs)
		bare_refused_now "cannot attach 'xdp_sock_echo_func' to 'x3': it has another XDP program"
		[ "$(programs)" = "$mine" ]
		../basic02-prog-by-name/xdp_prog_user -q -d $dev --unload-all
	done
	left_nothing
}

# bats test_tags=slow
@test "bare: a queue that was just freed can be had again" {
	for ((i = 0; i < 5; i++)); do
		bare_serve 0
		bare_over
	done
	# And one that is freed while it waits.
	serve -p
	./af_xdp_bare_user $dev 0 2>/run/tmp/said 3>&- &
	helper=$!
	sleep 0.1
	over
	wait_for grep -q ^note: /run/tmp/said
	both 5
	end "$helper"
	helper=''
	rm /run/tmp/said
	left_nothing
}

# bats test_tags=slow
@test "bare: an interface that goes away: one line, status 1; one set down is waited for" {
	dev=x3g
	lab x3g --queues 2
	bare_serve 1
	ip link del dev x3g
	failed
	t teardown --name x3g
	[ "$rc" -eq 1 ]
	one_error "cannot go on with 'x3g': the interface is gone"
	left_nothing
	dev=x3
	bare_serve 0
	both 3
	ip link set $dev down
	sleep 1.5
	ip link set $dev up
	pinged 3 4
	bare_over
	# IPv6 addresses went away.
	t reset --name $dev
}

@test "bare: not permitted; a kernel that lacks AF_XDP" {
	need_cmd setpriv
	run --separate-stderr timeout 20 setpriv --inh-caps=-all --bounding-set=-all \
		./af_xdp_bare_user $dev 0
	[ "$status" -eq 1 ]
	one_line_error "cannot register memory for AF_XDP: Operation not permitted"
	run --separate-stderr old_sockets xdp timeout 20 ./af_xdp_bare_user $dev 0
	[ "$status" -eq 77 ]
	one_line_error "cannot register memory for AF_XDP: Address family not supported"
	unchanged "$before"
}
