#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_run_user: what it says of packets whose fate is known, what it writes,
# and what it says when something is wrong.

load ../tests/helpers

setup_file()
{
	need_sandbox
	export DIR="$BATS_FILE_TMPDIR"
	snapshot >"$DIR/before"
	packets "$DIR/all.pcap" icmp udp tcp arp broken
	packets "$DIR/odd.pcap" arp short udp long arp
	packets "$DIR/tcp.pcap" tcp
	packets "$DIR/arp.pcap" arp
}

# No test has left anything behind.
teardown_file()
{
	unchanged "$(<"$BATS_FILE_TMPDIR/before")"
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
}

# packets FILE NAME[/BYTES]...: a pcap file of these, perhaps clipped; packet n
# is of second n.
packets()
{
	python3 - "$@" <<-'END'
	import struct, sys

	def frame(ethertype, data):
	    macs = bytes.fromhex("020000000002020000000001")
	    return macs + struct.pack(">H", ethertype) + data

	def ip(protocol, size, ttl=64):
	    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + size, 1, 0, ttl,
	                       protocol, 0, bytes(4), bytes(4))
	    total = sum(struct.unpack(">10H", head))
	    total = (total & 0xffff) + (total >> 16)
	    check = struct.pack(">H", ~total & 0xffff)
	    return frame(0x0800, head[:10] + check + head[12:] + bytes(size))

	known = {
	    "icmp": ip(1, 64), "udp": ip(17, 100), "tcp": ip(6, 40),
	    "last": ip(17, 30, ttl=1), "arp": frame(0x0806, bytes(46)),
	    "broken": frame(0x0800, b"E" + bytes(50)),
	    "short": bytes(13), "long": frame(0x88b5, bytes(200000)),
	}
	with open(sys.argv[1], "wb") as file:
	    file.write(struct.pack("=IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, 1))
	    for n, name in enumerate(sys.argv[2:], 1):
	        name, _, clipped = name.partition("/")
	        size = len(known[name])
	        data = known[name][:int(clipped or size)]
	        file.write(struct.pack("=IIII", n, 123456789, len(data), size))
	        file.write(data)
	END
}

# run_it OPTION...
run_it()
{
	run --separate-stderr ./xdp_run_user "$@"
}

# fails STATUS TEXT...: the last run, with one line of error.
fails()
{
	[ "$status" -eq "$1" ] || { echo "status $status: $stderr" >&2; return 1; }
	one_line_error "${@:2}"
}

# words FIELD: that column of the table, in one line.
words()
{
	awk -v n="$1" 'NR > 1 { print $n }' <<<"$output" | paste -sd ' ' -
}

# bats test_tags=kernel
@test "the verdict by name, and the lengths, of each packet" {
	run_it --in "$DIR/all.pcap"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${lines[0]} =~ ^'packet action '.*'len in len out '.*'ns  to'$ ]]
	[ "$(words 1)" = "1 2 3 4 5" ]
	[ "$(words 2)" = "XDP_TX XDP_DROP XDP_REDIRECT XDP_PASS XDP_ABORTED" ]
	[ "$(words 3)" = "98 134 74 60 65" ]
	[ "$(words 4)" = "98 134 74 60 65" ]
}

@test "the same as JSON, an object a line" {
	need_cmd jq
	run_it --in "$DIR/all.pcap" --json
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 5 ]
	[ "$(jq -c '[.packet, .action, .len_in, .len_out]' <<<"${lines[1]}")" = \
		'[2,"XDP_DROP",134,134]' ]
	jq -e '.ns >= 0 and (has("ifindex") | not)' <<<"${lines[1]}"
	jq -e '.action == "XDP_REDIRECT" and .ifindex == 1' <<<"${lines[2]}"
}

@test "the program sees the interface and is told what it redirects to" {
	need_cmd jq
	ip link add dev run0 type veth peer name run1
	index=$(</sys/class/net/run0/ifindex)
	run_it --in "$DIR/tcp.pcap" --ifindex "$index"
	[[ ${lines[1]} == *"  interface $index (run0)" ]]
	run_it --in "$DIR/tcp.pcap" --ifindex "$index" -j
	[ "$(jq .ifindex <<<"$output")" = "$index" ]
	run_it --in "$DIR/tcp.pcap" --ifindex "$index" --queue 1
	ip link del dev run0
	fails 2 "no queue 1: 'run0' has 1"
	run_it --in "$DIR/tcp.pcap" --ifindex "$index"
	fails 2 "no interface has index $index"
}

