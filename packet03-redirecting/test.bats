#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_redirect_user: answers, redirects and routes between labs, and the maps
# edited while packets flow. What each program does with each packet of
# tests/packets is tested in tests/progrun.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab r1
	lab r2
	lab small --mtu 1300
	lab bare --bare
	lab v1 --vlan 7
	lab v2 --vlan 7
	# What the kernel itself forwards by IPv6, README.org says.
	sysctl -q net.ipv6.conf.all.forwarding=1
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	server=''
	mkdir -p /sys/fs/bpf/xdp
	before=$(snapshot)
}

teardown()
{
	end "$server"
	sysctl -q net.ipv4.icmp_echo_ignore_all=0 net.ipv6.icmp.echo_ignore_all=0
	for lab in r1 r2 small bare v1 v2; do
		! was_used $lab || t reset --name $lab >/dev/null
	done
	rm -f /run/tmp/frames /run/tmp/said /run/tmp/report
}

teardown_file()
{
	t teardown --all
}

# was_used LAB: it holds a program, or redirect has changed it
was_used()
{
	grep -q '^forward[46] [01]' "/run/xdp-tutorial/labs/$1" ||
		ip link show dev "$1" | grep -qE 'prog/xdp|state DOWN'
}

t()
{
	"$TOP/testenv/testenv.sh" "$@"
}

# inside LAB COMMAND...: in its namespace, where /sys still is that of outside
inside()
{
	nsenter "--net=/run/netns/$1" "${@:2}"
}

# address LAB FAMILY: of its inner end
address()
{
	inside "$1" ip -o "-$2" addr show dev veth0 scope global |
		sed 's|.* inet6\{0,1\} \([^/]*\)/.*|\1|'
}

# mac LAB: of its inner end
mac()
{
	inside "$1" ip -o link show dev veth0 | sed 's|.* link/ether \([^ ]*\) .*|\1|'
}

# arrived LAB, sent LAB: how many packets its inner end has received and sent
arrived()
{
	inside "$1" cat /proc/net/dev | awk '$1 == "veth0:" { print $3 }'
}

sent()
{
	inside "$1" cat /proc/net/dev | awk '$1 == "veth0:" { print $11 }'
}

# pings FROM FAMILY ADDRESS [ARGUMENT]...: what ping says, two requests. That
# nothing came back (1) is no failure here; all else is.
pings()
{
	inside "$1" ping "-$2" -c 2 -i 0.05 -W 1 "${@:4}" "$3" || [ "$?" -eq 1 ]
}

# answered FROM TO: both families, both ways
answered()
{
	local family

	for family in 4 6; do
		[[ $(pings "$1" $family "$(address "$2" $family)") == *" 2 received"* ]]
		[[ $(pings "$2" $family "$(address "$1" $family)") == *" 2 received"* ]]
	done
}

# verdicts LAB ACTION: packets with that verdict on its outer end
verdicts()
{
	t stats --name "$1" -- --json --count 1 --interval 0.01 |
		jq ".actions.$2.packets"
}

# result LAB NAME: packets that the router there has counted so
result()
{
	./xdp_redirect_user list -d "$1" --json | jq --arg name "$2" '.results[$name]'
}

# bad_sums LAB: packets that its inner end has refused
bad_sums()
{
	inside "$1" nstat -asz | awk '/^(Tcp|Udp|IpExt).*CsumErrors/ { n++; sum += $2 }
		END { print n ? sum : "none" }'
}

# listening LAB: iperf3 does
listening()
{
	[ -n "$(inside "$1" ss -Hltn 'sport = :5201')" ]
}

# transfer FROM TO FAMILY ARGUMENT...: iperf3 from one inner end to the other
transfer()
{
	inside "$2" iperf3 -s -1 >/run/tmp/report 2>&1 3>&- &
	server=$!
	wait_for listening "$2"
	inside "$1" timeout 60 iperf3 "-$3" -c "$(address "$2" "$3")" "${@:4}"
	wait "$server"
	server=
}

# What the inner end of r1 sends is what the program on r1 sees, and what it
# redirects is what the inner end of r2 receives, or r2 says it is lost.
agree()
{
	local sent seen arrived lost

	sent=$(($(sent r1) - sent0))
	seen=$(($(verdicts r1 XDP_REDIRECT) - seen0))
	arrived=$(($(arrived r2) - arrived0))
	lost=$(($(cat /sys/class/net/r2/statistics/tx_dropped) - lost0))
	printf 'sent %d, redirected %d, arrived %d, lost %d\n' "$sent" "$seen" \
		"$arrived" "$lost"
	[ "$sent" -gt 100 ] && [ "$sent" -eq "$seen" ] &&
		[ "$seen" -eq "$((arrived + lost))" ]
}

