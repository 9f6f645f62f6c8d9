#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_ping_user in labs: requests and answers counted to the packet, with both
# engines, by IPv4 and by IPv6; each wrong answer in its column; what goes wrong
# is said in one line, and nothing is left.
# shellcheck disable=SC2030,SC2031 # each test has its own peer

load ../tests/helpers

setup_file()
{
	need_sandbox
	# Asked once: a probe takes seconds where a machine is emulated.
	has_af_xdp='' has_live=''
	! feature af_xdp || has_af_xdp=y
	! feature live_frames || has_live=y
	export has_af_xdp has_live
	# They are numbered: 10.11.1.0/24 and so on.
	lab p4
	lab p4q --queues 4
}

teardown_file()
{
	t teardown --all
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	[ -n "$has_af_xdp" ] || need_feature af_xdp
	need_cmd jq python3
	mkdir -p /sys/fs/bpf/xdp
	engines=(xsk)
	[ -z "$has_live" ] || engines+=(live)
	flood=100000 many=300000 few=20
	[ "${VM_GUEST-}" != tcg ] || flood=2000 many=10000 few=5
	runner='' helper='' rc=0
	before=$(snapshot)
}

teardown()
{
	end "$runner"
	end "$helper"
	inside sysctl -q net.ipv4.icmp_echo_ignore_all=0 net.ipv6.icmp.echo_ignore_all=0
	for dev in p4 p4q; do
		[ -z "$(programs $dev)" ] || t reset --name $dev >/dev/null
	done
	! ip link show dev p4g >/dev/null 2>&1 || t teardown --name p4g
	rm -rf /run/tmp/{report,errors,way,said,frames,hosts,sent,got,user}
}

t()
{
	"$TOP/testenv/testenv.sh" "$@"
}

# in the lab's namespace, where /sys still is that of outside
inside()
{
	nsenter --net=/run/netns/p4 "$@"
}

# address FAMILY [END]: of the inner end, or of the outer one, 1
address()
{
	case $1 in
	4) echo "10.11.1.${2-2}" ;;
	6) echo "fc00:dead:cafe:1::${2-2}" ;;
	esac
}

# programs DEV: the ids of what is attached to it
programs()
{
	ip link show dev "$1" | sed -n 's/.*prog\/xdp id \([0-9]*\).*/\1/p'
}

# mac COMMAND...: what that "ip link show" says
mac()
{
	"$@" | sed -n 's/.*link\/ether \([0-9a-f:]*\).*/\1/p'
}

# asks STATUS OPTION...: it ends so; what it says is in $output and $stderr. Where
# all is answered it is worth a wait on a busy machine.
asks()
{
	[ "$1" -ne 0 ] || set -- 0 -W 10 "${@:2}"
	run --separate-stderr timeout 300 ./xdp_ping_user "${@:2}"
	[ "$status" -eq "$1" ] && return
	printf 'status %s of %s:\n%s\n%s\n' "$status" "${*:2}" "$output" "$stderr" >&2
	return 1
}

# says FILTER: the last line is so
says()
{
	tail -n 1 <<<"$output" | jq -e "$1" && return
	tail -n 1 <<<"$output" >&2
	return 1
}

# counted SENT RECEIVED DUPLICATES LATE DAMAGED FOREIGN ERRORS
counted()
{
	local got

	got=$(tail -n 1 <<<"$output" | jq -r '[.transmitted, .received, .duplicates,
		.late, .damaged, .foreign, .errors] | join(" ")')
	[ "$got" = "$*" ] && return
	echo "counted $got, not $*" >&2
	return 1
}

# refused STATUS TEXT OPTION...: one line of error, and nothing has changed
refused()
{
	local hint=''

	run --separate-stderr timeout 60 ./xdp_ping_user -q "${@:3}"
	[ "$status" -eq "$1" ] || { echo "status $status: $stderr" >&2; return 1; }
	if [ "${stderr_lines[1]-}" = "see xdp_ping_user --help" ]; then
		hint=y
		stderr=${stderr_lines[0]} stderr_lines=("$stderr")
	fi
	[ -z "$output" ] && one_line_error "$2" && { [ -z "$hint" ] || [ "$1" -eq 2 ]; } &&
		unchanged "$before"
}

# begin [OPTION]...: in the background, until requests have come
begin()
{
	local asked

	asked=$(echos)
	# A background command of bash is deaf to SIGINT.
	"$TOP/testenv/lab_user" run ./xdp_ping_user "$@" \
		>/run/tmp/report 2>/run/tmp/errors 3>&- &
	runner=$!
	wait_for more_than "$asked"
}

# echos: requests that the kernel inside has got
echos()
{
	inside nstat -asz IcmpInEchos Icmp6InEchos | awk '/InEchos/ { n += $2 } END { print n }'
}

more_than()
{
	[ "$(echos)" -gt "$(($1 + 2))" ]
}

