#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_gen_user: what arrives in a lab, how many of it, and when it cannot send.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab gen
	lab genjumbo --mtu 9000
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --all
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	before=$(snapshot)
	capture='' runner=''
}

teardown()
{
	end "$capture"
	end "$runner"
	"$TOP/testenv/testenv.sh" reset --name gen >/dev/null
	rm -f /run/tmp/{frames,said,report,errors}
}

inside()
{
	"$TOP/testenv/testenv.sh" exec --name gen "$@"
}

# gen ARGUMENT...: the command with the outer end
gen()
{
	run --separate-stderr ./xdp_gen_user -d gen "$@"
}

# fails STATUS TEXT...
fails()
{
	[ "$status" -eq "$1" ]
	one_line_error "${@:2}"
}

# live: skips where frames leave through a packet socket only
live()
{
	need_feature live_frames xdp_native
}

# listen COUNT: tcpdump inside, until it has seen so many of our packets
listen()
{
	rm -f /run/tmp/said
	inside timeout 20 tcpdump -nvve -i veth0 -c "$1" -U \
		'udp and port 9 or port 8 or (vlan and port 9)' \
		>/run/tmp/frames 2>/run/tmp/said 3>&- &
	capture=$!
	wait_for grep -q listening /run/tmp/said
}

# heard: what it has seen is in $frames
heard()
{
	wait "$capture"
	capture=''
	frames=$(</run/tmp/frames)
	rm /run/tmp/frames /run/tmp/said
}

# seen COUNT ARGUMENT...: so many packets that xdp_gen_user sends with these
seen()
{
	listen "$1"
	./xdp_gen_user -q -d gen "${@:2}"
	heard
}

# is_sending DEV: more than the interface itself does
is_sending()
{
	[ "$(awk -v dev="$1:" '$1 == dev { print $11 }' /proc/self/net/dev)" -gt 100 ]
}

# matches TEXT: in how many lines of $frames it stands
matches()
{
	TEXT=$1 awk 'index($0, ENVIRON["TEXT"]) { n++ } END { print n + 0 }' <<<"$frames"
}

# arrived [6]: UDP datagrams that came to a port where nobody listens, and those
# with a wrong checksum
arrived()
{
	inside nstat -asz "Udp$1NoPorts" "Udp$1InCsumErrors" |
		awk '/NoPorts/ { n = $2 } /Errors/ { bad = $2 } END { print n, bad }'
}

# all_arrive COUNT [6] ARGUMENT...: so many more, and none that is wrong
all_arrive()
{
	local count=$1 family='' old

	shift
	[ "$1" != 6 ] || family=6
	[ "$1" != 6 ] || shift
	old=$(arrived "$family")
	./xdp_gen_user -q -d gen ${family:+--ipv6} -n "$count" "$@"
	[ "$(arrived "$family")" = "$((${old% *} + count)) ${old#* }" ]
}

# bats test_tags=kernel
@test "what is sent arrives, to the packet, with the right checksum" {
	need_cmd nstat
	for family in '' 6; do
		for size in 66 67 1500 1514; do
			# shellcheck disable=SC2086 # nothing, or a word
			all_arrive 200 $family --flows 7 --size $size
		done
		# shellcheck disable=SC2086
		all_arrive 1 $family
	done
	unchanged "$before"
}

