#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_sample_pkts_user in a lab: what capinfos and tshark find in its files, and
# that captured and lost packets add up to those that were sent.

load ../tests/helpers

PROGS=../basic02-prog-by-name/xdp_prog_kern.o
GEN=../testing02-traffic-gen/xdp_gen_user

setup_file()
{
	need_sandbox
	lab t02 --ipv4-only
	lab t02j --ipv4-only --mtu 9000
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --all
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	mkdir -p /sys/fs/bpf/xdp
	before=$(snapshot)
	mkdir /run/tmp/t02
	runner=''
}

teardown()
{
	[ -z "$runner" ] || kill -CONT "$runner"
	end "$runner"
	"$TOP/testenv/testenv.sh" reset --name t02 >/dev/null
	mountpoint -q /run/tmp/t02/full && umount /run/tmp/t02/full
	rm -rf /run/tmp/t02
}

inside()
{
	"$TOP/testenv/testenv.sh" exec --name t02 "$@"
}

# ping_lab N [OPTION]...: echo requests from inside
ping_lab()
{
	"$TOP/testenv/testenv.sh" ping --name t02 -c "$1" -i 0.05 -W 10 "${@:2}"
}

# dropped N: echo requests that nobody answers
dropped()
{
	run ping_lab "$1" -W 1
	[[ $output == *" 0 received"* ]]
}

# send N [OPTION]...: as many datagrams from inside
send()
{
	inside "$GEN" -q -d veth0 -n "$@"
}

# sampling FILE [OPTION]...: in the background, once it samples into FILE
sampling()
{
	rm -f "$1"
	# A background command of bash is deaf to SIGINT.
	"$TOP/testenv/lab_user" run ./xdp_sample_pkts_user -q -j -d t02 -w "$@" \
		>/run/tmp/t02/report 2>/run/tmp/t02/errors 3>&- &
	runner=$!
	wait_for [ -e "$1" ]
}

# before_drop FILE [OPTION]...: the same, and a program behind drops them all
before_drop()
{
	sampling "$@" --filename $PROGS --progname xdp_drop_func
}

# said FILTER: what the last line has, as JSON
said()
{
	jq "$1" /run/tmp/t02/report
}

# ended [SIGNAL]: it has, with status 0, and has left nothing
ended()
{
	kill -s "${1:-TERM}" "$runner"
	wait "$runner"
	runner=''
	cat /run/tmp/t02/errors
	[ ! -s /run/tmp/t02/errors ]
	gone_from t02
}

# failed: ended by itself; its status is in $rc
failed()
{
	rc=0
	wait "$runner" || rc=$?
	runner=''
	stderr=$(</run/tmp/t02/errors)
	mapfile -t stderr_lines <<<"$stderr"
}

# left_nothing: but for what this test has made
left_nothing()
{
	rm -r /run/tmp/t02
	unchanged "$before"
	mkdir /run/tmp/t02
}

# fields FILE FIELD...: of each packet, for tshark; blanks between them. (Told to
# write these itself, tshark 4.4 writes a backslash in front of a blank in one.)
fields()
{
	local file=$1

	shift
	tshark -r "$file" -T fields -E separator=/t "${@/#/-e}" 2>/dev/null |
		tr '\t' ' '
}

# in_file FILE: how many packets there are; capinfos has nothing to complain of
in_file()
{
	local said

	said=$(capinfos -Mcr "$1" 2>&1) || return
	[[ $said != *"cut short"* ]] || return
	sed -n 's/^Number of packets: *//p' <<<"$said"
}

attached()
{
	ip link show dev "$1" | grep -q 'prog/xdp id'
}

gone_from()
{
	! attached "$1"
}

has_grown()
{
	[ "$(stat -c %s /run/tmp/t02/a.pcapng)" -gt "$1" ]
}

# adds_up N: what was seen is what N packets and those of others have become
adds_up()
{
	[ "$(said '.packets + .lost - .seen')" -eq 0 ]
	[ "$(said .seen)" -ge "$1" ]
	[ "$(said .seen)" -le "$(($1 + 10))" ]
	[ "$(capinfos -Mc /run/tmp/t02/a.pcapng |
		sed -n 's/.*packets: *//p')" = "$(said .packets)" ]
}