# over [SIGNAL]: ended by it, or without one by itself; the status is in $rc
over()
{
	[ $# -eq 0 ] || kill -s "$1" "$runner"
	wait "$runner" || rc=$?
	runner=''
	output=$(</run/tmp/report)
	cat /run/tmp/errors
}

# one_error TEXT...: the only line of error among the notes
one_error()
{
	stderr=$(grep -v '^note: ' /run/tmp/errors)
	mapfile -t stderr_lines <<<"$stderr"
	one_line_error "$@"
}

# peer [WAY]: the inner end answers so, and the kernel does not. See
# tests/packets/bad_peer.py.
peer()
{
	echo "${1-right}" >/run/tmp/way
	inside sysctl -q net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1
	# Not by a function: it is to be ended by this id.
	nsenter --net=/run/netns/p4 "$TOP/tests/packets/bad_peer.py" veth0 /run/tmp/way \
		>/run/tmp/said 3>&- &
	helper=$!
	wait_for grep -q ready /run/tmp/said
}

# left_nothing: but for what this test has made
left_nothing()
{
	end "$helper"
	helper=''
	rm -f /run/tmp/{report,errors,way,said,frames}
	unchanged "$before"
}

# listen FILTER: tcpdump inside, until it has seen one
listen()
{
	need_cmd tcpdump
	nsenter --net=/run/netns/p4 timeout 60 tcpdump -n -e -v -c 1 -i veth0 "$1" \
		>/run/tmp/frames 2>/run/tmp/said 3>&- &
	helper=$!
	wait_for grep -q listening /run/tmp/said
}

# heard TEXT...: each stands in what it has seen
heard()
{
	local text

	wait "$helper"
	helper=''
	for text in "$@"; do
		grep -qF -- "$text" /run/tmp/frames || {
			echo "no '$text' in:" >&2
			cat /run/tmp/frames >&2
			return 1
		}
	done
}

# bats test_tags=kernel
@test "a flood: all of them answered and checked, with both engines" {
	for engine in "${engines[@]}"; do
		for family in 4 6; do
			asked=$(echos)
			asks 0 --engine "$engine" -c "$flood" --flood --json "$(address $family)"
			counted "$flood" "$flood" 0 0 0 0 0
			says ".engine == \"$engine\" and .ifname == \"p4\" and .loss_percent == 0 and
				([.histogram[].packets] | add) == $flood and
				.rtt_us.min <= .rtt_us.avg and .rtt_us.avg <= .rtt_us.max"
			# The kernel on the other side has got as many.
			[ "$(echos)" -eq $((asked + flood)) ]
		done
	done
	left_nothing
}

# bats test_tags=slow
@test "many more than a ring holds, and than there are sequence numbers" {
	# No more at a time than a veth has room for: 256, on either side.
	for engine in "${engines[@]}"; do
		count=$many
		[ "$engine" = xsk ] || count=$((2 * many))
		asks 0 --engine "$engine" -c "${PING_PACKETS:-$count}" -f -l 128 --json "$(address 4)"
		says ".transmitted == ${PING_PACKETS:-$count} and .received == .transmitted"
	done
	left_nothing
}

@test "so many at an interval or a rate, to each" {
	for engine in "${engines[@]}"; do
		for way in "-c 3 -i 0.1" "-c 50 --rate 500" "-c 300 --rate 3000" "-c 1"; do
			read -r _ count _ <<<"$way"
			# shellcheck disable=SC2086 # words
			asks 0 --engine "$engine" $way --json "$(address 6)"
			counted "$count" "$count" 0 0 0 0 0
			wanted=1
			# One for each answer, if they are not too many.
			[ "$engine/$count" = live/"$count" ] || [ "$count" = 300 ] ||
				wanted=$((count + 1))
			[ "$(wc -l <<<"$output")" -eq $wanted ]
		done
	done
	asks 0 -c 2 -i 0.1 --json "$(address 4)"
	jq -es --arg from "$(address 4)" '(.[:2] | all(.from == $from and .ttl == 64 and
		.bytes == 64 and .result == "received" and .rtt_us > 0)) and
		(.[:2] | map(.icmp_seq)) == [1, 2]' <<<"$output"
}

@test "text: as ping prints it, a line for each, and the sums" {
	asks 0 -c 2 -i 0.1 "$(address 4)"
	[[ ${lines[0]} =~ ^"PING 10.11.1.2 (10.11.1.2) from 10.11.1.1 p4: 56 data bytes, id "[0-9]+", by AF_XDP, copy, queue 0"$ ]]
	for number in 1 2; do
		[[ ${lines[number]} =~ ^"64 bytes from 10.11.1.2: icmp_seq=$number ttl=64 time="[0-9.]+" ms"$ ]]
	done
	[ "${lines[3]}" = "--- 10.11.1.2 ping statistics ---" ]
	[[ ${lines[4]} =~ ^"2 packets transmitted, 2 received, 0% packet loss, time "[0-9]+"ms"$ ]]
	[ "${lines[5]}" = "duplicates 0, late 0, damaged 0, foreign 0, errors 0" ]
	[[ $output =~ "rtt min/avg/max/mdev = "[0-9.]+/[0-9.]+/[0-9.]+/[0-9.]+" ms" ]]
	[[ $output =~ "rtt p50/p90/p99/max = "[0-9.]+/[0-9.]+/[0-9.]+/[0-9.]+" us" ]]
	[[ $output =~ [0-9.]+" us to "\ *[0-9.]+" us "\ *[0-9]+\ \# ]]
	[[ $stderr =~ "note: attached 'xdp_ping_func' to 'p4': id "([0-9]+)", native mode; Ctrl-C ends it" ]]
	[[ $stderr == *"note: detached id ${BASH_REMATCH[1]} ('xdp_ping_func') from 'p4'" ]]
	# Of one answer, all percentiles are its time: none is above the maximum.
	asks 0 -q -c 1 --json "$(address 4)"
	says '.rtt_us | [.min, .p50, .p90, .p99, .max] | unique | length == 1'
	# Quiet: the sums alone.
	asks 0 -q -c 2 -i 0.1 "$(address 4)"
	[ "${lines[0]}" = "--- 10.11.1.2 ping statistics ---" ]
	[ -z "$stderr" ]
	for engine in "${engines[@]}"; do
		[ "$engine" = live ] || continue
		asks 0 -c 2 -i 0.1 --engine live "$(address 6)"
		[[ ${lines[0]} == "PING fc00:dead:cafe:1::2 "*", by live frames" ]]
		[ "${lines[1]}" = "--- fc00:dead:cafe:1::2 ping statistics ---" ]
	done
	left_nothing
}

# wrongs ENGINE FAMILY: what a peer does, and what is counted of n requests, m
# being one less: received, duplicates, late, damaged, foreign, errors
wrongs()
{
	cat <<-END
	right       n 0 0 0 0 0
	hops        n 0 0 0 0 0
	sum         n 0 0 n 0 0
	id          n 0 0 0 n 0
	sequence    n 0 0 n 0 0
	code        n 0 0 n 0 0
	number      n 0 0 n 0 0
	mark        n 0 0 n 0 0
	data        n 0 0 n 0 0
	shorter     n 0 0 n 0 0
	longer      n 0 0 n 0 0
	cut         n 0 0 n 0 0
	cut_icmp    n 0 0 n 0 0
	from_ip     n 0 0 0 n 0
	to_ip       n 0 0 0 n 0
	from_mac    n 0 0 0 n 0
	to_mac      n 0 0 0 n 0
	tag         n 0 0 0 0 0
	other_type  n 0 0 0 0 0
	error_id    n 0 0 0 0 0
	error_peer  n 0 0 0 n 0
	error_short n 0 0 0 0 0
	twice       n m 0 0 0 0
	END
	[ "$2" = 6 ] || echo "ip_sum n 0 0 n 0 0"
	case $1/$2 in
	xsk/4)  echo "options n 0 0 0 0 0" ;;
	live/4) echo "options 0 0 0 n 0 0" ;; # it wants the header as it sends it
	esac
	# The live engine does not look at the checksum of an error.
	[ "$1" = live ] || echo "error_sum n 0 0 n 0 0"
}