start_counting()
{
	sent0=$(sent r1)
	arrived0=$(arrived r2)
	lost0=$(cat /sys/class/net/r2/statistics/tx_dropped)
	seen0=$(verdicts r1 XDP_REDIRECT)
}

# connections: TCP and UDP, by both families
connections()
{
	local family amount=20M

	[ "${VM_GUEST-}" != tcg ] || amount=2M
	start_counting
	for family in 4 6; do
		transfer r1 r2 $family -n $amount
		transfer r1 r2 $family -u -b 50M -n 2M
	done
	agree
	[ "$(bad_sums r1)" = 0 ]
	[ "$(bad_sums r2)" = 0 ]
}

# flood FAMILY: that many requests to the outer end of r1, and no answer less
flood()
{
	local count=10000 address

	[ "${VM_GUEST-}" != tcg ] || count=1000
	address=$(ip -o "-$1" addr show dev r1 scope global |
		sed 's|.* inet6\{0,1\} \([^/]*\)/.*|\1|')
	run inside r1 timeout 120 ping "-$1" -q -f -c $count "$address"
	[[ $output == *"$count packets transmitted, $count received"* ]]
	flooded=$((flooded + count))
}

# bats test_tags=kernel
@test "echo: a lab whose stack answers nothing is answered for, to the last request" {
	need_cmd tcpdump jq
	sysctl -q net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1
	for family in 4 6; do
		run t ping --name r1 -$family -c 1 -W 0.2
		[[ $output == *" 0 received"* ]]
	done
	run --separate-stderr ./xdp_redirect_user -d r1
	[ "$status" -eq 0 ]
	[[ $output == "attached 'xdp_icmp_echo_func' to 'r1': id "*", native mode"* ]]
	inside r1 timeout 60 tcpdump -n -vv -U -c 8 -i veth0 \
		'icmp or (icmp6 and (ip6[40] == 128 or ip6[40] == 129))' \
		>/run/tmp/frames 2>/run/tmp/said 3>&- &
	server=$!
	wait_for grep -q listening /run/tmp/said
	for family in 4 6; do
		run t ping --name r1 -$family -c 2 -i 0.05 -s 700
		[[ $output == *" ttl=64 "*" 2 received"* ]]
	done
	wait "$server"
	server=
	[ "$(grep -c 'echo request' /run/tmp/frames)" = 4 ]
	[ "$(grep -c 'echo reply' /run/tmp/frames)" = 4 ]
	run ! grep -E 'bad|wrong|incorrect' /run/tmp/frames
	flooded=4
	flood 4
	flood 6
	[ "$(verdicts r1 XDP_TX)" = "$flooded" ]
	./xdp_redirect_user -q -d r1 --unload
	rm /run/tmp/frames /run/tmp/said
	sysctl -q net.ipv4.icmp_echo_ignore_all=0 net.ipv6.icmp.echo_ignore_all=0
	unchanged "$before"
}

@test "TCP and UDP through xdp_redirect_map_func: no bad checksum, no packet unaccounted" {
	need_cmd iperf3 nstat jq ss
	t redirect r1 r2
	connections
}

@test "TCP and UDP through xdp_router_func: no bad checksum, no packet unaccounted" {
	need_cmd iperf3 nstat jq ss
	t redirect r1 r2 --router
	connections
	[ "$(result r1 success)" = "$(verdicts r1 XDP_REDIRECT)" ]
}

@test "the router shows itself to traceroute, and takes one hop" {
	need_cmd jq
	t redirect r1 r2 --router
	for family in 4 6; do
		target=$(address r2 $family)
		router=$(inside r1 ip "-$family" route show default | sed 's/.* via \([^ ]*\) .*/\1/')
		run pings r1 $family "$target" -t 1
		[[ $output == *"From $router icmp_seq=1 Time"* ]]
		[[ $output == *" 0 received"* ]]
		run pings r1 $family "$target" -t 2
		[[ $output == *" 2 received"* ]]
		run pings r1 $family "$target"
		[[ $output == *" ttl=63 "* ]]
	done
	[ "$(result r1 ttl)" = 4 ]
}

