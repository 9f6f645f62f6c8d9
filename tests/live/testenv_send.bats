#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# testenv.sh send: what it says that it sent is what tcpdump sees on the outer end.

# shellcheck disable=SC2030,SC2031 # each test has its own status and output

load testenv

# capture, sends..., captured: what the outer end of t1 receives and sends meanwhile,
# in $shown, a packet a line; 0x9999 is the mark behind all.
capture()
{
	rm -f capture.pcap
	tcpdump -U -n -i t1 -w capture.pcap 2>listening 3>&- &
	capturing=$!
	wait_for grep -q listening listening
}

captured()
{
	"$T" send raw --type 0x9999 >/dev/null
	wait_for marked
	kill "$capturing"
	wait "$capturing" || true
	shown=$(seen | grep -v 0x9999)
}

# seen FILTER: without the time, the second line of a packet behind its first
seen()
{
	tcpdump -t -nn -e -vv -r capture.pcap "$@" 2>/dev/null |
		awk '/^[^ \t]/ && NR > 1 { print line; line = "" }
			{ sub(/^[ \t]+/, " "); line = line $0 }
			END { if (NR) print line }'
}

marked()
{
	[[ $(seen) == *0x9999* ]]
}

# sends OUTPUT ARGUMENT...: sends that, and says so
sends()
{
	local said

	said=$("$T" send "${@:2}" 2>&1) || true
	[ "$said" != "sent $1" ] || return 0
	printf 'not "sent %s", but "%s"\n' "$1" "$said" >&2
	return 1
}