@test "a peer that answers wrongly: each time in the right column" {
	peer
	for engine in "${engines[@]}"; do
		for family in 4 6; do
			[ "${VM_GUEST-}/$engine/$family" != tcg/live/4 ] || continue
			while read -r way columns; do
				echo "$engine, IPv$family: $way"
				columns=${columns//n/$few}
				echo "$way" >/run/tmp/way
				wait=20 status=0
				# This one is never right.
				[ "$way/$engine" != options/live ] || wait=2 status=1
				asks $status --engine "$engine" -c "$few" --rate 500 -W $wait --json \
					"$(address $family)"
				# shellcheck disable=SC2086 # words
				counted $few ${columns//m/$((few - 1))}
			done < <(wrongs "$engine" $family)
		done
	done
	left_nothing
}

@test "answers that come too late, or never" {
	peer late
	for engine in "${engines[@]}"; do
		for family in 4 6; do
			echo late >/run/tmp/way
			# Each comes with the next request; there is none after the last.
			asks 1 --engine "$engine" -c 2 -i 2 -W 1 --json "$(address $family)"
			counted 2 0 0 1 0 0 0
			echo never >/run/tmp/way
			asks 1 --engine "$engine" -c 3 -i 0.01 -W 0.2 --json "$(address $family)"
			counted 3 0 0 0 0 0 0
			says '.loss_percent == 100 and (has("rtt_us") | not)'
		done
	done
	left_nothing
}

@test "the payload: none, without room for a number or a mark, and as much as fits" {
	for engine in "${engines[@]}"; do
		for family in 4 6; do
			sizes="0 1 7 8 15 16 17 56 127 128" most=128
			if [ "$engine" = xsk ]; then
				most=$((family == 4 ? 1472 : 1452))
				sizes+=" 1000 $most"
			fi
			[ "${VM_GUEST-}" != tcg ] || sizes="0 8 $most"
			for size in $sizes; do
				asks 0 --engine "$engine" -c 5 --rate 500 -s "$size" --json \
					"$(address $family)"
				counted 5 5 0 0 0 0 0
			done
			refused 2 "bad value '$((most + 1))' for --size: 'p4' carries $most bytes of data at most here" \
				--engine "$engine" -c 1 -s $((most + 1)) "$(address $family)"
		done
	done
	# Without a number in it a wrong one is still known.
	peer
	for engine in "${engines[@]}"; do
		for way in "sum 5 0" "sequence 5 0" "id 0 5"; do
			read -r way damaged foreign <<<"$way"
			echo "$way" >/run/tmp/way
			asks 0 --engine "$engine" -c 5 --rate 500 -W 20 -s 4 --json "$(address 4)"
			counted 5 5 0 0 "$damaged" "$foreign" 0
		done
	done
	left_nothing
}

@test "what is wrong stands behind the line of the answer" {
	peer
	while IFS=: read -r family way text; do
		echo "$way" >/run/tmp/way
		asks 0 -c 3 -i 0.01 -W 20 "$(address "$family")"
		grep -F "$text" <<<"$output" || { echo "$output" >&2; false; }
	done <<-'END'
	4:sum: (damaged: the checksum of ICMP)
	6:sum: (damaged: the checksum of ICMP)
	4:ip_sum: (damaged: the checksum of IP)
	4:sequence: (damaged: no request has its number)
	6:data: (damaged: the data)
	4:shorter: (damaged: the length)
	6:cut: (damaged: the frame ends too early)
	4:to_ip: (foreign: not to our address)
	6:from_mac: (foreign: from another MAC address)
	4:to_mac: (foreign: not to our MAC address)
	4:error_sum: (damaged: the checksum of an error)
	4:twice:64 bytes from 10.11.1.2: icmp_seq=1 ttl=64 time=
	4:twice: ms (DUP!)
	4:hops:64 bytes from 10.11.1.2: icmp_seq=1 ttl=7 time=
	4:sum:3 packets transmitted, 3 received, +3 corrupted, 0% packet loss, time
	4:sum:duplicates 0, late 0, damaged 3, foreign 0, errors 0
	END
	echo late >/run/tmp/way
	asks 1 -c 2 -i 0.5 -W 0.1 "$(address 4)"
	[[ $output == *" ms (late)"* ]]
	left_nothing
}

@test "ICMP errors about requests: from whom, and what they mean" {
	peer
	for engine in "${engines[@]}"; do
		while IFS=: read -r family way text; do
			[ "${VM_GUEST-}" != tcg ] || [[ $way == error-3-* ]] || continue
			echo "$way" >/run/tmp/way
			asks 1 --engine "$engine" -c 2 -i 0.05 -W 20 "$(address "$family")"
			for number in 1 2; do
				grep -Fx "From $(address "$family") icmp_seq=$number $text" <<<"$output" ||
					{ echo "$engine $way: $output" >&2; false; }
			done
			grep -Fx "2 times from $(address "$family"): $text" <<<"$output"
			grep -F "2 packets transmitted, 0 received, +2 errors, 100% packet loss" <<<"$output"
			asks 1 --engine "$engine" -c 2 -i 0.05 -W 20 --json "$(address "$family")"
			counted 2 0 0 0 0 0 2
			says ".troubles == [{from: \"$(address "$family")\", error: \"$text\", packets: 2,
				type: $(cut -d - -f 2 <<<"$way"), code: $(cut -d - -f 3 <<<"$way")}]"
		done <<-'END'
		4:error-3-0:Destination Net Unreachable
		4:error-3-1:Destination Host Unreachable
		4:error-3-3:Destination Port Unreachable
		4:error-3-4:Frag needed and DF set
		4:error-3-13:Packet filtered
		4:error-11-0:Time to live exceeded
		4:error-12-0:Parameter problem
		6:error-1-0:Destination unreachable: No route
		6:error-1-3:Destination unreachable: Address unreachable
		6:error-1-4:Destination unreachable: Port unreachable
		6:error-2-0:Packet too big
		6:error-3-0:Time exceeded: Hop limit
		6:error-4-2:Parameter problem
		END
	done
	left_nothing
}