@test "a packet that is too big for the way out gets the kernel's answer" {
	need_cmd jq
	t redirect r1 small --router
	run pings r1 4 "$(address small 4)" -M "do" -s 1400
	[[ $output == *"Frag needed and DF set (mtu = 1300)"* ]]
	run pings r1 6 "$(address small 6)" -M "do" -s 1400
	[[ $output == *"Packet too big: mtu=1300"* ]]
	[ "$(result r1 frag_needed)" -ge 2 ]
	# 1300 bytes in all are not.
	run pings r1 4 "$(address small 4)" -M "do" -s 1272
	[[ $output == *" 2 received"* ]]
	[ "$(result r1 success)" = 2 ]
}

@test "blackhole, unreachable and prohibit: dropped, each with its counter" {
	need_cmd jq
	t redirect r1 r2 --router
	for kind in blackhole unreachable prohibit; do
		ip route add $kind 10.99.1.0/24
		ip -6 route add $kind 2001:db8:99::/64
		run pings r1 4 10.99.1.5
		[[ $output == *"2 packets transmitted, 0 received, 100%"* ]]
		run pings r1 6 2001:db8:99::5
		[[ $output == *"2 packets transmitted, 0 received, 100%"* ]]
		ip route del $kind 10.99.1.0/24
		ip -6 route del $kind 2001:db8:99::/64
		[ "$(result r1 $kind)" = 4 ]
	done
	[ "$(verdicts r1 XDP_DROP)" = 12 ]
	[ "$(verdicts r1 XDP_PASS)" = 0 ]
	# No way at all is for the stack, which says so.
	run pings r1 4 10.99.1.5
	[[ $output == *"Net Unreachable"* || $output == *"Network Unreachable"* ]]
	[ "$(result r1 not_fwded)" = 2 ]
}

@test "a neighbour that is not known yet: the stack finds it, then XDP goes on" {
	need_cmd jq
	t redirect r1 r2 --router
	for family in 4 6; do
		target=$(address r2 $family)
		ip neigh del "$target" dev r2
		run inside r1 ping -$family -c 5 -i 0.2 -W 2 "$target"
		[[ $output == *" 5 received"* ]]
		ip neigh show to "$target" dev r2 | grep -q lladdr
	done
	[ "$(result r1 no_neigh)" -ge 2 ]
	[ "$(result r1 success)" -ge 4 ]
	[ "$(($(result r1 success) + $(result r1 no_neigh)))" = 10 ]
}

@test "forwarding is switched off, or the way out takes nothing: the stack's affair" {
	need_cmd jq
	t redirect r1 r2 --router
	./xdp_redirect_user del -d r1 -r r2
	[ "$(./xdp_redirect_user list -d r1 --json | jq '.ports | index("r2")')" = null ]
	answered r1 r2
	[ "$(result r1 no_port)" = 8 ]
	./xdp_redirect_user add -d r1 -r r2
	answered r1 r2
	[ "$(result r1 success)" = 8 ]
	echo 0 >/proc/sys/net/ipv4/conf/r1/forwarding
	run pings r1 4 "$(address r2 4)"
	[[ $output == *" 0 received"* ]]
	[ "$(result r1 fwd_disabled)" = 2 ]
}

@test "what carries a VLAN tag goes up; redirect_map takes it along" {
	need_cmd jq
	t redirect v1 v2 --router
	answered v1 v2
	[ "$(result v1 vlan)" = 8 ]
	[ "$(result v1 success)" = 0 ]
	t redirect v1 v2
	answered v1 v2
	[ "$(verdicts v1 XDP_REDIRECT)" = 8 ]
}

@test "--direct: the routing rules are not asked" {
	need_cmd jq
	t redirect r1 r2 --router
	ip rule add pref 100 from "$(address r1 4)" blackhole 2>/dev/null ||
		skip "no routing rules here"
	ip -6 rule add pref 100 from "$(address r1 6)" blackhole
	run pings r1 4 "$(address r2 4)"
	[[ $output == *" 0 received"* ]]
	run pings r1 6 "$(address r2 6)"
	[[ $output == *" 0 received"* ]]
	[ "$(result r1 success)" = 0 ]
	./xdp_redirect_user -q -d r1 --force --progname xdp_router_func --direct
	answered r1 r2
	[ "$(result r1 success)" = 8 ]
	ip rule del pref 100
	ip -6 rule del pref 100
}