# tracing [OPTION]...: as sampling, of a program that is there
tracing()
{
	sampling /run/tmp/t02/a.pcapng "$@"
}

traced()
{
	kill "$runner"
	wait "$runner"
	runner=''
	[ ! -s /run/tmp/t02/errors ]
}

# bats test_tags=kernel
@test "what comes in is stored: for capinfos and tshark, dated, described" {
	need_cmd capinfos jq tshark
	start=$(date +%s)
	sampling /run/tmp/t02/a.pcapng
	ping_lab 3 -s 100
	ended
	[ "$(in_file /run/tmp/t02/a.pcapng)" = "$(said .packets)" ]
	[ "$(said '[.lost, .filtered]' | jq -c .)" = '[0,0]' ]
	run fields /run/tmp/t02/a.pcapng frame.time_epoch frame.len frame.cap_len \
		frame.interface_name frame.interface_description icmp.type
	[ "$(grep -c ' 142 142 t02 xdp_sample_prog 8$' <<<"$output")" -eq 3 ]
	time=${output%% *}
	[ "${time%.*}" -ge "$((start - 1))" ]
	[ "${time%.*}" -le "$(($(date +%s) + 1))" ]
	# Nanoseconds: not all of them end with three zeros.
	fields /run/tmp/t02/a.pcapng frame.time_epoch | grep -qv '000$'
	[ "$(fields /run/tmp/t02/a.pcapng frame.comment frame.verdict.ebpf_xdp \
		frame.packet_flags_direction frame.interface_queue icmp.type |
		grep -c '^XDP_PASS 2 0x00000001 0 8$')" -eq 3 ]
	left_nothing
}

@test "pcap: the same packets, nanoseconds, no more" {
	need_cmd capinfos jq tshark
	sampling /run/tmp/t02/a.pcap
	ping_lab 3
	ended
	[ "$(in_file /run/tmp/t02/a.pcap)" = "$(said .packets)" ]
	[ "$(fields /run/tmp/t02/a.pcap icmp.type | grep -c 8)" -eq 3 ]
	run capinfos /run/tmp/t02/a.pcap
	[[ $output == *"nanosecond"* ]]
}

@test "--snaplen clips, and the true length stays" {
	need_cmd capinfos jq tshark
	sampling /run/tmp/t02/a.pcapng --snaplen 40
	ping_lab 3 -s 1000
	ended
	[ "$(fields /run/tmp/t02/a.pcapng frame.len frame.cap_len |
		grep -c '^1042 40$')" -eq 3 ]
	sampling /run/tmp/t02/a.pcap --snaplen 1
	ping_lab 3 -s 1000
	ended
	[ "$(fields /run/tmp/t02/a.pcap frame.len frame.cap_len |
		grep -c '^1042 1$')" -eq 3 ]
	timeout 20 ./xdp_sample_pkts_user -d t02 --snaplen 2 -n 3 >/run/tmp/t02/report 3>&- &
	runner=$!
	wait_for attached t02
	ping_lab 3 -s 1000
	wait "$runner"
	runner=''
	[ "$(grep -cE '^pkt len: 1042 bytes\. hdr:( [0-9a-f]{2}){2}$' /run/tmp/t02/report)" -eq 3 ]
}

@test "--hex prints all bytes of a sample, without it those of the Ethernet header" {
	for want in "--hex 1042" "-x --snaplen=60 60" "--snaplen=60 14"; do
		# shellcheck disable=SC2086 # words
		timeout 20 ./xdp_sample_pkts_user -d t02 ${want% *} -n 3 >/run/tmp/t02/report 3>&- &
		runner=$!
		wait_for attached t02
		ping_lab 3 -s 1000
		wait "$runner"
		runner=''
		grep -cE "^pkt len: 1042 bytes\. hdr:( [0-9a-f]{2}){${want##* }}$" \
			/run/tmp/t02/report | grep -qx 3
	done
}

