#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_rewrite_user and xdp_ports_user: what arrives in a lab after a rewrite,
# and connections through both directions of one. What each packet of
# tests/packets becomes is tested in tests/progrun.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab p02
	lab p02v --vlan 7
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --all
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	mkdir -p /sys/fs/bpf/xdp
	server=''
	before=$(snapshot)
}

teardown()
{
	for dev in p02 p02v; do
		./xdp_ports_user -q -d $dev --unload-all
		./xdp_rewrite_user -q -d $dev --unload-all
	done
	end "$server"
	end "${runner-}"
	rm -f /run/tmp/sent /run/tmp/got /run/tmp/frames /run/tmp/report
}

inside()
{
	"$TOP/testenv/testenv.sh" exec --name "$@"
}

need_nc()
{
	need_cmd nc ss nstat
	[[ $(nc -h 2>&1) == *OpenBSD* ]] || skip "no nc of OpenBSD here"
}

# address LAB FAMILY: of its outer end, where the servers are
address()
{
	ip -o "-$2" addr show dev "$1" scope global |
		sed 's|.* inet6\{0,1\} \([^/]*\)/.*|\1|'
}

# listening -t|-u PORT
listening()
{
	[ -n "$(ss -Hln "$1" "sport = :$2")" ]
}

# bad_sums LAB: segments and datagrams with a wrong checksum, on both sides
bad_sums()
{
	{
		nstat -asz TcpInCsumErrors UdpInCsumErrors Udp6InCsumErrors
		inside "$1" nstat -asz TcpInCsumErrors UdpInCsumErrors Udp6InCsumErrors
	} | awk '/CsumErrors/ { n++; sum += $2 } END { print n == 6 ? sum : "none" }'
}

# both_ways LAB: xdp_ports_user at work there
both_ways()
{
	./xdp_ports_user -q -d "$1" >/dev/null 3>&- &
	runner=$!
	# What says that the second of both is there.
	wait_for egress "$1" tc_return
}

egress()
{
	tc filter show dev "$1" egress | grep -q "$2"
}

undo_both_ways()
{
	kill "$runner"
	wait "$runner"
	runner=
}

# transfer LAB ADDRESS: 2 MB there and 20 bytes back, unharmed
transfer()
{
	echo "what the answer is" >/run/tmp/answer
	timeout 20 nc -N -l "$2" 8079 </run/tmp/answer >/run/tmp/got 3>&- &
	server=$!
	wait_for listening -t 8079
	[ "$(inside "$1" timeout 20 nc -N "$2" 8080 </run/tmp/sent)" = "what the answer is" ]
	wait "$server"
	server=
	rm /run/tmp/answer
	cmp /run/tmp/sent /run/tmp/got
}