@test "no flow has a checksum of 0, which IPv6 would not take" {
	need_cmd nstat tcpdump
	old=$(arrived 6)
	# All ports that there are: for one of them the sum is 0.
	./xdp_gen_user -q -d gen -6 --sport 0 --flows 65536 -n 65536
	now=$(arrived 6)
	[ "${now#* }" = "${old#* }" ]
	[ "${now% *}" -gt "${old% *}" ]
	# For the port that is the checksum of port 0 it is so in the first flow.
	inside timeout 20 tcpdump -nxi veth0 -c 1 -U dst port 9 >/run/tmp/frames \
		2>/run/tmp/said 3>&- &
	capture=$!
	wait_for grep -q listening /run/tmp/said
	./xdp_gen_user -q -d gen -6 --sport 0 -n 1
	heard
	[[ $frames =~ 0x0020:.*\ ([0-9a-f]{4})$'\n' ]]
	all_arrive 1 6 --sport $((16#${BASH_REMATCH[1]}))
}

@test "tcpdump finds nothing wrong: flows, sizes, the shortest frames" {
	need_cmd tcpdump
	seen 20 -n 20 --flows 5 --size 42
	for port in 1024 1025 1026 1027 1028; do
		[ "$(matches ".$port > ")" -eq 4 ]
	done
	[ "$(matches 'length 42: ')" -eq 20 ]
	[ "$(matches bad)" -eq 0 ]
	seen 20 -n 20 --flows 4 --size 1514 --ipv6
	[ "$(matches 'length 1514: ')" -eq 20 ]
	[ "$(matches '[udp sum ok]')" -eq 20 ]
	seen 20 -n 20 --flows 4 --size 71
	[ "$(matches '[udp sum ok]')" -eq 20 ]
	unchanged "$before"
}

@test "one VLAN tag" {
	need_cmd tcpdump
	for family in '' -6; do
		# shellcheck disable=SC2086 # nothing, or a word
		seen 6 -n 6 --flows 3 --vlan 7 --size 80 $family
		[ "$(matches 'vlan 7, p 0, ')" -eq 6 ]
		[ "$(matches '[udp sum ok]')" -eq 6 ]
		[ "$(matches 'length 80: ')" -eq 6 ]
	done
}

@test "addresses and ports that were asked for" {
	need_cmd tcpdump
	seen 4 -n 4 --src 192.0.2.1 --dst 192.0.2.2 -L 02:00:00:00:00:0a \
		-R 02:00:00:00:00:0b --sport 5000 --flows 2 --size 60
	[ "$(matches '02:00:00:00:00:0a > 02:00:00:00:00:0b, ethertype IPv4')" -eq 4 ]
	[ "$(matches '192.0.2.1.5001 > 192.0.2.2.9: [udp sum ok]')" -eq 2 ]
	# An IPv6 address says that it is to be IPv6; a group has a MAC address.
	seen 2 -n 2 --dst ff02::9
	[ "$(matches ' > 33:33:00:00:00:09, ')" -eq 2 ]
	seen 2 -n 2 --dst 224.0.0.9
	[ "$(matches ' > 01:00:5e:00:00:09, ')" -eq 2 ]
	[ "$(matches '[udp sum ok]')" -eq 2 ]
}

@test "what the receiver has rewritten is put back" {
	live
	need_cmd tcpdump
	# One port below, each time that the page comes by.
	"$TOP/testenv/testenv.sh" load --name gen --inner \
		--loader ../packet02-rewriting/xdp_rewrite_user -- -q
	seen 1000 -n 1000 --flows 3
	[ "$(matches '.8: [udp sum ok]')" -eq 1000 ]
}

@test "a tag that the receiver pushes or pops is put back as well" {
	live
	need_cmd tcpdump
	"$TOP/testenv/testenv.sh" load --name gen --inner \
		--loader ../packet02-rewriting/xdp_rewrite_user -- -q \
		--progname xdp_vlan_swap_func
	for tag in '' '--vlan 9'; do
		# shellcheck disable=SC2086 # nothing, or two words
		seen 500 -n 500 --flows 3 --size 70 $tag
		[ "$(matches '[udp sum ok]')" -eq 500 ]
		[ "$(matches vlan)" -eq "$([ "$tag" ] && echo 0 || echo 500)" ]
	done
}

# Not how fast it is: how many there are when the time is over. A machine that
# stands still for a moment makes up for it; what it gives up is for longer.
@test "a rate is met: so many packets in the time that was asked for" {
	need_cmd jq
	for rate in 1 10 50 200 1000 10000; do
		./xdp_gen_user -q -d gen --rate $rate --duration 1 -j >/run/tmp/report
		packets=$(jq 'select(.total).packets' /run/tmp/report)
		[ "$packets" -le $rate ]
		[ "$packets" -ge $((rate * 95 / 100)) ]
	done
	# By a packet socket likewise, and with a fraction of a packet
	./xdp_gen_user -q -d gen --rate 100 --duration 0.255 -j --packet-socket \
		>/run/tmp/report
	jq -e 'select(.total) | .packets == 25 or .packets == 26' /run/tmp/report
}

@test "--count is exact, with and without a rate" {
	need_cmd jq
	for count in 1 63 64 65 1000 100001; do
		./xdp_gen_user -d gen -n $count -j | jq -e "select(.total).packets == $count"
	done
	./xdp_gen_user -d gen -n 333 --rate 5000 -j | jq -e 'select(.total).packets == 333'
	./xdp_gen_user -d gen -n 333 --duration 60 -j |
		jq -e 'select(.total).packets == 333'
	unchanged "$before"
}

@test "a packet socket: what the interface has no room for is sent, and counted once" {
	need_cmd jq tc
	tc qdisc add dev gen root tbf rate 1mbit burst 2kb limit 2kb
	run --separate-stderr timeout -k 1 60 ./xdp_gen_user -d gen -n 1000 --packet-socket -j
	tc qdisc del dev gen root
	[ "$status" -eq 0 ]
	jq -e '.total and .packets == 1000' <<<"${lines[-1]}"
	unchanged "$before"
}

@test "what the interface drops is counted, and not what it has dropped before" {
	need_cmd jq
	inside ip link set veth0 mtu 1300
	for count in 5 7; do
		./xdp_gen_user -d gen -n $count -s 1400 --packet-socket -j >/run/tmp/report
		jq -e "select(.total) | .packets == $count and .dropped == $count" /run/tmp/report
	done
	rm /run/tmp/report
	inside ip link set veth0 mtu 1500
	unchanged "$before"
}

@test "reports: totals and rates, as JSON and as a table" {
	need_cmd jq
	./xdp_gen_user -d gen --rate 100 --duration 1 -i 0.25 -j >/run/tmp/report
	[ "$(jq -s length /run/tmp/report)" -ge 2 ]
	jq -se 'all(.ifname == "gen" and .bytes == .packets * 64 and .dropped >= 0 and
		.time > 1e9 and .period > 0 and .pps >= 0 and .mbps >= 0)' /run/tmp/report
	jq -se '[.[] | .packets] == ([.[] | .packets] | sort)' /run/tmp/report
	[ "$(jq -s '[.[] | select(.total)] | length' /run/tmp/report)" -eq 1 ]
	tail -n 1 /run/tmp/report | jq -e .total
	gen --rate 100 --duration 0.5 -i 0.2
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *packets*pps*Mbit/s*dropped*period ]]
	[[ ${lines[-1]} =~ ^"sent 50 packets of 64 bytes in "[0-9.]+" s, "[0-9]+" a second; 0 dropped by 'gen'"$ ]]
	gen -n 10 -q
	[ -z "$output$stderr" ]
}