# bats test_tags=kernel
@test "packets of several pages have their true length, in the driver" {
	need_feature frags
	need_cmd jq tshark
	./xdp_sample_pkts_user -q -N -d t02j -w /run/tmp/t02/a.pcapng -s 5000 \
		>/run/tmp/t02/report 3>&- &
	runner=$!
	wait_for [ -e /run/tmp/t02/a.pcapng ]
	"$TOP/testenv/testenv.sh" ping --name t02j -c 2 -s 8000 -i 0.05 -W 10
	kill "$runner"
	wait "$runner"
	runner=''
	[ "$(fields /run/tmp/t02/a.pcapng frame.len frame.cap_len |
		grep -c '^8042 5000$')" -eq 2 ]
	# Behind the first page are the right bytes: ping counts.
	tshark -r /run/tmp/t02/a.pcapng -x 2>/dev/null >/run/tmp/t02/report
	grep -q '^1380  ' /run/tmp/t02/report
}

@test "--sample 1/N: each Nth on its CPU" {
	need_cmd jq
	for every in 1 7 1000; do
		before_drop /run/tmp/t02/a.pcapng --sample 1/$every
		send 2000 --cpu 0
		ended
		seen=$(said .seen)
		[ "$seen" -ge 2000 ]
		# The first one of each CPU is sampled.
		[ "$(said .packets)" -ge $(((seen + every - 1) / every)) ]
		[ "$(said .packets)" -le $((seen / every + $(nproc))) ]
	done
}

# bats test_tags=kernel
@test "--filter: only what matches, and what libpcap says of nonsense" {
	need_feature libpcap
	need_cmd jq tshark
	before_drop /run/tmp/t02/a.pcapng --filter 'udp dst port 7'
	send 100
	send 30 --dport 7
	ended
	[ "$(said .packets)" -eq 30 ]
	[ "$(said .filtered)" -ge 100 ]
	[ "$(said '.packets + .filtered + .lost - .seen')" -eq 0 ]
	[ "$(fields /run/tmp/t02/a.pcapng udp.dstport | sort | uniq -c | xargs)" = "30 7" ]
	run --separate-stderr ./xdp_sample_pkts_user -d t02 --filter 'udp prt 7'
	[ "$status" -eq 2 ]
	one_line_error "bad value 'udp prt 7' for --filter: " "syntax error"
}

# bats test_tags=kernel
@test "a packet is there at once: into tshark, and on standard output" {
	need_feature libpcap
	need_cmd tshark
	./xdp_sample_pkts_user -d t02 -w - 2>/run/tmp/t02/errors 3>&- |
		tshark -l -r - >/run/tmp/t02/report 2>/dev/null 3>&- &
	wait_for attached t02
	ping_lab 1
	wait_for grep -q 'Echo (ping) request' /run/tmp/t02/report
	end "$(running '^./xdp_sample_pkts_user -d t02 -w - ')"
	wait_for grep -Eqx '[0-9]+ packet samples stored in standard output, 0 lost' \
		/run/tmp/t02/errors
	./xdp_sample_pkts_user -d t02 --filter icmp >/run/tmp/t02/report 3>&- &
	runner=$!
	wait_for attached t02
	ping_lab 1
	wait_for grep -Eqx 'pkt len: 98 bytes. hdr:( [0-9a-f]{2}){12} 08 00' \
		/run/tmp/t02/report
	end "$runner"
	grep -qx '1 packet samples, 0 lost' /run/tmp/t02/report
}

# bats test_tags=kernel
@test "-v shows each packet beside the file" {
	need_feature libpcap
	timeout 20 ./xdp_sample_pkts_user -v -d t02 -w /run/tmp/t02/a.pcapng -f icmp \
		-n 2 >/run/tmp/t02/report 2>/dev/null 3>&- &
	runner=$!
	wait_for [ -e /run/tmp/t02/a.pcapng ]
	ping_lab 3
	wait "$runner"
	runner=''
	[ "$(grep -c '^pkt len: 98 bytes. hdr: ' /run/tmp/t02/report)" -eq 2 ]
	grep -qx '2 packet samples stored in /run/tmp/t02/a.pcapng, 0 lost' /run/tmp/t02/report
}