@test "xdp_redirect_func sends everything to one receiver" {
	need_cmd jq
	./xdp_redirect_user -q -d r1 --progname xdp_redirect_func -r r2 -R "$(mac r2)"
	./xdp_redirect_user -q -d r2 --progname xdp_redirect_func -r r1 -R "$(mac r1)"
	for lab in r1 r2; do
		for family in 4 6; do
			inside $lab ip -$family route add default via \
				"$(ip -o -$family addr show dev $lab scope global |
					sed 's|.* inet6\{0,1\} \([^/]*\)/.*|\1|')"
		done
	done
	answered r1 r2
	[ "$(verdicts r1 XDP_REDIRECT)" = 8 ]
	for lab in r1 r2; do
		inside $lab ip -4 route del default
		inside $lab ip -6 route del default
		./xdp_redirect_user -q -d $lab --unload-all
	done
	unchanged "$before"
}

@test "skb mode needs nothing of the other end" {
	need_cmd jq
	./xdp_redirect_user -q -d bare --skb-mode
	sysctl -q net.ipv4.icmp_echo_ignore_all=1
	run t ping --name bare -4 -c 2 -i 0.05 -W 1
	[[ $output == *" 2 received"* ]]
	./xdp_redirect_user -q -d bare --unload
	./xdp_redirect_user -q -d r1 --skb-mode --progname xdp_redirect_map_func
	./xdp_redirect_user add -d r1 -r bare -L "$(mac r1)" -R "$(mac bare)"
	[ "$(./xdp_redirect_user list -d r1 -j | jq -r '.mode + " " + .ports[0]')" = "generic bare" ]
	arrived=$(arrived bare)
	run t ping --name r1 -4 -c 3 -i 0.05 -W 0.2
	[ "$(arrived bare)" -eq "$((arrived + 3))" ]
}

# remedy: the command that the error line, or the warning, names
remedy()
{
	[[ $stderr =~ \((nsenter[^\)]*)\) ]]
	# shellcheck disable=SC2086 # words
	${BASH_REMATCH[1]} >/dev/null
}

@test "a target that would lose every packet is refused, and the remedy helps" {
	need_cmd ethtool jq
	./xdp_redirect_user -q -d r1 --progname xdp_redirect_map_func
	for what in "add -L 02:00:00:00:00:01" "-F --progname xdp_redirect_func"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_redirect_user $what -d r1 -r bare -R "$(mac bare)"
		[ "$status" -eq 30 ]
		one_line_error "cannot redirect to 'bare': its peer 'veth0' has neither a native XDP program nor GRO"
	done
	remedy
	./xdp_redirect_user add -d r1 -r bare -L "$(mac r1)" -R "$(mac bare)"
	arrived=$(arrived bare)
	run t ping --name r1 -4 -c 3 -i 0.05 -W 0.2
	[ "$(arrived bare)" -eq "$((arrived + 3))" ]
	# For XDP_TX that is not enough; a program there is.
	run --separate-stderr ./xdp_redirect_user -d bare
	[ "$status" -eq 30 ]
	one_line_error "cannot answer through 'bare': its peer 'veth0' has no native XDP program"
	inside bare "$TOP/basic01-xdp-pass/xdp_pass_user" -q -d veth0
	./xdp_redirect_user -q -d bare
	sysctl -q net.ipv4.icmp_echo_ignore_all=1
	run t ping --name bare -4 -c 2 -i 0.05 -W 1
	[[ $output == *" 2 received"* ]]
	inside bare ethtool -K veth0 gro off >/dev/null
}