# bats test_tags=slow
@test "a peer that drops every third: a flood ends, and what is lost is counted" {
	peer third
	for engine in "${engines[@]}"; do
		asks 0 --engine "$engine" -c $((30 * few)) --flood -W 5 --json "$(address 4)"
		counted $((30 * few)) $((20 * few)) 0 0 0 0 0
	done
	left_nothing
}

# bats test_tags=slow
@test "a silent peer: a flood goes on and ends" {
	peer never
	for engine in "${engines[@]}"; do
		# More than may be on their way
		asks 1 --engine "$engine" -c 100 --flood -l 16 -W 0.2 --json "$(address 6)"
		counted 100 0 0 0 0 0 0
	done
	left_nothing
}

@test "TTL, source addresses and next hop are what is asked for" {
	for engine in "${engines[@]}"; do
		for family in 4 6; do
			case $family in
			4) from=10.11.1.99 what='icmp[0] = 8' hops='ttl 9' ;;
			6) from=fc00:dead:cafe:1::99 what='icmp6 and ip6[40] = 128' hops='hlim 9' ;;
			esac
			listen "$what"
			asks 1 -d p4 --engine "$engine" -c 1 -W 0.2 -t 9 --src-ip "$from" \
				-L 02:00:00:00:00:99 -R 02:00:00:00:00:98 "$(address $family)"
			heard '02:00:00:00:00:99 > 02:00:00:00:00:98' "$hops" \
				"$from > $(address $family)"
		done
	done
	left_nothing
	# Who is known by that name over there gets the answers.
	inside ip neigh replace 10.11.1.99 lladdr 02:00:00:00:00:99 dev veth0 nud permanent
	for engine in "${engines[@]}"; do
		asks 0 -d p4 --engine "$engine" -c 3 -i 0.05 --src-ip 10.11.1.99 \
			-L 02:00:00:00:00:99 --json "$(address 4)"
		counted 3 3 0 0 0 0 0
		# The MAC address given is the one that is to answer.
		asks 0 -d p4 --engine "$engine" -c 3 -i 0.05 --json \
			-R "$(mac inside ip link show dev veth0)" "$(address 4)"
		counted 3 3 0 0 0 0 0
	done
	inside ip neigh del 10.11.1.99 dev veth0
}

@test "queues: all are listened on, or those of a list" {
	# Whatever is sent in the lab comes in on the third queue.
	# shellcheck disable=SC2016 # for the inner shell
	t exec --name p4q sh -c 'cd /sys/class/net/veth0/queues && for queue in tx-*; do
		[ ${queue#tx-} = 2 ] && cpus=$1 || cpus=0
		echo $cpus >$queue/xps_cpus || exit
	done' sh "$(printf '%x' $(((1 << $(nproc)) - 1)))"
	for how in "" "-Q 2" "-Q 0,2" "-Q 1-3" "--copy"; do
		# shellcheck disable=SC2086 # words
		asks 0 -c 5 -i 0.01 --json $how 10.11.2.2
		counted 5 5 0 0 0 0 0
	done
	asks 0 -c 1 -Q 2 10.11.2.2
	[[ $output == *", by AF_XDP, copy, queue 2"* ]]
	# Where nobody listens the kernel gets them, and it is said.
	asks 1 -q -c 3 -i 0.01 -W 0.5 -Q 1 --json 10.11.2.2
	counted 3 0 0 0 0 0 0
	[ "$stderr" = "warning: 3 answers came in on a queue that has no socket (see --queue)" ]
	left_nothing
}

@test "modes of attaching" {
	for how in -S -N --copy "-S --copy"; do
		for family in 4 6; do
			# shellcheck disable=SC2086 # words
			asks 0 -c 5 -i 0.01 --json $how "$(address $family)"
			counted 5 5 0 0 0 0 0
		done
	done
	refused 30 "cannot bind to queue 0 of 'p4': its driver has no zero-copy" -z "$(address 4)"
	refused 30 "has no offload" --offload-mode "$(address 4)"
	left_nothing
}

# net FAMILY: the number of a network behind the lab, without its last part
net()
{
	case $1 in
	4) echo 10.77.0. ;;
	6) echo fc00:dead:cafe:77:: ;;
	esac
}

# route_beyond: the inner end becomes a router, with the other lab behind it
route_beyond()
{
	local family beyond=(nsenter --net=/run/netns/p4q)

	inside sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.icmp_ratemask=0 net.ipv6.icmp.ratelimit=0
	ip link add name far0 netns p4 type veth peer name far1 netns p4q
	inside ip link set far0 up
	"${beyond[@]}" ip link set far1 up
	for family in 4 6; do
		local bits=$((family == 4 ? 24 : 64)) nodad=''

		[ $family = 4 ] || nodad=nodad
		inside ip addr add "$(net $family)1/$bits" dev far0 $nodad
		"${beyond[@]}" ip addr add "$(net $family)2/$bits" dev far1 $nodad
		"${beyond[@]}" ip "-$family" route add "$(address $family 0)/$bits" via "$(net $family)1"
		ip "-$family" route add "$(net $family)0/$bits" via "$(address $family)"
	done
	inside ip route add unreachable 10.77.0.128/25
	inside ip -6 route add unreachable fc00:dead:cafe:77::200/120
}

unroute()
{
	ip route del 10.77.0.0/24
	ip -6 route del fc00:dead:cafe:77::/64
	inside ip route del unreachable 10.77.0.128/25
	inside ip -6 route del unreachable fc00:dead:cafe:77::200/120
	inside ip link del far0
	inside sysctl -q net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
	wait_for gone_links
}

