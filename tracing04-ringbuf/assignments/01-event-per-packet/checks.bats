#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What is judged: the lines of the command, for packets whose ports and lengths are known.

# shellcheck disable=SC2154 # live.bash sets them
load ../../../grader/live

setup()
{
	in_answer
	start_answer ./xdp_udp_event_user --dev grade
	wait_answer grep -q attached "$out" ||
		hints "What the command prints is above: for a program that is rejected the line of it." \
			"Each pointer into the packet is compared with data_end before it is used." \
			"What bpf_ringbuf_reserve() returns may be NULL; else it has to be submitted, on each way."
}

teardown()
{
	out_of_answer
}

# events: the lines that are about packets, in their order
events()
{
	grep '^IPv' "$out"
}

# settled: what was sent before has its line by now: the last packet is one of ours. An
# answer that misses it is not waited for. Its port is 0x2727, in any byte order.
settled()
{
	local i

	for ((i = 0; i < 20; i++)); do
		! grep -q 'port 10023' "$out" || return 0
		sleep 0.05
	done
}

# expect LINES HINT...: those lines, and no others
expect()
{
	local got

	deliver 1 udp --dport 10023 --size 64
	settled
	got=$(events | grep -v ' port 10023,') || :
	[ "$got" != "$1" ] || return 0
	show "expected: ${1:-nothing}"
	show "got:      ${got:-nothing}"
	hints "${@:2}"
}

@test "TCP and ICMP pass, and are no events" {
	deliver 1 tcp --dport 5001
	"$TOP/testenv/testenv.sh" ping --name grade -c 1 -w 5 -i 0.2 -s 100 >/dev/null || {
		show "a ping is not answered"
		hints "All packets pass, those with an event and those without: XDP_PASS."
	}
	expect "" "Each packet has an event. Where does the program look at what the packet is?" \
		"Parse it as in packet01: parse_ethhdr(), parse_iphdr(); the last one returns the protocol." \
		"if (proto != IPPROTO_UDP) return XDP_PASS; in front of bpf_ringbuf_reserve()."
}

@test "a UDP packet has one event, with its length and port" {
	deliver 1 udp --dport 5001 --size 100
	deliver 1 udp --dport 10023 --size 64
	settled
	line=$(events | head -n 1)
	case $line in
	*", port 35091, "*)
		show "$line"
		hints "5001 is 0x1389, and 35091 is 0x8913: what is the byte order of a header?" \
			"udph->dest is in network byte order, the event's port in host byte order." \
			"event->port = bpf_ntohs(udph->dest);"
		;;
	*", port 5001, 100 bytes") ;;
	*", port 5001, "*)
		show "expected 100 bytes, got: $line"
		hints "The length is that of the frame, its Ethernet header and all that follows." \
			"Where does the frame begin, and where does it end?" \
			"event->len = data_end - data; with data and data_end of ctx."
		;;
	esac
	expect "IPv4, port 5001, 100 bytes" \
		"Each member of the event has to be set: a reserved record holds what was there before." \
		"The length is data_end - data. The port is in the UDP header, and the version is 4 or 6." \
		"event->len = data_end - data; event->port = bpf_ntohs(udph->dest); event->version = 4;"
}

@test "each packet has its own event" {
	deliver 2 udp --dport 5001 --size 80
	deliver 1 udp --dport 7 --size 1200
	expect "IPv4, port 5001, 80 bytes
IPv4, port 5001, 80 bytes
IPv4, port 7, 1200 bytes" "Each packet has an event of its own, also one that is like the one before." \
		"Reserve, fill and submit in each run of the program."
}

@test "UDP over IPv6, too, and behind a VLAN tag" {
	deliver 1 udp -6 --dport 5001 --size 300
	deliver 1 udp -4 --vlan 7 --dport 5002 --size 120
	expect "IPv6, port 5001, 300 bytes
IPv4, port 5002, 120 bytes" "What does your program do with an EtherType that is not IPv4's?" \
		"parse_ethhdr() skips tags, and returns the EtherType: ETH_P_IPV6 has parse_ip6hdr()." \
		"else if (eth_proto == bpf_htons(ETH_P_IPV6)) proto = parse_ip6hdr(&nh, data_end, &ip6h);"
}