# shows TEXT...: a packet that has each TEXT in this order
shows()
{
	local line rest text

	while read -r line; do
		rest=$line
		for text in "$@"; do
			[[ $rest == *"$text"* ]] || continue 2
			rest=${rest#*"$text"}
		done
		return 0
	done <<<"$shown"
	printf 'no packet with: %s\n%s\n' "$*" "$shown" >&2
	return 1
}

setup_file()
{
	need_cmd tcpdump
	need_sandbox
	make -s -C "$TOP/testenv" >&2
}

inner=02:00:0a:0b:01:02 outer=02:00:0a:0b:01:01

@test "send: udp, tcp and icmp, of both families, with right checksums" {
	lab t1
	capture
	sends "1 packet: udp 10.11.1.2:1024 > 10.11.1.1:9, 64 bytes" udp
	sends "1 packet: udp [fc00:dead:cafe:1::2]:1024 > [fc00:dead:cafe:1::1]:9, 64 bytes" \
		udp -6
	sends "2 packets: tcp 10.11.1.2:7 > 10.11.1.1:80, 100 bytes" \
		tcp --sport 7 --dport=80 --size 100 --count 2
	sends "1 packet: tcp [fc00:dead:cafe:1::2]:1024 > [fc00:dead:cafe:1::1]:0, 74 bytes" \
		-6 --dport 0 tcp
	sends "3 packets: icmp 10.11.1.2 > 10.11.1.1, 1514 bytes" \
		icmp -4 --size 1514 --count 3
	sends "1 packet: icmp fc00:dead:cafe:1::2 > fc00:dead:cafe:1::1, 63 bytes" \
		icmp -6 --size 63
	captured
	shows "$inner > $outer, ethertype IPv4 (0x0800), length 64:" \
		"10.11.1.2.1024 > 10.11.1.1.9: [udp sum ok] UDP, length 22"
	shows "ethertype IPv6 (0x86dd), length 64:" \
		"fc00:dead:cafe:1::2.1024 > fc00:dead:cafe:1::1.9: [udp sum ok] UDP, length 2"
	shows "length 100:" "10.11.1.2.7 > 10.11.1.1.80: Flags [S]" "(correct)" "length 46"
	shows "length 74:" "::2.1024 > fc00:dead:cafe:1::1.0: Flags [S]" "(correct)" "length 0"
	shows "length 1514:" "ICMP echo request, id 1, seq 3, length 1480"
	shows "length 63:" "[icmp6 sum ok] ICMP6, echo request, id 1, seq 1"
	# The stack has found them right as well.
	[ "$(grep -c 'ICMP echo reply' <<<"$shown")" -eq 3 ]
	shows "ICMP6, echo reply"
	[ "$(seen "ether src $inner and tcp dst port 80" | wc -l)" -eq 2 ]
	[[ $shown != *bad* && $shown != *incorrect* && $shown != *wrong* ]]
}

@test "send --vlan: one tag, several, priority tags; a tag of the lab is in front" {
	lab t1
	capture
	sends "1 packet: udp 10.11.1.2:1024 > 10.11.1.1:9, 1518 bytes, VLAN 10" \
		udp --vlan 10 --size 1518
	sends "3 packets: udp 10.11.1.2:1024 > 10.11.1.1:9, 142 bytes, VLAN 10, 20" \
		udp --vlan 10,20 --size 142 --count 3
	sends "1 packet: tcp 10.11.1.2:1024 > 10.11.1.1:9, 66 bytes, VLAN 0, 0, 4094" \
		tcp --vlan 0,0,4094
	captured
	shows "802.1Q (0x8100), length 1518: vlan 10, p 0, ethertype IPv4"
	shows "802.1Q-QinQ (0x88a8), length 142: vlan 10, p 0, ethertype 802.1Q (0x8100), vlan 20," \
		"[udp sum ok] UDP, length 92"
	[ "$(grep -c 'vlan 20' <<<"$shown")" -eq 3 ]
	shows "(0x88a8), length 66: vlan 0," "(0x88a8), vlan 0," "(0x8100), vlan 4094," "(correct)"
	"$T" teardown
	lab t1 --vlan 42
	capture
	sends "1 packet: icmp 10.11.1.2 > 10.11.1.1, 1518 bytes, VLAN 42" \
		icmp --size 1518
	sends "1 packet: udp 10.11.1.2:1024 > 10.11.1.1:9, 1518 bytes, VLAN 42, 10" \
		udp --vlan 10 --size 1518
	captured
	shows "length 1518: vlan 42, p 0, ethertype IPv4" "echo request"
	shows "vlan 42," "echo reply"
	shows "length 1518: vlan 42," "vlan 10," "[udp sum ok]"
}

@test "send --dst and --src: another host, groups, broadcast" {
	lab t1
	capture
	sends "1 packet: udp 192.0.2.1:1024 > 192.0.2.2:9, 64 bytes" \
		udp --src 192.0.2.1 --dst 192.0.2.2
	sends "1 packet: udp 10.11.1.2:1024 > 239.255.1.2:9 (01:00:5e:7f:01:02), 64 bytes" \
		udp --dst 239.255.1.2
	sends "1 packet: udp 10.11.1.2:1024 > 255.255.255.255:9 (ff:ff:ff:ff:ff:ff), 64 bytes" \
		udp --dst 255.255.255.255
	sends "1 packet: icmp 10.11.1.2 > 10.11.1.255 (ff:ff:ff:ff:ff:ff), 64 bytes" \
		icmp --dst 10.11.1.255
	sends "1 packet: udp [fe80::1]:1024 > [ff02::1:ff00:2]:9 (33:33:ff:00:00:02), 64 bytes" \
		udp --src fe80::1 --dst ff02::1:ff00:2
	captured
	shows "$inner > $outer," "192.0.2.1.1024 > 192.0.2.2.9: [udp sum ok]"
	shows "$inner > 01:00:5e:7f:01:02," "10.11.1.2.1024 > 239.255.1.2.9: [udp sum ok]"
	shows "$inner > ff:ff:ff:ff:ff:ff," "10.11.1.2.1024 > 255.255.255.255.9: [udp sum ok]"
	shows "$inner > ff:ff:ff:ff:ff:ff," "10.11.1.2 > 10.11.1.255: ICMP echo request"
	shows "$inner > 33:33:ff:00:00:02," "fe80::1.1024 > ff02::1:ff00:2.9: [udp sum ok]"
}

@test "send --fragment: parts of one datagram, which the stack puts together" {
	lab t1
	capture
	sends "1 packet in 2 fragments: udp 10.11.1.2:1024 > 10.11.1.1:9, 200 bytes" \
		udp --fragment
	sends "1 packet in 2 fragments: tcp [fc00:dead:cafe:1::2]:1024 > [fc00:dead:cafe:1::1]:9, 90 bytes" \
		tcp -6 --fragment --size 90
	sends "2 packets in 6 fragments: icmp 10.11.1.2 > 10.11.1.1, 4000 bytes" \
		icmp --fragment --size 4000 --count 2
	sends "1 packet in 3 fragments: icmp fc00:dead:cafe:1::2 > fc00:dead:cafe:1::1, 4000 bytes" \
		icmp --fragment --size 4000 -6
	sends "1 packet in 45 fragments: udp 10.11.1.2:1024 > 10.11.1.1:9, 65549 bytes" \
		udp --fragment --size 65549
	sends "1 packet in 3 fragments: udp [fc00:dead:cafe:1::2]:1024 > [fc00:dead:cafe:1::1]:9, 3000 bytes, VLAN 7, 8" \
		udp --fragment --size 3000 --vlan 7,8 -6
	captured
	shows "length 122:" "offset 0, flags [+], proto UDP (17), length 108)"
	shows "length 112:" "offset 88, flags [none], proto UDP (17), length 98)"
	shows "frag (0x" ":0|24) 1024 > 9: Flags [S]"
	shows "frag (0x" ":24|12)"
	[ "$(grep -c 'ICMP echo reply, id 1, seq [12]' <<<"$shown")" -eq 2 ]
	shows "ICMP6, echo reply, id 1, seq 1"
	shows "offset 64064, flags [none], proto UDP (17), length 1471)"
	shows "udp port 9 unreachable" "length 65535)"
	shows "vlan 7," "vlan 8," "frag (0x" "1024 > 9: UDP"
	[[ $shown != *bad* && $shown != *incorrect* && $shown != *wrong* ]]
	# The two datagrams are not parts of one.
	[ "$(seen 'icmp[0] = 8 and ip[6] & 0x20 != 0' | grep -o ' id [0-9]*, offset 0,' |
		sort -u | wc -l)" -eq 2 ]
}

@test "send raw: an EtherType and bytes behind it" {
	lab t1
	capture
	sends "1 packet: raw $inner > $outer, EtherType 0x88b5, 64 bytes" raw
	sends "1 packet: raw $inner > $outer, EtherType 0x1234, 14 bytes" \
		raw --type 0x1234 --size 14
	sends "2 packets: raw $inner > 01:80:c2:00:00:0e, EtherType 0x88b5, 1514 bytes, VLAN 1, 2" \
		raw --dst 01:80:c2:00:00:0e --vlan 1,2 --size 1514 --count 2
	captured
	shows "$inner > $outer, ethertype Unknown (0x88b5), length 64:"
	shows "$inner > $outer, ethertype Unknown (0x1234), length 14:"
	shows "$inner > 01:80:c2:00:00:0e," "length 1514: vlan 1," "vlan 2, p 0, ethertype Unknown (0x88b5)"
}

@test "send: labs of one family, a large MTU, one of several labs" {
	lab t1 --ipv6-only
	lab t2 --ipv4-only --mtu 9000
	[[ $("$T" send udp --name t1) == "sent 1 packet: udp [fc00:dead:cafe:1::2]:1024 > "* ]]
	sends "1 packet: udp 10.11.2.2:1024 > 10.11.2.1:9, 9014 bytes" \
		--name t2 udp --size 9014
	sends "1 packet in 2 fragments: udp 10.11.2.2:1024 > 10.11.2.1:9, 9014 bytes" \
		--name t2 udp --size 9014 --fragment
	run --separate-stderr "$T" send --name t1 udp -4
	[ "$status" -eq 2 ]
	one_line_error "cannot send IPv4: the lab has only IPv6"
	run --separate-stderr "$T" send udp
	[ "$status" -eq 2 ]
	one_line_error "several labs"
}

# refused TEXT ARGUMENT...
refused()
{
	run --separate-stderr "$T" send "${@:2}"
	if [ "$status" -ne 2 ] || [ -n "$output" ] || ! one_line_error "$1"; then
		echo "status $status of: ${*:2}" >&2
		return 1
	fi
}

@test "send: bad words and values: one line, exit 2, nothing sent" {
	local before_send

	lab t1
	before_send=$(moved t1)
	refused "missing kind"
	refused "missing kind" --size 100
	refused "cannot send 'ucp'" ucp
	refused "unknown argument 'tcp'" udp tcp
	refused "unknown option '--mtu'" udp --mtu 3
	refused "unknown option '-x'" udp -x
	refused "missing value for '--count'" udp --count
	refused "'--fragment' a value" udp --fragment=2
	refused "'41' for --size: not a number from 42 to 1514" udp --size 41
	refused "'1515' for --size" udp --size 1515
	refused "'' for --vlan" udp --vlan ''
	refused "'1523' for --size" udp --vlan 1,2 --size 1523
	refused "'65550' for --size" udp --fragment --size 65550
	refused "'42' for --size: not a number from 43" udp --fragment --size 42
	refused "'13' for --size" raw --size 13
	refused "'x' for --count" udp --count x
	refused "'0' for --count" udp --count 0
	refused "'4095' for --vlan" udp --vlan 1,4095
	refused "'' for --vlan" udp --vlan 1,,2
	refused "more than 16" udp --vlan 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17
	refused "'65536' for --sport" udp --sport 65536
	refused "'-1' for --dport" tcp --dport -1
	refused "'0x5ff' for --type" raw --type 0x5ff
	refused "'--type' with udp" udp --type 0x800
	refused "'--sport' with icmp" icmp --sport=3
	refused "'--dport' with raw" raw --dport 3
	refused "'--fragment' with raw" raw --fragment
	refused "'-6' with raw" raw -6
	refused "not an IP address" udp --dst 10.11.1
	refused "not an IP address" udp --src 02:00:00:00:00:01
	refused "not a MAC address" raw --dst 10.11.1.1
	refused "IPv4 and IPv6" udp -4 -6
	refused "IPv4 and IPv6" udp --src 10.11.1.9 --dst ff02::1
	[ "$(moved t1)" = "$before_send" ]
	run --separate-stderr "$T" send --help
	[ "$status" -eq 0 ]
	[[ $output == *"--fragment"* ]]
}

@test "send: nothing is said to be sent where it failed" {
	lab t1
	inside t1 ip link set dev veth0 down
	run --separate-stderr "$T" send udp
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	one_line_error "cannot send to 'veth0': Network is down"
}