# bats test_tags=kernel
@test "from inside, to a program on the outer end, which counts them all" {
	need_cmd jq
	../basic03-map-counter/xdp_counter_user -d gen -S -i 0.2 -j \
		>/run/tmp/report 3>&- &
	runner=$!
	wait_for grep -q actions /run/tmp/report
	run --separate-stderr inside ./xdp_gen_user -d veth0 -n 2000 --rate 20000
	[ "$status" -eq 0 ]
	# In skb mode it is no program that takes redirected frames.
	[[ $stderr == "note: sending through a packet socket"*"its peer 'gen' has neither"* ]]
	wait_for reported '.actions.XDP_PASS.packets == 2000'
	end "$runner"
	../basic03-map-counter/xdp_counter_user -d gen -i 0.2 -j \
		>/run/tmp/report 3>&- &
	runner=$!
	wait_for grep -q actions /run/tmp/report
	run --separate-stderr inside ./xdp_gen_user -d veth0 -n 2000 --rate 20000
	[ "$status" -eq 0 ]
	feature live_frames && [ -z "$stderr" ]
	wait_for reported '.actions.XDP_PASS.packets == 2000'
}

@test "where the kernel has no live frames a packet socket sends, and it says so" {
	need_cmd jq nstat
	old=$(arrived '')
	run --separate-stderr old_kernel 10:22 ./xdp_gen_user -d gen -n 300 --flows 7 -j
	[ "$status" -eq 0 ]
	[[ $stderr == "note: sending through a packet socket"*"this kernel has no live frames"* ]]
	jq -e 'select(.total) | .via == "packet socket" and .packets == 300' <<<"$output"
	[ "$(arrived '')" = "$((${old% *} + 300)) ${old#* }" ]
	# That is no secret when it was asked for.
	gen -n 300 --packet-socket -j
	[ -z "$stderr" ]
	jq -e 'select(.total) | .via == "packet socket" and .packets == 300' <<<"$output"
	all_arrive 200 6 --packet-socket --flows 7 --size 1514
	unchanged "$before"
}