@test "frames too short or too long are reported, the others run" {
	need_cmd jq
	run_it --in "$DIR/odd.pcap"
	[ "$status" -eq 0 ]
	[ "$(words 2)" = "XDP_PASS not XDP_DROP not XDP_PASS" ]
	[[ ${lines[2]} == *"13 "*"shorter than an Ethernet header, 14 bytes" ]]
	[[ ${lines[4]} =~ "200014 ".*"longer than this kernel takes, "([0-9]+)" bytes"$ ]]
	[ "${BASH_REMATCH[1]}" -gt 1500 ]
	run_it --in "$DIR/odd.pcap" -j --out "$BATS_TEST_TMPDIR/o.pcap"
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.action, .len_in, has("error")]' <<<"${lines[1]}")" = \
		'[null,13,true]' ]
	# 24 bytes, and 16 with each packet: those that passed.
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/o.pcap")" -eq $((24 + 2 * (16 + 60))) ]
}

@test "what comes out is in the file, as the program left it" {
	need_cmd tcpdump
	packets "$DIR/hop.pcap" tcp last arp
	for kind in pcap pcapng; do
		out=$BATS_TEST_TMPDIR/out.$kind
		run_it --in "$DIR/hop.pcap" --progname xdp_hop_func --out "$out" -q
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		TZ=UTC run tcpdump --nano -nvr "$out"
		[ "$status" -eq 0 ]
		[[ $output == *'00:00:01.123456789 IP (tos 0x0, ttl 63,'* ]]
		# One that arrived with its last hop was dropped.
		[[ $output != *'00:00:02.123456789'* ]]
		[[ $output == *'00:00:03.123456789 ARP'* ]]
		[[ $output != *'bad cksum'* ]]
	done
}

@test "a pcapng file has the verdicts, for tshark" {
	need_cmd tshark
	run_it --in "$DIR/all.pcap" --out "$BATS_TEST_TMPDIR/v.pcapng" -q
	run tshark -r "$BATS_TEST_TMPDIR/v.pcapng" -T fields \
		-e frame.time_epoch -e frame.len -e frame.verdict.ebpf_xdp
	[[ $output == *'1.123456789	98	3'* ]]
}

@test "what was clipped in the file is clipped behind the program too" {
	packets "$DIR/clipped.pcap" tcp/60 arp tcp/34
	run_it --in "$DIR/clipped.pcap" --out "$BATS_TEST_TMPDIR/c.pcap" -q
	cmp "$DIR/clipped.pcap" "$BATS_TEST_TMPDIR/c.pcap"
}