gone_links()
{
	[ "$(snapshot)" = "$before" ]
}

# bats test_tags=slow
@test "through a router: the next hop's MAC address, and what the router says" {
	route_beyond
	for engine in "${engines[@]}"; do
		for family in 4 6; do
			asks 0 --engine "$engine" -c 3 -i 0.05 -W 20 --json "$(net $family)2"
			counted 3 3 0 0 0 0 0
			[ "$engine" = live ] || jq -es '.[:3] | all(.ttl == 63)' <<<"$output"
			# It answers for its own address on the other side, too.
			asks 0 --engine "$engine" -c 1 -W 20 "$(net $family)1"
			asks 1 --engine "$engine" -t 1 -c 1 -W 20 "$(net $family)2"
			text="Time to live exceeded"
			[ $family = 4 ] || text="Time exceeded: Hop limit"
			grep -Fx "From $(address $family) icmp_seq=1 $text" <<<"$output"
			# Of two who are asked one is not reached.
			far=$(net $family)2
			asks 0 --engine "$engine" -t 1 -c 2 -i 0.1 -W 20 --json \
				"$(address $family)" "$far"
			says ".targets[0].received == 2 and .targets[0].errors == 0 and
				.targets[1].address == \"$far\" and .targets[1].errors == 2 and
				.targets[1].received == 0 and .targets[1].transmitted == 2"
			text="Destination Host Unreachable"
			[ $family = 4 ] || text="Destination unreachable: No route"
			asks 1 --engine "$engine" -c 1 -W 20 "$(net $family)200"
			grep -Fx "From $(address $family) icmp_seq=1 $text" <<<"$output"
		done
	done
	unroute
	left_nothing
}

@test "link-local addresses, with their interface, and names" {
	near=$(inside ip -6 -o addr show dev veth0 scope link | sed 's/.* inet6 \([^/]*\).*/\1/')
	for engine in "${engines[@]}"; do
		asks 0 --engine "$engine" -c 3 -i 0.05 --json "$near%p4"
		counted 3 3 0 0 0 0 0
		asks 0 --engine "$engine" -d p4 -c 1 "$near"
	done
	refused 2 "bad address '$near%p4': not through 'p4q'" -c 1 -d p4q "$near%p4"
	refused 2 "there is no interface 'nosuch0'" -c 1 "$near%nosuch0"
	printf '%s other4\n%s other6\n' "$(address 4)" "$(address 6)" >/run/tmp/hosts
	for family in 4 6; do
		run --separate-stderr unshare --mount sh -c \
			'mount --bind /run/tmp/hosts /etc/hosts && exec "$@"' sh \
			./xdp_ping_user -c 1 "other$family"
		[ "$status" -eq 0 ]
		[[ ${lines[0]} == "PING other$family ($(address $family)) from "* ]]
		[[ $output == *"--- other$family ping statistics ---"* ]]
	done
	rm /run/tmp/hosts
	left_nothing
}

# bats test_tags=slow
@test "several addresses, and all of a network: a table" {
	inside ip addr add 10.11.1.5/24 dev veth0
	inside ip addr add 10.11.1.6/24 dev veth0
	for engine in "${engines[@]}"; do
		asks 0 --engine "$engine" -c 20 --rate 400 --json 10.11.1.6 10.11.1.2 10.11.1.5
		counted 60 60 0 0 0 0 0
		says '(.targets | map(.address)) == ["10.11.1.6", "10.11.1.2", "10.11.1.5"] and
			(.targets | all(.transmitted == 20 and .received == 20 and .asked))'
		asks 0 --engine "$engine" -c 2000 --flood --json 10.11.1.6 10.11.1.2
		counted 4000 4000 0 0 0 0 0
		asks 0 --engine "$engine" --sweep 10.11.1.0/28
		[[ $output == *"PING 3 of 14 addresses from 10.11.1.1 p4: "* ]]
		[[ $output == *"3 packets transmitted, 3 received, 0% packet loss"* ]]
		for number in 2 5 6; do
			[[ $output =~ 10.11.1.$number\ +1\ +1\ +0.0%\ +0\ +0\ +0\ +0\ +0\ [0-9./]+ ]]
		done
		[[ $output != *10.11.1.7* ]]
		[ "${lines[-1]}" = "3 of 14 addresses have answered, 10 were not asked: nobody has them on the link, own: 1" ]
	done
	# The second one is nobody's; each has its row all the same.
	asks 0 -c 1 10.11.1.2 10.11.1.9
	[[ $output =~ 10.11.1.9\ +0\ +0\ +100.0% ]]
	asks 0 -c 2 --sweep fc00:dead:cafe:1::/126 --json
	says '.targets | map(select(.asked)) | length == 1 and .[0].received == 2'
	if [ "${VM_GUEST-}" != tcg ]; then
		asks 0 --sweep 10.11.1.0/24 --json
		says '(.targets | length) == 254 and (.targets | map(select(.asked)) |
			map(.address) == ["10.11.1.2", "10.11.1.5", "10.11.1.6"])'
	fi
	for number in 5 6; do
		inside ip addr del 10.11.1.$number/24 dev veth0
	done
	left_nothing
}

# bats test_tags=slow
@test "an address whose MAC address is not known is asked for" {
	for family in 4 6; do
		# It may be there or not; then it is not.
		ip neigh replace "$(address $family)" dev p4 lladdr 02:00:00:00:00:99
		ip neigh del "$(address $family)" dev p4
		asks 0 -c 1 "$(address $family)"
		ip neigh show to "$(address $family)" dev p4 | grep -q lladdr
	done
	for engine in "${engines[@]}"; do
		for family in 4 6; do
			far=$(address $family 77)
			refused 1 "cannot reach '$far': nobody on 'p4' says that it is '$far'" \
				--engine "$engine" -c 1 "$far"
		done
	done
	refused 1 "cannot reach any of 2 addresses: nobody on 'p4' answers to ARP" \
		-c 1 10.11.1.77 10.11.1.78
}

