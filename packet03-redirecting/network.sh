#!/bin/sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The network of the router's tests (prepare.txt): made in a namespace where
# nothing else is. What comes in at "in" (101) has the address 10.11.1.2 and goes
# to 10.11.1.1, that is through "out" (103) to a neighbour whose MAC address is
# 02:00:0a:0b:02:02. tests/packets/fixtures.py, forward, lists the other ways.
set -e

# link NAME INDEX MTU: an end of a veth pair; the other end is NAME-peer.
link()
{
	ip link add "$1" index "$2" mtu "$3" address "02:00:0a:0b:0$4:01" \
		type veth peer name "$1-peer" index "$(($2 + 1))" mtu "$3"
	echo 0 >"/proc/sys/net/ipv6/conf/$1/accept_dad"
	ip link set "$1" up
	ip link set "$1-peer" up
	ip address add "10.11.$4.1/24" dev "$1"
	ip address add "fc00:dead:cafe:$4::1/64" dev "$1" nodad
	ip neighbour add "10.11.$4.2" lladdr "02:00:0a:0b:0$4:02" dev "$1"
	ip neighbour add "fc00:dead:cafe:$4::2" \
		lladdr "02:00:0a:0b:0$4:02" dev "$1"
	for family in 4 6; do
		echo 1 >"/proc/sys/net/ipv$family/conf/$1/forwarding"
		echo 0 >"/proc/sys/net/ipv$family/conf/$1-peer/forwarding"
	done
}

# way NUMBER GATEWAY: to the networks of that number through this one.
way()
{
	ip route add "10.11.$1.0/24" via "10.11.$2.2"
	ip route add "fc00:dead:cafe:$1::/64" via "fc00:dead:cafe:$2::2"
}

ip link set lo up
link in 101 1500 5
link out 103 1500 2
link narrow 105 1400 3
link closed 107 1500 4 # not in tx_port
way 1 2
way 11 5
way 12 3
way 13 4
ip route add 10.11.14.0/24 via inet6 fc00:dead:cafe:2::2
for kind in blackhole unreachable prohibit; do
	ip route add "$kind" "10.11.15.${#kind}"
	ip -6 route add "$kind" "fc00:dead:cafe:15::${#kind}"
done
