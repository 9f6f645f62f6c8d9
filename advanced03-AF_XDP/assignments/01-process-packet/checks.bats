#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What is judged: the answers that pings get. The stack on this side gives none, so they are
# those of the command; the stack on the other side checks them.

# shellcheck disable=SC2154 # live.bash sets them
load ../../../grader/live

setup()
{
	in_answer
	need_feature af_xdp
	stack_is_deaf 1
	start_answer ./af_xdp_reply_user --dev grade
	wait_answer grep -q attached "$out" ||
		hints "What the command prints is above. The starter's program and socket need no change."
}

teardown()
{
	stack_is_deaf 0
	out_of_answer
}

# stack_is_deaf 1|0: it does not answer pings, or does again
stack_is_deaf()
{
	echo "$1" >/proc/sys/net/ipv4/icmp_echo_ignore_all
	echo "$1" >/proc/sys/net/ipv6/icmp/echo_ignore_all
}

# ping_it OPTION...: from the inner end; its words are in $said
ping_it()
{
	said=$("$TOP/testenv/testenv.sh" ping --name grade -c 1 -w 2 -i 0.2 "$@" 2>&1)
}

# counter NAME: of IPv6 on the other side
counter()
{
	"$TOP/testenv/testenv.sh" exec --name grade cat /proc/net/snmp6 |
		sed -n "s/^$1[[:space:]]*//p"
}

# something_comes: for ten requests ten packets, whatever they are
something_comes()
{
	local before

	before=$(counter Ip6InReceives)
	ping_it -6 -c 10 -i 0.01 -w 1 || :
	[ "$(counter Ip6InReceives)" -ge $((before + 10)) ]
}

# has_ttl: as ping shows it, of both families
has_ttl()
{
	[[ $said == *" ttl=$1 "* ]]
}

@test "an echo request by IPv6 is answered" {
	ping_it -6 && return
	show "no answer: $(tail -n 2 <<<"$said")"
	[ "$(counter Icmp6InCsumErrors)" -eq 0 ] || {
		show "an ICMPv6 message has come back, and its checksum is wrong"
		hints "The type is a part of what the checksum is about. Which word has it in it?" \
			"As for IPv4: csum_replace() with the word of type and code, before and after." \
			"csum_replace(&icmp6->icmp6_cksum, htons(ICMP6_ECHO_REQUEST << 8), htons(ICMP6_ECHO_REPLY << 8));"
	}
	if something_comes; then
		show "packets come back, and are none that the sender of the request waits for"
		hints "To whom does your packet go, from whom does it come, and of which type is it?" \
			"Source and destination of IPv6 are swapped, and the type is ICMP6_ECHO_REPLY (129)." \
			"swap(&ip6->ip6_src, &ip6->ip6_dst, sizeof(ip6->ip6_src));"
	fi
	hints "What does process_packet() do with an EtherType that is not IPv4's?" \
		"As for IPv4: type, checksum, hop limit and addresses, and the MAC addresses. ICMPv6 has numbers of its own." \
		"ICMP6_ECHO_REQUEST (128) becomes ICMP6_ECHO_REPLY (129); struct ip6_hdr has ip6_src and ip6_dst."
}

@test "an answer has a hop limit of 64, whatever the request has" {
	ping_it -6 -t 7
	has_ttl 64 || {
		show "expected ttl=64, got: $(grep ttl= <<<"$said")"
		hints "The answer begins its own way: it has as many hops as a packet of ours." \
			"The header of IPv6 has the hop limit, and no checksum." \
			"ip6->ip6_hlim = HOPS;"
	}
}

@test "requests of all lengths are answered" {
	for size in 0 1 57 1400; do
		ping_it -6 -s "$size" || {
			show "no answer to $size bytes: $(tail -n 2 <<<"$said")"
			hints "The data behind the header stay as they are: only what changes is corrected in the checksum." \
				"The smallest request is Ethernet, IPv6 and 8 bytes of ICMPv6." \
				"sizeof(struct icmp6_hdr) is 8, and nothing behind it has to be there."
		}
	done
}

@test "IPv4 is answered as before, and Ctrl-C ends it" {
	ping_it -4 -t 7 && has_ttl 64 || {
		show "got: $(tail -n 2 <<<"$said")"
		hints "Each EtherType has its own function: that of IPv4 as the starter has it." \
			"eth->h_proto == htons(ETH_P_IP) is for answer_ipv4(), ETH_P_IPV6 for yours."
	}
	stop_answer
	[ "$status" -eq 0 ] || {
		show "expected status 0, got $status: $(cat "$out")"
		hints "The starter's loop ends with a signal, and the command with status 0."
	}
}