@test "packets that a program drops are in the file, on every kernel" {
	need_cmd jq tshark
	before_drop /run/tmp/t02/a.pcapng
	dropped 3
	ended
	[ "$(fields /run/tmp/t02/a.pcapng icmp.type frame.interface_description |
		grep -c '^8 before xdp_drop_func$')" -eq 3 ]
	# Their verdict is not known there.
	[ "$(tshark -r /run/tmp/t02/a.pcapng -V -Y icmp | grep -c XDP_)" -eq 0 ]
	sampling /run/tmp/t02/a.pcapng --filename $PROGS --progname xdp_pass_func
	run ping_lab 3
	[[ $output == *" 3 received"* ]]
	ended
	left_nothing
}

# What is sent in a second fits into the buffers, however slow the machine is.
# bats test_tags=kernel
@test "200 kpps: all packets are in the file" {
	need_feature libpcap
	need_cmd capinfos jq
	before_drop /run/tmp/t02/a.pcapng -f 'udp dst port 9'
	# What the veth itself has no room for, on a busy CPU, does not arrive.
	dropped=$(send 200000 --rate 200000 -j | jq 'select(.total).dropped')
	ended
	[ "$(said .lost)" -eq 0 ]
	[ "$(said .packets)" -eq $((200000 - dropped)) ]
	[ "$(capinfos -Mc /run/tmp/t02/a.pcapng | sed -n 's/.*packets: *//p')" = \
		$((200000 - dropped)) ]
}

@test "as fast as it goes: captured and lost are what was sent" {
	need_cmd capinfos jq
	before_drop /run/tmp/t02/a.pcapng -s 42
	dropped=$(send 500000 -j | jq 'select(.total).dropped')
	ended
	adds_up $((500000 - dropped))
}

@test "what does not fit is counted to the packet" {
	need_cmd capinfos jq
	before_drop /run/tmp/t02/a.pcapng --buffer 4
	sampler=$(running '^./xdp_sample_pkts_user -q -j -d t02 ')
	kill -STOP "$sampler"
	send 10000
	kill -CONT "$sampler"
	send 10
	ended
	[ "$(said .lost)" -gt 9000 ]
	[ "$(said .packets)" -gt 20 ]
	adds_up 10010
	# Twice full, and emptied in between
	before_drop /run/tmp/t02/a.pcapng --buffer 64
	sampler=$(running '^./xdp_sample_pkts_user -q -j -d t02 ')
	for _ in 1 2; do
		kill -STOP "$sampler"
		send 3000
		size=$(stat -c %s /run/tmp/t02/a.pcapng)
		kill -CONT "$sampler"
		wait_for has_grown "$size"
	done
	ended
	[ "$(said .lost)" -gt 2000 ]
	adds_up 6000
}

@test "signals end it with status 0, and it leaves nothing" {
	need_cmd capinfos jq
	for signal in INT TERM HUP; do
		sampling /run/tmp/t02/a.pcapng
		ping_lab 1
		ended $signal
		[ "$(in_file /run/tmp/t02/a.pcapng)" -ge 1 ]
		left_nothing
	done
}

@test "what a killed one leaves attached is taken off by --unload" {
	for how in '' "--filename $PROGS --progname xdp_drop_func"; do
		# shellcheck disable=SC2086 # words
		sampling /run/tmp/t02/a.pcapng $how
		kill -KILL "$(running '^./xdp_sample_pkts_user -q -j -d t02 ')"
		wait "$runner" || :
		runner=''
		attached t02
		./xdp_sample_pkts_user -q -d t02 --unload
		gone_from t02
		left_nothing
	done
}

@test "--count and --duration end it" {
	need_cmd capinfos jq
	before_drop /run/tmp/t02/a.pcapng -n 77
	send 1000
	failed
	[ "$rc" -eq 0 ]
	[ "$(said .packets)" -eq 77 ]
	[ "$(in_file /run/tmp/t02/a.pcapng)" -eq 77 ]
	sampling /run/tmp/t02/a.pcapng --duration 0.3
	failed
	[ "$rc" -eq 0 ]
	gone_from t02
}