@test "a frame too long for a live one goes through a packet socket" {
	live
	need_cmd jq
	run --separate-stderr ./xdp_gen_user -d genjumbo -n 10 --size 9014 -j
	[ "$status" -eq 0 ]
	[[ $stderr == "note: sending through a packet socket"*"9014 bytes are more than a live frame has room for" ]]
	run --separate-stderr ./xdp_gen_user -d genjumbo -n 10 --size 3300 -j
	[ -z "$stderr" ]
	jq -e 'select(.total) | .via == "live frames" and .packets == 10' <<<"$output"
}

@test "an other end that takes no redirected frames, from the start or later" {
	live
	lab genbare --bare
	run --separate-stderr ./xdp_gen_user -d genbare -n 300
	[ "$status" -eq 0 ]
	[[ $stderr == "note: sending through a packet socket"*"cannot redirect to 'genbare': its peer 'veth0' has neither a native XDP program nor GRO"*"gro on)" ]]
	[[ $output == "sent 300 packets "* ]]
	"$TOP/testenv/testenv.sh" teardown --name genbare
	./xdp_gen_user -d gen --rate 1000 -i 0.1 >/run/tmp/report 2>/run/tmp/errors 3>&- &
	runner=$!
	wait_for grep -q packets /run/tmp/report
	inside "$TOP/testenv/lab_user" clear veth0
	wait_for grep -q warning /run/tmp/errors
	kill "$runner"
	wait "$runner"
	[[ $(</run/tmp/errors) == "warning: nothing leaves 'gen': its peer 'veth0' has neither "* ]]
}

@test "signals end it with status 0, and it leaves nothing" {
	for signal in INT TERM HUP; do
		for how in "--rate 100" "" "--packet-socket"; do
			# It must not be the report of the run before.
			rm -f /run/tmp/report
			# A background command of bash is deaf to SIGINT.
			# shellcheck disable=SC2086 # words
			"$TOP/testenv/lab_user" run ./xdp_gen_user -d gen $how \
				-i 0.1 >/run/tmp/report 3>&- &
			runner=$!
			wait_for grep -q packets /run/tmp/report
			kill -s $signal "$runner"
			wait "$runner"
			runner=''
			grep -q '^sent ' /run/tmp/report
		done
	done
	rm /run/tmp/report
	unchanged "$before"
}