# ask LAB ADDRESS: a datagram to port 5300, answered by who listens on 5299.
# The client's socket is connected: an answer from another port is refused.
ask()
{
	echo "an answer" >/run/tmp/answer
	nc -u -l "$2" 5299 </run/tmp/answer >/run/tmp/got 3>&- &
	server=$!
	wait_for listening -u 5299
	# shellcheck disable=SC2016 # for the inner shell
	[ "$(inside "$1" timeout 10 bash -c 'exec 4<>"/dev/udp/$1/5300"
		echo "a question" >&4; dd bs=64 count=1 status=none <&4' sh "$2")" = "an answer" ]
	end "$server"
	server=
	rm /run/tmp/answer
	[ "$(cat /run/tmp/got)" = "a question" ]
}

# bats test_tags=kernel
@test "UDP arrives one port below, checksum right, by IPv4 and IPv6" {
	need_nc
	./xdp_rewrite_user -q -d p02
	for family in 4 6; do
		timeout 20 nc -u -l -W 1 "$(address p02 $family)" 7999 >/run/tmp/got 3>&- &
		server=$!
		wait_for listening -u 7999
		# shellcheck disable=SC2016 # for the inner shell
		inside p02 bash -c 'echo hello >"/dev/udp/$1/8000"' sh "$(address p02 $family)"
		wait "$server"
		server=
		[ "$(cat /run/tmp/got)" = hello ]
	done
	[ "$(bad_sums p02)" = 0 ]
	rm /run/tmp/got
	./xdp_rewrite_user -q -d p02 --unload
	unchanged "$before"
}

@test "port 0 becomes 65535; a UDP packet without checksum stays without" {
	need_cmd tcpdump python3
	./xdp_rewrite_user -q -d p02 --skb-mode
	# tcpdump sees what the program has left.
	timeout 20 tcpdump -n -c 2 -U -x -i p02 'udp and src port 1025' \
		>/run/tmp/frames 2>/run/tmp/said 3>&- &
	capture=$!
	wait_for grep -q listening /run/tmp/said
	inside p02 "$TOP/tests/packets/send.py" veth0 udp_odd 1 8
	wait "$capture"
	rm /run/tmp/said
	grep -q '10.11.[0-9]*.2.1025 > 10.11.[0-9]*.1.65535: ' /run/tmp/frames
	# Source port 1025, destination port 52, length 9, checksum 0
	grep -q '0401 0034 0009 0000' /run/tmp/frames
}

@test "TCP and UDP there and back through both programs" {
	need_nc
	head -c 2000000 /dev/urandom >/run/tmp/sent
	for dev in p02 p02v; do
		both_ways $dev
		for family in 4 6; do
			transfer $dev "$(address $dev $family)"
			ask $dev "$(address $dev $family)"
		done
		[ "$(bad_sums $dev)" = 0 ]
		undo_both_ways
	done
	rm /run/tmp/sent /run/tmp/got
	unchanged "$before"
}

@test "on the way back a UDP packet without checksum stays without" {
	need_cmd tcpdump python3
	both_ways p02
	inside p02 timeout 20 tcpdump -n -c 1 -U -x -i veth0 'udp and src port 1026' \
		>/run/tmp/frames 2>/run/tmp/said 3>&- &
	capture=$!
	wait_for grep -q listening /run/tmp/said
	"$TOP/tests/packets/send.py" p02 udp_odd 8
	wait "$capture"
	rm /run/tmp/said
	# Source port 1026, destination port 53, length 9, checksum 0
	grep -q '0402 0035 0009 0000' /run/tmp/frames
	undo_both_ways
}

@test "without the way back there is no connection" {
	need_nc
	./xdp_rewrite_user -q -d p02
	timeout 20 nc -N -l "$(address p02 4)" 8079 </dev/null >/run/tmp/got 3>&- &
	server=$!
	wait_for listening -t 8079
	run inside p02 timeout 1 nc -N "$(address p02 4)" 8080 </dev/null
	[ "$status" -ne 0 ]
}

@test "xdp_ports_user counts, and leaves what it found" {
	need_cmd jq tc
	run --separate-stderr ./xdp_ports_user -q -d p02 --json -i 0.1 -n 2
	[ "$status" -eq 0 ]
	[ "$(jq -s length <<<"$output")" = 2 ]
	unchanged "$before"
	./xdp_ports_user -q -d p02 --json -i 0.1 >/run/tmp/report 3>&- &
	runner=$!
	wait_for egress p02 tc_return
	"$TOP/testenv/testenv.sh" ping --name p02 -4 -c 5 -i 0.01 -s 100 >/dev/null
	# 14 Ethernet, 20 IPv4, 8 ICMP, 100 data
	wait_for reported ".actions.XDP_PASS | .packets == 5 and .bytes == $((5 * 142))"
	undo_both_ways
	rm /run/tmp/report
	unchanged "$before"
}

@test "killed, it leaves both; --unload-all and a next run take them away" {
	need_cmd tc
	for how in "--unload-all" "--force -n 1 -i 0.05"; do
		both_ways p02
		kill -KILL "$runner"
		rc=0
		wait "$runner" || rc=$?
		[ "$rc" -eq 137 ]
		egress p02 tc_return
		ip link show dev p02 | grep -q 'prog/xdp id'
		# shellcheck disable=SC2086 # words
		./xdp_ports_user -q -d p02 $how >/dev/null
		run ! egress p02 tc_return
		run ! grep -q 'prog/xdp id' <<<"$(ip link show dev p02)"
		# The qdisc was made by a process that is no more.
		tc qdisc del dev p02 clsact
		unchanged "$before"
	done
	runner=
}

@test "somebody else's filter stays, whatever xdp_ports_user does" {
	need_cmd tc
	tc qdisc add dev p02 clsact
	tc filter add dev p02 egress pref 1 handle 0x2002 bpf direct-action \
		obj tc_return_kern.o sec tc 2>/dev/null ||
		skip "tc cannot load programs here"
	# Another program in our place: that of the lab's tag
	tc filter replace dev p02 egress pref 1 handle 0x2002 bpf direct-action \
		obj ../testenv/lab_vlan_kern.o sec tc
	run --separate-stderr ./xdp_ports_user -q -d p02 -n 1 -i 0.05
	[ "$status" -eq 30 ]
	one_line_error "cannot attach 'tc_return_ports_func' to 'p02'"
	./xdp_ports_user -q -d p02 --unload-all
	tc filter show dev p02 egress | grep -q 'handle 0x2002 '
	tc qdisc del dev p02 clsact
}

@test "xdp_vlan_swap_func: the tag that a lab puts on is taken off" {
	need_cmd tcpdump
	./xdp_rewrite_user -q -d p02v --progname xdp_vlan_swap_func
	# The outer end sees no tag, and the stack answers; its own answers get
	# the tag from the lab, so the other end understands them.
	run "$TOP/testenv/testenv.sh" ping --name p02v -4 -c 2 -i 0.05 -W 1
	[[ $output == *" 2 received"* ]]
	run "$TOP/testenv/testenv.sh" ping --name p02v -6 -c 2 -i 0.05 -W 1
	[[ $output == *" 2 received"* ]]
}

# A kernel may want more of the dispatcher than that of this libxdp offers.
# bats test_tags=kernel
@test "a program that changes the length shares the interface, or says that it cannot" {
	need_feature dispatcher
	run --separate-stderr ./xdp_rewrite_user -d p02 --progname xdp_vlan_swap_func
	[ "$status" -eq 0 ]
	if "$TOP/doctor/doctor_user" --probe dispatcher_resize; then
		[[ $stderr != *"one program at a time"* ]]
		./xdp_rewrite_user -q -d p02 --progname xdp_patch_ports_func
		run ./xdp_rewrite_user -d p02 --unload
		[ "$status" -eq 2 ]
		[[ $output == "error: several programs "*xdp_patch_ports_func*xdp_vlan_swap_func* ]]
	else
		[[ $stderr == *"note: one program at a time on 'p02': libxdp has no dispatcher here (before 1.5.5 "* ]]
		run --separate-stderr ./xdp_rewrite_user -d p02 --progname xdp_patch_ports_func
		[ "$status" -eq 30 ]
		one_line_error "cannot attach 'xdp_patch_ports_func' to 'p02'"
		./xdp_rewrite_user -q -d p02 --force --progname xdp_vlan_swap_func
		# Beside one that stays as it is there is room, but not for this one.
		./xdp_rewrite_user -q -d p02 --force --progname xdp_patch_ports_func
		run --separate-stderr ./xdp_rewrite_user -d p02 --progname xdp_vlan_swap_func
		[ "$status" -eq 30 ]
		one_line_error "cannot attach 'xdp_vlan_swap_func' to 'p02'"
	fi
	./xdp_rewrite_user -q -d p02 --unload-all
	unchanged "$before"
}

@test "xdp_vlan_swap_func: what has no tag gets one of id 1" {
	need_cmd tcpdump
	./xdp_rewrite_user -q -d p02 --progname xdp_vlan_swap_func
	timeout 20 tcpdump -n -c 1 -U -e -i p02 vlan >/run/tmp/frames \
		2>/run/tmp/said 3>&- &
	capture=$!
	wait_for grep -q listening /run/tmp/said
	run "$TOP/testenv/testenv.sh" ping --name p02 -4 -c 1 -W 1
	# Nobody is at home in VLAN 1.
	[[ $output == *" 0 received"* ]]
	wait "$capture"
	rm /run/tmp/said
	grep -q 'vlan 1, p 0, .*ICMP echo request' /run/tmp/frames
}