@test "--debug: the rules, and the headers of each packet" {
	mine=$(mac ip link show dev p4)
	other=$(mac inside ip link show dev veth0)
	for family in 4 6; do
		case $family in
		4) icmp=ICMP reply=0 type=0x0800 rest='id [0-9]+, length 84, TTL 64, protocol 1' ;;
		6) icmp=ICMPv6 reply=129 type=0x86dd rest='length 64, hop limit 64, next header 58' ;;
		esac
		asks 0 -D -c 1 "$(address $family)"
		[[ ${lines[0]} =~ ", id "([0-9]+)"," ]]
		id=${BASH_REMATCH[1]}
		for text in \
			"note: rule: $icmp type $reply, id $id, peer $(address $family): an answer: taken" \
			"note: packet: Ethernet $other > $mine, EtherType $type"; do
			grep -Fx "$text" <<<"$stderr" || { echo "$stderr" >&2; false; }
		done
		grep -Eqx "note: packet: IPv$family $(address $family) > $(address $family 1), $rest, 64 bytes" \
			<<<"$stderr"
		grep -Eqx "note: packet: $icmp type $reply, code 0, checksum 0x[0-9a-f]{4}, id $id, sequence 1" \
			<<<"$stderr"
	done
	for engine in "${engines[@]}"; do
		asks 0 -D -c 1 --engine "$engine" "$(address 4)"
		[ "$(grep -c '^note: rule: ICMP type ' <<<"$stderr")" -eq 10 ]
	done
}

# listening: there is a server for the transfer
listening()
{
	inside ss -Hltn 'sport = :8079' | grep -q .
}

@test "the machine's own ping and TCP live on beside a flood" {
	need_cmd nc ss
	[[ $(nc -h 2>&1) == *OpenBSD* ]] || skip "no nc of OpenBSD here"
	head -c $((flood * 20)) /dev/urandom >/run/tmp/sent
	for engine in "${engines[@]}"; do
		begin --engine "$engine" --flood --json "$(address 4)"
		# Each is answered by the other kernel and comes to this one's ping.
		"$TOP/tests/packets/ping.py" $((5 * few)) 56 "$(address 4)" "$(address 6)"
		nsenter --net=/run/netns/p4 timeout 60 nc -N -I 65536 -O 65536 -l "$(address 4)" 8079 \
			</dev/null >/run/tmp/got 3>&- &
		helper=$!
		wait_for listening
		timeout 60 nc -N -I 65536 -O 65536 "$(address 4)" 8079 </run/tmp/sent
		wait "$helper"
		helper=''
		cmp /run/tmp/sent /run/tmp/got
		over TERM
		[ "$rc" -eq 0 ]
		# Seen, counted apart, and left alone.
		says ".foreign == $((5 * few)) and .damaged == 0 and .errors == 0 and
			.duplicates == 0 and .received > 0"
	done
	rm /run/tmp/sent /run/tmp/got
	left_nothing
}

@test "INT, TERM and HUP end it: the sums are printed" {
	for engine in "${engines[@]}"; do
		for signal in INT TERM HUP; do
			for how in "-i 0.05" --flood; do
				rc=0
				# shellcheck disable=SC2086 # words
				begin --engine "$engine" $how --json "$(address 4)"
				over $signal
				[ "$rc" -eq 0 ]
				says '.received > 0 and .damaged == 0 and .foreign == 0'
				[ -z "$(programs p4)" ]
			done
			# So many to each, wherever it was just then.
			rc=0
			begin --engine "$engine" -d p4 --rate 100 --json --src-ip "$(address 4 1)" \
				-R "$(mac inside ip link show dev veth0)" \
				"$(address 4)" "$(address 4 8)" "$(address 4 9)"
			over $signal
			[ "$rc" -eq 0 ]
			says '.transmitted == ([.targets[].transmitted] | add) and
				([.targets[].transmitted] | max - min <= 1)'
		done
	done
	left_nothing
}

@test "output that nobody reads: one line, and nothing is left" {
	for engine in "${engines[@]}"; do
		for how in "-c 3 -i 0.05" "-c 100 --flood" "-c 3 -i 0.05 --json"; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr sh -c 'exec "$@" >/dev/full' sh timeout 20 \
				./xdp_ping_user --engine "$engine" $how "$(address 4)"
			[ "$status" -eq 1 ]
			stderr=$(grep -v '^note: ' <<<"$stderr")
			mapfile -t stderr_lines <<<"$stderr"
			one_line_error "cannot write to standard output: No space left"
		done
		run --separate-stderr sh -c 'exec "$@" >&-' sh timeout 20 \
			./xdp_ping_user -q --engine "$engine" -c 1 "$(address 4)"
		[ "$status" -eq 1 ]
		one_line_error "standard output"
		[ -z "$(programs p4)" ]
	done
	left_nothing
}

@test "an interface that goes away: one line, status 1" {
	ways=("-i 0.05" --flood)
	[ "${VM_GUEST-}" != tcg ] || ways=(--flood)
	for engine in "${engines[@]}"; do
		for how in "${ways[@]}"; do
			rc=0
			lab p4g
			# shellcheck disable=SC2086 # words
			"$TOP/testenv/lab_user" run ./xdp_ping_user --engine "$engine" $how --json \
				10.11.3.2 >/run/tmp/report 2>/run/tmp/errors 3>&- &
			runner=$!
			wait_for programs_on p4g
			ip link del dev p4g
			over
			t teardown --name p4g
			[ "$rc" -eq 1 ]
			one_error "'p4g'" gone
			left_nothing
		done
	done
}

programs_on()
{
	[ -n "$(programs "$1")" ]
}

@test "a program that another one replaces, or takes off: one line, status 30" {
	for engine in "${engines[@]}"; do
		rc=0
		begin --engine "$engine" -i 0.05 --json "$(address 4)"
		../basic02-prog-by-name/xdp_prog_user -q -F -d p4 --progname xdp_pass_func
		over
		[ "$rc" -eq 30 ]
		one_error "is no longer attached to 'p4'"
		# The other one stays.
		[ -n "$(programs p4)" ]
		../basic02-prog-by-name/xdp_prog_user -q -d p4 --unload
		rc=0
		begin --engine "$engine" --flood --json "$(address 4)"
		../basic02-prog-by-name/xdp_prog_user -q -d p4 --unload-all
		over
		[ "$rc" -eq 30 ]
		one_error "is no longer attached to 'p4'"
		left_nothing
	done
}