@test "killed, it leaves nothing either" {
	./xdp_gen_user -d gen -i 0.1 >/run/tmp/report 3>&- &
	runner=$!
	wait_for grep -q packets /run/tmp/report
	kill -KILL "$runner"
	rc=0
	wait "$runner" || rc=$?
	[ "$rc" -eq 137 ]
	runner=''
	rm /run/tmp/report
	unchanged "$before"
}

@test "an interface that goes away ends it, with one line" {
	for how in "--rate 100" "" "--packet-socket"; do
		lab gengone
		# shellcheck disable=SC2086 # words
		timeout 20 ./xdp_gen_user -d gengone -i 60 $how 2>/run/tmp/errors 3>&- &
		runner=$!
		wait_for is_sending gengone
		ip link del dev gengone
		rc=0
		wait "$runner" || rc=$?
		runner=''
		"$TOP/testenv/testenv.sh" teardown --name gengone
		[ "$rc" -eq 1 ]
		[ "$(</run/tmp/errors)" = "error: interface 'gengone' is gone" ]
	done
}

@test "addresses that nobody knows" {
	gen --dst 10.11.250.77
	fails 1 "cannot send to '10.11.250.77': 'gen' does not know its MAC address" \
		"--dest-mac"
	run --separate-stderr ./xdp_gen_user -d lo
	fails 1 "no destination: 'lo' has no IPv4 neighbour" "--dst"
	ip link add genodd type veth peer name genodd2
	ip link set genodd2 up
	ip link set genodd up
	run --separate-stderr ./xdp_gen_user -d genodd --dst 192.0.2.1 -R 02:00:00:00:00:01
	fails 1 "no source: 'genodd' has no IPv4 address" "--src"
	ip link set genodd2 down
	run --separate-stderr ./xdp_gen_user -d genodd
	fails 1 "cannot send through 'genodd': it has no carrier"
	ip link set genodd down
	run --separate-stderr ./xdp_gen_user -d genodd
	fails 1 "cannot send through 'genodd': it is down" "ip link set genodd up"
	ip link del genodd
	unchanged "$before"
}

@test "options that do not go together" {
	gen --size 41
	fails 2 "frames of 41 bytes" "headers take 42" "'gen' sends up to 1514"
	gen --size 65 --ipv6 --vlan 5
	fails 2 "headers take 66"
	gen --size 1515
	fails 2 "up to 1514"
	gen --dst 10.11.1.2 --ipv6
	fails 2 "IPv4 and IPv6 at once"
	gen --src 10.11.1.1 --dst fc00::1
	fails 2 "IPv4 and IPv6 at once"
	gen --flows 64513
	fails 2 "64513 flows from port 1024 on" "--sport"
	gen --cpu 1023
	fails 2 "cannot stay on CPU 1023"
	for bad in "--rate 0" "--rate 1.5" "--vlan 0" "--vlan 4095" "--count 0" \
		"--flows 0" "--duration x" "--dev nosuch" "--dst x" "-R x"; do
		# shellcheck disable=SC2086 # two words
		gen $bad
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} == "error: bad value "* ]]
	done
	unchanged "$before"
}

@test "--cpu: it stays there" {
	./xdp_gen_user -d gen --cpu 0 --rate 10 -i 0.1 >/run/tmp/report 3>&- &
	runner=$!
	wait_for grep -q packets /run/tmp/report
	grep -q '^Cpus_allowed_list:.0$' "/proc/$runner/status"
}

@test "who may not send is told" {
	need_cmd setpriv
	for how in '' --packet-socket; do
		# shellcheck disable=SC2086 # nothing, or a word
		run --separate-stderr setpriv --reuid=65534 --regid=65534 \
			--clear-groups ./xdp_gen_user -d gen -n 1 $how
		fails 1 "(run it as root)"
	done
}

@test "--help names what there is" {
	gen --help
	[ "$status" -eq 0 ]
	for option in dev rate count duration size flows ipv6 vlan dst src dport \
		sport src-mac dest-mac cpu packet-socket interval json; do
		[[ $output == *"--$option "* ]]
	done
}