@test "--repeat: so many runs, and a changed packet is put back for each" {
	need_cmd jq
	run_it --in "$DIR/arp.pcap" --repeat 150000 --dump-maps -j
	[ "$(jq -c 'select(.maps == "after" and .map == "xdp_stats_map").elements[] |
		[.key, .value.rx_packets, .value.rx_bytes]' <<<"$output")" = \
		'[2,150000,9000000]' ]
	# With a time to live of 64 the kernel's own repeat would drop it.
	packets "$DIR/ttl.pcap" tcp
	run_it --in "$DIR/ttl.pcap" --progname xdp_hop_func --repeat 100 \
		--dump-maps -j --out "$BATS_TEST_TMPDIR/r.pcap"
	[ "$(jq -c 'select(.maps == "after" and .map == "xdp_stats_map").elements[] |
		[.key, .value.rx_packets]' <<<"$output")" = '[2,100]' ]
	run tcpdump -nvr "$BATS_TEST_TMPDIR/r.pcap"
	[[ $output == *'ttl 63,'* ]]
}

@test "--dump-maps prints the maps before and after, by their types" {
	run_it --in "$DIR/all.pcap" --dump-maps
	[ "$status" -eq 0 ]
	[[ $output == "map 'xdp_stats_map', before (percpu_array, all CPUs together):
  (zeros only)
map 'protocol_map', before (hash):
  (empty)
packet action"*"
map 'xdp_stats_map', after (percpu_array, all CPUs together):
  0: {\"rx_packets\": 1, \"rx_bytes\": 65}
  1: {\"rx_packets\": 1, \"rx_bytes\": 134}
  2: {\"rx_packets\": 1, \"rx_bytes\": 60}
  3: {\"rx_packets\": 1, \"rx_bytes\": 98}
  4: {\"rx_packets\": 1, \"rx_bytes\": 74}
map 'protocol_map', after (hash):
"* ]]
	[ "$(tail -n 3 <<<"$output" | sort)" = $'  17: 1\n  1: 1\n  6: 1' ]
}

@test "maps of all kinds are printed" {
	need_cmd jq taskset
	object="$TOP/tests/live/run_maps_kern.o"
	# On the last CPU, whose values come last.
	run --separate-stderr taskset -c "$(($(nproc) - 1))" ./xdp_run_user \
		--in "$DIR/arp.pcap" --filename "$object" --dump-maps -j
	[ "$status" -eq 0 ]
	after=$(jq -c 'select(.maps == "after") | {(.map): (.error // .elements)}' \
		<<<"$output" | jq -sc add)
	[ "$(jq -c .plain <<<"$after")" = '[{"key":"01020304050607","value":"0a0b0c"}]' ]
	[ "$(jq -c '.typed[0] | .key, .value' <<<"$after")" = \
		'{"a":-5,"b":[1,2]}
{"mac":"020000000001","port":80,"nested":{"big":1099511627776,"flag":1}}' ]
	[ "$(jq -c '.signed_map[0].value | length' <<<"$after")" -eq \
		"$(getconf _NPROCESSORS_CONF)" ]
	[ "$(jq -c '[.signed_map[0].value[] | select(. == -7)]' <<<"$after")" = '[-7]' ]
	[ "$(jq -c '.devices' <<<"$after")" = '[]' ]
	[[ $(jq -c 'to_entries[] | select(.key | endswith(".bss")).value' <<<"$after") == \
		'[{"key":0,"value":{"seen":1}}]' ]]
	[[ $(jq -r .events <<<"$after") == *[a-z]* ]]
}

@test "--count, --quiet, standard input" {
	run_it --in - -n 2 <"$DIR/all.pcap"
	[ "$status" -eq 0 ]
	[ "$(words 2)" = "XDP_TX XDP_DROP" ]
	run_it --in "$DIR/all.pcap" -q
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
}

@test "--set: a setting of the program" {
	object=../packet04-cpumap/xdp_cpumap_kern.o
	redirect=../packet03-redirecting/xdp_redirect_kern.o
	run -0 ./xdp_run_user --in ../tests/packets/ordinary.pcap -n 1 --filename $redirect \
		--progname xdp_redirect_func
	[[ ${lines[1]} == *XDP_PASS* ]]
	run -0 ./xdp_run_user --in ../tests/packets/ordinary.pcap -n 1 --filename $redirect \
		--progname xdp_redirect_func --set redirect_ifindex=1
	[[ ${lines[1]} == *XDP_REDIRECT* ]]
	for set in drop_port=65536 drop_port drop_port= drop_port=x =1 drop_port=-1 drop_port=1x; do
		run --separate-stderr ./xdp_run_user --in ../tests/packets/ordinary.pcap \
			--filename $object --progname xdp_cpumap_func --set "$set"
		[ "$status" -eq 2 ]
		one_line_error "cannot set '$set': "
	done
	run --separate-stderr ./xdp_run_user --in ../tests/packets/ordinary.pcap \
		--filename $object --progname xdp_cpumap_func --set nothing=1
	[ "$status" -eq 40 ]
	one_line_error "cannot set 'nothing': the object has no such setting"
	# Several bytes that are no number.
	run --separate-stderr ./xdp_run_user --in ../tests/packets/ordinary.pcap -n 1 \
		--filename ../packet03-redirecting/xdp_redirect_kern.o \
		--progname xdp_redirect_func --set redirect_mac=0x0102030405
	[ "$status" -eq 40 ]
	one_line_error "cannot set 'redirect_mac': it has 6 bytes"
}

@test "a file without packets is no failure" {
	packets "$DIR/none.pcap"
	run_it --in "$DIR/none.pcap" --out "$BATS_TEST_TMPDIR/none.pcapng"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	run_it --in "$BATS_TEST_TMPDIR/none.pcapng"
	[ "$status" -eq 0 ]
}

@test "capture files that cannot be read" {
	head -c 100 "$DIR/all.pcap" >"$BATS_TEST_TMPDIR/cut.pcap"
	: >"$BATS_TEST_TMPDIR/empty.pcap"
	run_it --in "$BATS_TEST_TMPDIR/cut.pcap"
	fails 1 "cannot read packet 1 of" "truncated"
	run_it --in "$BATS_TEST_TMPDIR/empty.pcap"
	fails 1 "cannot open '$BATS_TEST_TMPDIR/empty.pcap' as a capture file"
	run_it --in "$BATS_TEST_TMPDIR/nosuch.pcap"
	fails 1 "nosuch.pcap" "No such file"
	run_it --in "$BATS_TEST_TMPDIR"
	fails 1 "cannot open"
	run_it --in Makefile
	fails 1 "'Makefile' as a capture file: unknown file format"
	# What came before the break was run and is written.
	head -c 200 "$DIR/all.pcap" >"$BATS_TEST_TMPDIR/cut.pcap"
	run_it --in "$BATS_TEST_TMPDIR/cut.pcap" --out "$BATS_TEST_TMPDIR/got.pcap"
	fails 1 "cannot read packet 2 of"
	[ "$(words 2)" = XDP_TX ]
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/got.pcap")" -eq $((24 + 16 + 98)) ]
	# And what it has counted is shown.
	run_it --in "$BATS_TEST_TMPDIR/cut.pcap" --json --dump-maps
	fails 1 "cannot read packet 2 of"
	[ "$(jq -c 'select(.maps == "after" and .map == "protocol_map").elements' \
		<<<"$output")" = '[{"key":1,"value":1}]' ]
}

@test "output files that cannot be written" {
	run_it --in "$DIR/all.pcap" --out "$BATS_TEST_TMPDIR/x.txt"
	fails 2 "end its name with .pcap or .pcapng"
	cp "$DIR/all.pcap" "$BATS_TEST_TMPDIR/a.pcap"
	ln "$BATS_TEST_TMPDIR/a.pcap" "$BATS_TEST_TMPDIR/b.pcap"
	run_it --in "$BATS_TEST_TMPDIR/a.pcap" --out "$BATS_TEST_TMPDIR/b.pcap"
	fails 2 "the packets are read from it"
	cmp "$BATS_TEST_TMPDIR/a.pcap" "$DIR/all.pcap"
	run_it --in "$DIR/all.pcap" --out "$BATS_TEST_TMPDIR/no/x.pcap"
	fails 1 "cannot write '$BATS_TEST_TMPDIR/no/x.pcap': No such file"
	ln -s /dev/full "$BATS_TEST_TMPDIR/full.pcap"
	run_it --in "$DIR/all.pcap" --out "$BATS_TEST_TMPDIR/full.pcap"
	fails 1 "full.pcap': No space left"
	run --separate-stderr sh -c "./xdp_run_user --in '$DIR/all.pcap' >/dev/full"
	fails 1 "cannot write to standard output: No space left"
}

@test "objects and programs that are not there" {
	run_it --in "$DIR/all.pcap" --filename nosuch.o
	fails 40 "nosuch.o"
	run_it --in "$DIR/all.pcap" --progname nosuch
	fails 40 "no XDP program 'nosuch'" "xdp_verdict_func, xdp_hop_func"
	run_it --in "$DIR/all.pcap" --filename Makefile
	fails 40 "cannot open"
	run_it --in "$DIR/all.pcap" --filename ../tests/faults/reject_kern.o
	[ "$status" -eq 40 ]
	[[ ${stderr_lines[0]} == "error: cannot load "*"the verifier rejects it" ]]
	[ "${#stderr_lines[@]}" -gt 1 ]
}

@test "values that cannot be" {
	for value in 0 -1 1000000001 99999999999999999999 1.5 x ""; do
		run_it --in "$DIR/all.pcap" --repeat "$value"
		[ "$status" -eq 2 ]
		[ "${stderr_lines[0]}" = "error: bad value '$value' for --repeat: not a whole number from 1 to 1000000000" ]
	done
	run_it --in "$DIR/all.pcap" --ifindex 0
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} == *"for --ifindex"* ]]
	run_it --in "$DIR/all.pcap" --queue 1
	fails 2 "no queue 1: 'lo' has 1"
	run_it
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} == "error: missing --in FILE" ]]
}

@test "a signal ends it with status 0, also in the middle of many runs" {
	./xdp_run_user --in "$DIR/all.pcap" --repeat 1000000000 \
		--out "$BATS_TEST_TMPDIR/s.pcap" >"$BATS_TEST_TMPDIR/said" 3>&- &
	wait_for grep -q packet "$BATS_TEST_TMPDIR/said"
	kill "$!"
	wait "$!"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/s.pcap")" -eq 24 ]
}

@test "who may not load programs is told" {
	need_cmd setpriv
	chmod 755 "$DIR"
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups \
		./xdp_run_user --in - <"$DIR/all.pcap"
	fails 1 "(run it as root)"
}

@test "a kernel that cannot run it: status 77" {
	# BPF_PROG_TEST_RUN, ENOTSUPP
	run --separate-stderr old_kernel 10:524 ./xdp_run_user --in "$DIR/all.pcap"
	fails 77 "this kernel cannot run such a program on a given packet"
}

@test "--list needs no packets; --help names what there is" {
	run_it --list
	[ "$status" -eq 0 ]
	[[ $output == *xdp_verdict_func*xdp_hop_func* ]]
	run_it --help
	[ "$status" -eq 0 ]
	for option in in out filename progname repeat ifindex queue count \
		dump-maps json; do
		[[ $output == *"--$option "* ]]
	done
}