@test "an interface that goes away, a program that is taken off: one line" {
	lab t02g
	./xdp_sample_pkts_user -q -d t02g -w /run/tmp/t02/a.pcapng 2>/run/tmp/t02/errors 3>&- &
	runner=$!
	wait_for [ -e /run/tmp/t02/a.pcapng ]
	ip link del dev t02g
	failed
	"$TOP/testenv/testenv.sh" teardown --name t02g
	[ "$rc" -eq 1 ]
	one_line_error "interface 't02g' is gone"
	sampling /run/tmp/t02/a.pcapng
	./xdp_sample_pkts_user -q -d t02 --unload-all
	failed
	[ "$rc" -eq 30 ]
	one_line_error "no longer attached to 't02'"
}

# read_nothing: until it is told to end
read_nothing()
{
	until [ -e /run/tmp/t02/close ]; do
		sleep 0.1
	done
}

@test "a closed pipe ends it, with and without packets" {
	for packets in 0 3; do
		./xdp_sample_pkts_user -q -d t02 -w - 2>/run/tmp/t02/errors 3>&- |
			read_nothing 3>&- &
		reader=$!
		wait_for attached t02
		touch /run/tmp/t02/close
		[ $packets -eq 0 ] || ping_lab $packets
		wait "$reader"
		wait_for grep -q . /run/tmp/t02/errors
		[ "$(</run/tmp/t02/errors)" = "error: cannot write 'standard output': Broken pipe" ]
		wait_for gone_from t02
		rm /run/tmp/t02/*
	done
	# Nobody reads, and it is to end all the same.
	./xdp_sample_pkts_user -q -d t02 -w - 2>/run/tmp/t02/errors 3>&- |
		read_nothing 3>&- &
	reader=$!
	wait_for attached t02
	send 5000
	end "$(running '^./xdp_sample_pkts_user -q -d t02 -w - ')"
	touch /run/tmp/t02/close
	# Before the file is removed: it would wait for ever.
	wait "$reader"
	grep -q "interrupted: nobody reads 'standard output'" /run/tmp/t02/errors
}

@test "a full disk: one line, status 1, and what is there can be read" {
	need_cmd capinfos
	mkdir /run/tmp/t02/full
	mount -t tmpfs -o size=256k none /run/tmp/t02/full
	for ending in pcapng pcap; do
		sampling /run/tmp/t02/full/a.$ending --filename $PROGS \
			--progname xdp_drop_func
		send 1000
		wait_for [ -s /run/tmp/t02/full/a.$ending ]
		send 10000
		failed
		[ "$rc" -eq 1 ]
		one_line_error "cannot write '/run/tmp/t02/full/a.$ending': No space left on device"
		capinfos -Mc /run/tmp/t02/full/a.$ending
		rm /run/tmp/t02/full/a.$ending
		gone_from t02
	done
	umount /run/tmp/t02/full
}

# bats test_tags=kernel
@test "where a program is, and cannot be traced: it says so" {
	feature fentry && skip "it can be traced here"
	../basic02-prog-by-name/xdp_prog_user -q -d t02 --progname xdp_pass_func
	run --separate-stderr ./xdp_sample_pkts_user -d t02
	[ "$status" -eq 30 ]
	one_line_error "('xdp_pass_func') is there, and cannot be traced" "--force"
	for how in --entry --exit '--trace xdp_pass_func'; do
		# shellcheck disable=SC2086 # two words
		run --separate-stderr ./xdp_sample_pkts_user -d t02 $how
		[ "$status" -eq 77 ]
		one_line_error "this kernel has no 'fentry'"
	done
	run --separate-stderr timeout 20 ./xdp_sample_pkts_user -d t02 --force \
		--duration 0.1
	[ "$status" -eq 0 ]
	[[ $stderr == *"replaced id "*"('xdp_pass_func')"* ]]
}

# bats test_tags=kernel
@test "a program that is there is traced, and its verdict is in the file" {
	need_feature fentry
	need_cmd jq tshark
	../basic02-prog-by-name/xdp_prog_user -q -d t02 --progname xdp_drop_func
	for how in '' --exit '--trace xdp_drop_func'; do
		# shellcheck disable=SC2086 # words
		tracing $how
		dropped 3
		traced
		[ "$(fields /run/tmp/t02/a.pcapng frame.comment icmp.type |
			grep -c '^XDP_DROP 8$')" -eq 3 ]
	done
	tracing --entry
	dropped 3
	traced
	[ "$(fields /run/tmp/t02/a.pcapng icmp.type frame.interface_description |
		grep -c '^8 entry of ')" -eq 3 ]
	tracing --entry --exit --trace xdp_drop_func
	send 1000
	traced
	[ "$(said .lost)" -eq 0 ]
	for place in entry exit; do
		[ "$(fields /run/tmp/t02/a.pcapng frame.interface_description |
			grep -c "^$place of xdp_drop_func$")" -ge 1000 ]
	done
	attached t02
}

# bats test_tags=kernel
@test "packets of several pages, and of one interface only, when traced" {
	need_feature fentry frags
	need_cmd jq tshark
	../basic02-prog-by-name/xdp_prog_user -q -S -d t02 --progname xdp_pass_func
	../basic02-prog-by-name/xdp_prog_user -q -S -d t02j --progname xdp_pass_func
	tracing
	"$TOP/testenv/testenv.sh" ping --name t02j -c 2 -s 8000 -i 0.05 -W 10
	ping_lab 2
	traced
	[ "$(fields /run/tmp/t02/a.pcapng frame.comment frame.len icmp.type |
		grep -c '^XDP_PASS 98 8$')" -eq 2 ]
	[ "$(fields /run/tmp/t02/a.pcapng frame.len | grep -c 8042)" -eq 0 ]
	../basic02-prog-by-name/xdp_prog_user -q -d t02j --unload-all
}

# bats test_tags=kernel
@test "a traced program that is taken off ends it" {
	need_feature fentry
	../basic02-prog-by-name/xdp_prog_user -q -d t02 --progname xdp_pass_func
	tracing
	../basic02-prog-by-name/xdp_prog_user -q -d t02 --unload-all
	failed
	[ "$rc" -eq 30 ]
	one_line_error "is no longer attached to 't02'"
}

# bats test_tags=kernel
@test "several programs behind a dispatcher: each can be traced" {
	need_feature fentry dispatcher
	need_cmd jq tshark
	../basic02-prog-by-name/xdp_prog_user -q -d t02 --progname xdp_pass_func
	../basic02-prog-by-name/xdp_prog_user -q -d t02 --progname xdp_drop_func
	for prog in xdp_dispatcher xdp_drop_func; do
		tracing --trace $prog
		dropped 2
		traced
		[ "$(fields /run/tmp/t02/a.pcapng frame.comment icmp.type |
			grep -c '^XDP_DROP 8$')" -eq 2 ]
	done
}

@test "what is not there to be traced" {
	run --separate-stderr ./xdp_sample_pkts_user -d t02 --exit
	[ "$status" -eq 30 ]
	one_line_error "to trace on 't02'; there is: none"
	../basic02-prog-by-name/xdp_prog_user -q -d t02 --progname xdp_pass_func
	run --separate-stderr ./xdp_sample_pkts_user -d t02 --trace nosuch
	[ "$status" -eq 30 ]
	one_line_error "no program 'nosuch' to trace on 't02'" "('xdp_pass_func')"
}

@test "options that are wrong, or do not go together" {
	for bad in '--sample 1/0' '--sample 2/3' '--sample 1/' '--sample 1/2x' \
		'--sample 5' '--snaplen 0' '--snaplen 65001' '--buffer 3'; do
		# shellcheck disable=SC2086 # two words
		run --separate-stderr ./xdp_sample_pkts_user -d t02 $bad
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} == "error: bad value "* ]]
	done
	for bad in '-w /run/tmp/t02/a.txt' '-w /run/tmp/t02/a' '--exit --force' \
		"--entry --filename $PROGS" '--progname xdp_drop_func'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_sample_pkts_user -d t02 $bad
		[ "$status" -eq 2 ]
		one_line_error
	done
	run --separate-stderr ./xdp_sample_pkts_user -d t02 -w /run/tmp/t02/no/a.pcap
	[ "$status" -eq 1 ]
	[[ $stderr == *"error: cannot write '/run/tmp/t02/no/a.pcap': No such file or directory"* ]]
	run --separate-stderr ./xdp_sample_pkts_user -d t02 --filename nosuch.o
	[ "$status" -eq 40 ]
	run ./xdp_sample_pkts_user --list --filename $PROGS
	[[ $output == *xdp_drop_func* ]]
	left_nothing
}
