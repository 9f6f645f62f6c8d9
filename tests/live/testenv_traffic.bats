#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What a lab is for: packets that XDP sends back, or on to another lab, arrive.

load testenv

# link_labs A B: what leaves A arrives in B, by XDP alone, and back
link_labs()
{
	local a b family prefix

	a=$(number_of "$1") b=$(number_of "$2")
	attach "$1" redirect_func "$(cat "/sys/class/net/$2/ifindex")" "$b"
	attach "$2" redirect_func "$(cat "/sys/class/net/$1/ifindex")" "$a"
	for family in 4 6; do
		prefix='10.11.%d.0/24 via 10.11.%d.1'
		[ "$family" = 4 ] ||
			prefix='fc00:dead:cafe:%d::/64 via fc00:dead:cafe:%d::1'
		# shellcheck disable=SC2046,SC2059 # words of a route
		inside "$1" ip "-$family" route add $(printf "$prefix" "$b" "$a")
		# shellcheck disable=SC2046,SC2059
		inside "$2" ip "-$family" route add $(printf "$prefix" "$a" "$b")
	done
}

need_nc()
{
	need_cmd nc
	[[ $(nc -h 2>&1) == *OpenBSD* ]] || skip "no nc of OpenBSD here"
}

# listening LAB PROTOCOL: waits until somebody does on port 5555
listening()
{
	local i

	for ((i = 0; i < 50; i++)); do
		[ -z "$(inside "$1" ss -Hln "$2" 'sport = :5555')" ] || return 0
		sleep 0.1
	done
	return 1
}

# datagrams FROM TO ADDRESS: 100 of 100 arrive, in order. A page each, more than
# fifty do not fit into the receiver's buffer: it has to have its turn.
datagrams()
{
	local receiver

	"$T" exec --name "$2" timeout 60 nc -u -l -W 100 "$3" 5555 >got 3>&- &
	receiver=$!
	listening "$2" -u
	# shellcheck disable=SC2016 # for the inner shell
	inside "$1" bash -c 'exec 4<>"/dev/udp/$1/5555"
		for i in {1..100}; do
			echo "datagram $i" >&4
			[ "$((i % 10))" -ne 0 ] || sleep 0.05
		done' sh "$3"
	wait "$receiver"
	diff <(printf 'datagram %d\n' {1..100}) got
}

# transfer FROM TO ADDRESS: 5 MB by TCP, unharmed
transfer()
{
	local receiver

	head -c 5000000 /dev/urandom >sent
	"$T" exec --name "$2" timeout 60 nc -l "$3" 5555 >got 3>&- &
	receiver=$!
	listening "$2" -t
	inside "$1" timeout 60 nc -N "$3" 5555 <sent
	wait "$receiver"
	cmp sent got
}

@test "redirect between two labs: 100 of 100 UDP datagrams, v4 and v6, both ways" {
	need_nc
	lab a1
	lab b1
	link_labs a1 b1
	datagrams a1 b1 "10.11.$(number_of b1).2"
	datagrams b1 a1 "10.11.$(number_of a1).2"
	datagrams a1 b1 "fc00:dead:cafe:$(number_of b1)::2"
	datagrams b1 a1 "fc00:dead:cafe:$(number_of a1)::2"
}

@test "redirect between two labs: a TCP transfer, v4 and v6, both ways" {
	need_nc
	lab a1
	lab b1
	link_labs a1 b1
	transfer a1 b1 "10.11.$(number_of b1).2"
	transfer b1 a1 "10.11.$(number_of a1).2"
	transfer a1 b1 "fc00:dead:cafe:$(number_of b1)::2"
}

# Nobody has the address .77 or ::77: only a program can answer for it.
ask_77()
{
	local n address

	n=$(number_of t1)
	for address in "10.11.$n.77" "fc00:dead:cafe:$n::77"; do
		inside t1 ip neigh replace "$address" dev veth0 nud permanent \
			lladdr "$(cat /sys/class/net/t1/address)"
		# -i 0 as root: as fast as they come back
		inside t1 ping -q -c 100 -i 0.005 -W 10 "$address"
	done
}

# bats test_tags=slow
@test "XDP_TX on the outer end: 100 of 100 come back, v4 and v6" {
	lab t1
	run ask_77
	[ "$status" -ne 0 ]
	attach t1 echo_func
	run ask_77
	echo "$output"
	[ "$(grep -c ' 100 received' <<<"$output")" -eq 2 ]
}

@test "XDP_TX: nothing comes back to a bare lab (so the pass program is needed)" {
	lab t1 --bare
	attach t1 echo_func
	run inside t1 ping -q -c 2 -i 0.01 -W 0.3 "10.11.$(number_of t1).1"
	[ "$status" -ne 0 ]
}

@test "XDP_TX on veth0 after load --inner: 100 of 100 come back outside" {
	lab t1
	"$T" load --inner --loader "$LOADER" -- echo_func
	[ "$(holds t1 inner)" = "native echo_func" ]
	[ "$(holds t1 outer)" = "native xdp_lab_pass" ]
	inside t1 ip addr flush dev veth0
	run "$T" ping --inner -q -c 100 -i 0.005 -W 10
	[[ $output == *" 100 received"* ]]
	run "$T" ping --inner -4 -q -c 100 -i 0.005 -W 10
	[[ $output == *" 100 received"* ]]
}