# killed ENGINE: such a ping is gone before it could take its program off, whose
# name is in $program
killed()
{
	rc=0
	case $1 in
	xsk) program=xdp_ping_func ;;
	live) program=xdp_ping_live_func ;;
	esac
	begin --engine "$1" -i 0.05 "$(address 4)"
	over KILL
	[ "$rc" -eq 137 ]
	[ -n "$(programs p4)" ]
}

@test "what kill -9 leaves is taken off by --unload" {
	for engine in "${engines[@]}"; do
		killed "$engine"
		asks 0 -U -d p4
		[[ $output =~ ^"detached id "[0-9]+" ('$program') from 'p4'"$ ]]
		[ -z "$(programs p4)" ]
		asks 0 --engine "$engine" -c 2 -i 0.01 --json "$(address 4)"
		counted 2 2 0 0 0 0 0
		left_nothing
		# By its id; another id is not there, and changes nothing.
		killed "$engine"
		asks 30 -q --unload 1 -d p4
		[[ $stderr =~ ^"error: cannot detach id 1 from 'p4': attached there is "([0-9]+) ]]
		id=${BASH_REMATCH[1]}
		asks 0 --unload "$id" --dev p4
		[ "$output" = "detached id $id ('$program') from 'p4'" ]
		left_nothing
		killed "$engine"
		asks 0 --unload-all -d p4
		[[ $output =~ ^"detached id "[0-9]+" ('$program') from 'p4'"$ ]]
		left_nothing
	done
}

# bats test_tags=kernel
@test "--unload of one of several programs needs its id" {
	need_feature dispatcher
	for engine in "${engines[@]}"; do
		killed "$engine"
	done
	killed xsk
	asks 2 -q -U -d p4
	[[ $stderr =~ "name one with --unload ID: "([0-9]+) ]]
	id=${BASH_REMATCH[1]}
	asks 0 -U "$id" -d p4
	[[ $output == "detached id $id ('"*"') from 'p4'" ]]
	asks 0 --unload-all -d p4
	[ "$(grep -c ^detached <<<"$output")" -eq "${#engines[@]}" ]
	left_nothing
}

@test "--unload where nothing is attached, and what it does not go with" {
	refused 30 "cannot detach from 'p4': no XDP program is attached" -U -d p4
	refused 30 "cannot detach from 'p4': no XDP program is attached" --unload 5 -d p4
	asks 0 --unload-all -d p4
	[ "$output" = "nothing is attached to 'p4'" ]
	refused 2 "--unload and --unload-all need --dev IFNAME" -U
	refused 2 "--unload and --unload-all need --dev IFNAME" --unload-all
	refused 2 "unexpected argument '$(address 4)'" -d p4 --unload-all "$(address 4)"
	refused 2 "bad value '$(address 4)' for --unload" -d p4 -U "$(address 4)"
	refused 2 "--unload and --unload-all exclude each other" -d p4 -U --unload-all
	left_nothing
}

# bats test_tags=kernel
@test "a program is there that leaves no room: one line, status 30" {
	feature dispatcher && skip "there is room for several here"
	../basic02-prog-by-name/xdp_prog_user -q -d p4 --progname xdp_pass_func
	before=$(snapshot)
	for engine in "${engines[@]}"; do
		refused 30 "to 'p4'" --engine "$engine" -c 1 "$(address 4)"
	done
	# --force takes its place.
	asks 0 -F -c 1 "$(address 4)"
	[ -z "$(programs p4)" ]
}

# bats test_tags=kernel
@test "beside another program" {
	need_feature dispatcher
	../basic02-prog-by-name/xdp_prog_user -q -d p4 --progname xdp_pass_func
	for engine in "${engines[@]}"; do
		asks 0 --engine "$engine" -c 5 -i 0.01 --json "$(address 4)"
		counted 5 5 0 0 0 0 0
	done
	[ -n "$(programs p4)" ]
	../basic02-prog-by-name/xdp_prog_user -q -d p4 --unload-all
	left_nothing
}

# bats test_tags=slow
@test "a queue that another socket has: one line, status 30" {
	"$TOP/testenv/lab_user" run ../advanced03-AF_XDP/af_xdp_user -d p4q -p -Q 1 --json -i 0.1 \
		>/run/tmp/report 2>/run/tmp/errors 3>&- &
	runner=$!
	wait_for reported .sum
	for how in "" "-Q 1" -F -S; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 20 ./xdp_ping_user -q -c 1 $how 10.11.2.2
		[ "$status" -eq 30 ]
		one_line_error "cannot bind to queue 1 of 'p4q': another AF_XDP socket has it"
	done
	over TERM
	[ "$rc" -eq 0 ]
	# Two of our own exclude each other likewise.
	begin -i 0.05 --json "$(address 4)"
	run --separate-stderr timeout 20 ./xdp_ping_user -q -c 1 "$(address 4)"
	[ "$status" -eq 30 ]
	one_line_error "cannot bind to queue 0 of 'p4': another AF_XDP socket has it"
	over TERM
	[ "$rc" -eq 0 ]
	left_nothing
}

@test "not permitted: one line, status 1" {
	need_cmd setpriv
	for engine in "${engines[@]}"; do
		run --separate-stderr timeout 20 setpriv --inh-caps=-all --bounding-set=-all \
			./xdp_ping_user -q --engine "$engine" -c 1 "$(address 4)"
		[ "$status" -eq 1 ]
		one_line_error "'p4'" "not permitted" root
		unchanged "$before"
	done
}