@test "checksums that a peer leaves unfinished: a warning, and the remedy helps" {
	need_cmd ethtool
	inside r1 ethtool -K veth0 tx on >/dev/null
	run --separate-stderr ./xdp_redirect_user -q -d r1 --progname xdp_router_func
	[ "$status" -eq 0 ]
	[[ $stderr == "warning: "*"its peer 'veth0' leaves checksums unfinished (nsenter "*"ethtool -K veth0 tx off)" ]]
	remedy
	run --separate-stderr ./xdp_redirect_user -q -d r1 -F --progname xdp_router_func
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "targets that are down, loop back, or where the packets come from" {
	./xdp_redirect_user -q -d r1 --progname xdp_redirect_map_func
	ip link set r2 down
	run --separate-stderr ./xdp_redirect_user add -d r1 -r r2 -L 2:0:0:0:0:1 -R 2:0:0:0:0:2
	[ "$status" -eq 30 ]
	one_line_error "cannot redirect to 'r2': it is down (ip link set r2 up)"
	# Of what lies behind it nothing is needed in skb mode; but this is.
	./xdp_redirect_user -q -d r1 -F --skb-mode --progname xdp_redirect_map_func
	run --separate-stderr ./xdp_redirect_user add -d r1 -r r2 -L 2:0:0:0:0:1 -R 2:0:0:0:0:2
	[ "$status" -eq 30 ]
	one_line_error "cannot redirect to 'r2': it is down"
	./xdp_redirect_user -q -d r1 -F --progname xdp_redirect_map_func
	run --separate-stderr ./xdp_redirect_user add -d r1 -r lo -L 2:0:0:0:0:1 -R 2:0:0:0:0:2
	[ "$status" -eq 30 ]
	one_line_error "cannot redirect to 'lo': a loopback"
	run --separate-stderr ./xdp_redirect_user add -d r1 -r r1 -L 2:0:0:0:0:1 -R 2:0:0:0:0:2
	[ "$status" -eq 0 ]
	[[ $stderr == "warning: 'r1' is also where the packets come in"* ]]
}

@test "add, del, list: many hosts, one port, and the last one takes it along" {
	need_cmd jq
	hosts=100
	[ "${VM_GUEST-}" != tcg ] || hosts=20
	./xdp_redirect_user -q -d r1 --progname xdp_redirect_map_func
	run ./xdp_redirect_user list -d r1
	[[ ${lines[0]} == "'xdp_redirect_map_func' on 'r1': id "*", native mode" ]]
	[ "${lines[1]}" = "no port" ]
	for ((i = 1; i <= hosts; i++)); do
		./xdp_redirect_user add -d r1 -r r2 -L "02:00:00:00:00:$(printf %x $i)" \
			-R 02:00:00:00:01:01
	done
	./xdp_redirect_user add -d r1 -r r2 -L "$(mac r1)" -R "$(mac r2)"
	run ./xdp_redirect_user list -d r1 --json
	[ "$(jq -r '.ifname + " " + (.ports | join(","))' <<<"$output")" = "r1 r2" ]
	[ "$(jq '.hosts | length' <<<"$output")" = $((hosts + 1)) ]
	[ "$(jq -r --arg from "$(mac r1)" '.hosts[] | select(.src_mac == $from) | .dest_mac' \
		<<<"$output")" = "$(mac r2)" ]
	# They arrive elsewhere, with an address that is not theirs.
	run t ping --name r1 -4 -c 3 -i 0.05 -W 0.2
	[[ $output == *" 0 received"* ]]
	[ "$(verdicts r1 XDP_REDIRECT)" = 3 ]
	# Another port, for all or for none
	run --separate-stderr ./xdp_redirect_user add -d r1 -r small -L 2::1 -R 2:0:0:0:0:2
	[ "$status" -eq 2 ]
	run --separate-stderr ./xdp_redirect_user add -d r1 -r small -L 2:0:0:0:0:1 -R 2:0:0:0:0:2
	[ "$status" -eq 30 ]
	one_line_error "the hosts of 'r1' use 'r2'" "--force"
	./xdp_redirect_user add --force -d r1 -r small -L "$(mac r1)" -R "$(mac small)"
	[ "$(./xdp_redirect_user list -d r1 -j | jq -c '[.ports, (.hosts | length)]')" = "[[\"small\"],$((hosts + 1))]" ]
	for ((i = 1; i <= hosts; i++)); do
		./xdp_redirect_user del -d r1 -L "02:00:00:00:00:$(printf %x $i)"
	done
	run --separate-stderr ./xdp_redirect_user del -d r1 -L 02:00:00:00:00:01
	[ "$status" -eq 40 ]
	one_line_error "cannot delete '02:00:00:00:00:01'" "no such host"
	run ./xdp_redirect_user list -d r1
	[ "${lines[1]}" = "port small" ]
	[ "${#lines[@]}" -eq 4 ]
	./xdp_redirect_user del -d r1 -L "$(mac r1)"
	run ./xdp_redirect_user list -d r1
	[ "${lines[1]}" = "no port" ]
	# What comes in now passes, and the next port may be another one.
	run t ping --name r1 -4 -c 2 -i 0.05 -W 1
	[[ $output == *" 2 received"* ]]
	./xdp_redirect_user add -d r1 -r r2 -L "$(mac r1)" -R "$(mac r2)"
	./xdp_redirect_user -q -d r1 --unload
	unchanged "$before"
}

@test "the router's ports are the interfaces that take packets; a later one is added" {
	need_cmd jq ethtool
	./xdp_redirect_user -d r1 --progname xdp_router_func 2>/run/tmp/said
	grep -q 'note: 1 interface is left to the stack' /run/tmp/said
	rm /run/tmp/said
	[ "$(./xdp_redirect_user list -d r1 -j | jq -c '.ports | sort')" = '["r1","r2","small","v1","v2"]' ]
	inside bare ethtool -K veth0 gro on >/dev/null
	./xdp_redirect_user add -d r1 -r bare
	[ "$(./xdp_redirect_user list -d r1 -j | jq '.ports | index("bare")')" != null ]
	run --separate-stderr ./xdp_redirect_user add -d r1 -r bare -L 2:0:0:0:0:1
	[ "$status" -eq 2 ]
	one_line_error "cannot use --src-mac with 'xdp_router_func'"
	# Every result has a name.
	run ./xdp_redirect_user list -d r1
	for name in success blackhole unreachable prohibit not_fwded fwd_disabled \
		unsupp_lwt no_neigh frag_needed no_src_addr fib_error no_port ttl \
		options address broken vlan not_ip; do
		[[ $output == *$'\n'"$name "* ]]
	done
	inside bare ethtool -K veth0 gro off >/dev/null
}

@test "no such program, no such map: said, with what to do" {
	run --separate-stderr ./xdp_redirect_user list -d r1
	[ "$status" -eq 40 ]
	one_line_error "no program runs on 'r1' (load one: "
	./xdp_redirect_user -q -d r1
	run --separate-stderr ./xdp_redirect_user add -d r1 -r r2 -L 2:0:0:0:0:1 -R 2:0:0:0:0:2
	[ "$status" -eq 40 ]
	one_line_error "no map of ports is used by 'xdp_icmp_echo_func' on 'r1': add, del and list"
	./xdp_redirect_user -q -F -d r1 --pin-dir /sys/fs/bpf/elsewhere \
		--progname xdp_redirect_map_func
	run --separate-stderr ./xdp_redirect_user list -d r1 --pin-dir /sys/fs/bpf/nowhere
	[ "$status" -eq 40 ]
	one_line_error "no map is pinned at '/sys/fs/bpf/nowhere/tx_port'" "--pin-dir"
	./xdp_redirect_user list -d r1 --pin-dir /sys/fs/bpf/elsewhere
	./xdp_redirect_user -q -d r1 --pin-dir /sys/fs/bpf/elsewhere --unload-all
	rm -rf /sys/fs/bpf/r1
	unchanged "$before"
}

@test "options that do not fit the program are refused" {
	# Each line: the option that the message names, and the words
	while read -r named words; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr ./xdp_redirect_user -d r1 $words
		[ "$status" -eq 2 ]
		one_line_error "$named"
	done <<-END
		--redirect-dev --progname xdp_redirect_func
		--redirect-dev --progname xdp_redirect_func -R 2:0:0:0:0:1
		--dest-mac --progname xdp_redirect_func -r r2
		--dest-mac --progname xdp_redirect_func -r r2 -R ff:ff:ff:ff:ff:ff
		--redirect-dev -r r2
		--dest-mac --progname xdp_router_func -R 2:0:0:0:0:1
		--redirect-dev --progname xdp_redirect_map_func -r r2 -R 2:0:0:0:0:1
		--direct --progname xdp_redirect_map_func --direct
	END
	run --separate-stderr ./xdp_redirect_user -d r1 add
	[ "$status" -eq 2 ]
	one_line_error "'add'" "come first"
	for word in add del list; do
		run -0 ./xdp_redirect_user $word --help
		[[ ${lines[0]} == "Usage: xdp_redirect_user $word --dev IFNAME "* ]]
	done
	unchanged "$before"
}

@test "--stats stays, reports, and leaves what it found" {
	need_cmd jq
	run --separate-stderr ./xdp_redirect_user -q -d r1 --progname xdp_router_func \
		--stats --json -i 0.1 -n 2
	[ "$status" -eq 0 ]
	[ "$(jq -s length <<<"$output")" = 2 ]
	unchanged "$before"
}