@test "addresses that cannot be asked" {
	while IFS=: read -r dest text; do
		refused 2 "bad address '${dest//!/:}': $text" -c 1 "${dest//!/:}"
	done <<-'END'
	10.11.1.255:not the address of one host
	255.255.255.255:not the address of one host
	224.0.0.1:not the address of one host
	0.0.0.0:not the address of one host
	ff02!!1:not the address of one host
	10.11.1.1:it is one of this machine
	127.0.0.1:it is one of this machine
	!!1:it is one of this machine
	10.11.1:neither IPv4 nor IPv6
	10.11.1.256:neither IPv4 nor IPv6
	fc00!!1!!2:neither IPv4 nor IPv6
	nosuch.invalid:
	END
	refused 2 "missing DEST" -c 1
	refused 2 "cannot ping IPv4 and IPv6 at once" -c 1 "$(address 4)" "$(address 6)"
	refused 2 "it is there twice" -c 1 "$(address 4)" "$(address 4)"
	refused 2 "not of the family of" -c 1 --src-ip ::1 "$(address 4)"
	for prefix in 10.11.1.0 10.11.1.0/ 10.11.1.0/33 10.11.1.0/x 10.11.1/24 /24; do
		refused 2 "bad value '$prefix' for --sweep: not a prefix" --sweep=$prefix
	done
	refused 2 "bad value '10.0.0.0/8' for --sweep: more than 4096 addresses" \
		--sweep 10.0.0.0/8
	for dev in "-d p4" ""; do
		# shellcheck disable=SC2086 # two words, or none
		refused 2 "bad address '10.11.1.1': it is one of this machine" \
			$dev --sweep 10.11.1.1/32
	done
}

@test "no route, an unreachable one, an interface that is down or not there" {
	for engine in "${engines[@]}"; do
		refused 1 "cannot reach '10.99.1.1': there is no route" --engine "$engine" -c 1 10.99.1.1
		refused 1 "cannot reach 'fd00::9': there is no route" --engine "$engine" -c 1 fd00::9
		refused 2 "bad value 'nosuch0' for --dev: no such interface" \
			--engine "$engine" -c 1 -d nosuch0 "$(address 4)"
	done
	ip route add unreachable 10.98.0.0/16
	ip route add prohibit 10.97.0.0/16
	before=$(snapshot)
	refused 1 "cannot reach '10.98.1.1'" -c 1 10.98.1.1
	refused 1 "cannot reach '10.97.1.1'" -c 1 10.97.1.1
	ip route del unreachable 10.98.0.0/16
	ip route del prohibit 10.97.0.0/16
	lab p4g
	ip link set dev p4g down
	before=$(snapshot)
	refused 1 "cannot reach '10.11.3.2' through 'p4g'" -c 1 -d p4g 10.11.3.2
	for engine in "${engines[@]}"; do
		refused 1 "cannot ping through 'p4g': it is down" --engine "$engine" -c 1 -d p4g \
			--src-ip 10.11.3.1 -R 02:00:00:00:00:01 10.11.3.2
	done
	t teardown --name p4g
}

@test "options that exclude each other, and values that cannot be" {
	while IFS=: read -r text options; do
		# shellcheck disable=SC2086 # words
		refused 2 "$text" $options "$(address 4)"
	done <<-'END'
	neither xsk nor live:--engine foo
	--interval, --rate and --flood exclude each other:-i 1 --flood
	--interval, --rate and --flood exclude each other:--rate 5 --flood
	--interval, --rate and --flood exclude each other:-i 1 --rate 5
	--preload is for --flood:-l 5
	are for --engine xsk:--engine live -Q 0
	are for --engine xsk:--engine live --copy
	are for --engine xsk:--engine live -z
	no --skb-mode:--engine live -S
	exclude each other:--copy -z
	exclude each other:-S -z
	bad value '0' for --count:-c 0
	bad value '0' for --rate:--rate 0
	bad value '256' for --ttl:-t 256
	bad value '0' for --ttl:-t 0
	bad value '65536' for --size:-s 65536
	bad value '1025' for --preload:-f -l 1025
	bad value '0' for --wait:-W 0
	bad value 'x' for --src-mac:-L x
	bad value '1.2.3' for --src-ip:--src-ip 1.2.3
	'p4' has the receive queues:-Q 9
	no list like 0,2-3:-Q x
	END
}

@test "--help says what the exit status 1 means" {
	run -0 ./xdp_ping_user --help
	[[ $output == *"Exit status: 0 answers came, 1 none came, or failure, 2 bad option"* ]]
}

@test "the object is not there, or the kernel lacks something" {
	mkdir /run/tmp/user
	cp xdp_ping_user /run/tmp/user
	cd /run/tmp/user
	before=$(snapshot)
	for engine in "${engines[@]}"; do
		object=xdp_ping_kern.o
		[ "$engine" = xsk ] || object=xdp_ping_live_kern.o
		refused 40 "cannot open '$object': not in the current folder" \
			--engine "$engine" -c 1 "$(address 4)"
	done
	cd "$OLDPWD"
	rm -r /run/tmp/user
	before=$(snapshot)
	run --separate-stderr old_sockets xdp timeout 20 ./xdp_ping_user -q -c 1 "$(address 4)"
	[ "$status" -eq 77 ]
	one_line_error "cannot bind to queue 0 of 'p4': this kernel has no AF_XDP"
	unchanged "$before"
	[ -n "$has_live" ] || return 0
	# Number 10 of bpf(2) runs a program: without it there are no live frames.
	run --separate-stderr old_kernel 10:22 timeout 20 \
		./xdp_ping_user -q --engine live -c 1 "$(address 4)"
	[ "$status" -eq 77 ]
	stderr=$(head -n 1 <<<"$stderr")
	one_line_error "live_frames"
	unchanged "$before"
	# It needs none of AF_XDP.
	OLD_SOCKETS=xdp preloaded old_sockets timeout 20 \
		./xdp_ping_user -q --engine live -c 1 "$(address 4)"
	unchanged "$before"
}

# bats test_tags=kernel
@test "a peer that takes no live frames: one line, and what to do" {
	[ -n "$has_live" ] || need_feature live_frames
	lab p4g --bare
	before=$(snapshot)
	run --separate-stderr timeout 20 ./xdp_ping_user -q --engine live -c 1 10.11.3.2
	[ "$status" -ne 0 ]
	one_line_error "cannot send live frames to 'p4g'" "--engine xsk"
	unchanged "$before"
	asks 0 -c 1 10.11.3.2
	t teardown --name p4g
}
