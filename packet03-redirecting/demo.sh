# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# packet03's part of the demo; testenv/demo.sh sources it.

testenv=$TOP/testenv/testenv.sh

# ping_through LAB: three echo requests from inside the lab to inside of LAB
ping_through()
{
	local target

	target=$("$testenv" exec --name "$1" ip -o -6 addr show dev veth0 scope global |
		sed 's|.* inet6 \([^/]*\)/.*|\1|')
	show "$testenv" exec --name "$LAB" ping -c 3 -i 0.1 -W 1 "$target"
}

title "packet03: answer without the stack, and forward past it"
say "The stack is told to answer no echo requests:"
show sysctl -w net.ipv6.icmp.echo_ignore_all=1
ping_lab
check "none of three was answered" shows '0 received'
say "Now a program turns each into its answer, and sends it back (XDP_TX):"
show ./xdp_redirect_user --dev "$LAB"
ping_lab
check "three of three were answered" shows '3 received'
show ./xdp_redirect_user --dev "$LAB" --unload-all
sysctl -q -w net.ipv6.icmp.echo_ignore_all=0

say "A second lab, and a program on both that asks the kernel's routing table:"
show "$testenv" setup --name demo2
show "$testenv" redirect "$LAB" demo2 --router
ping_through demo2
check "all arrive, one hop less" shows 'ttl=63' '3 received'
say "The stack has not seen them; the router has:"
show ./xdp_redirect_user list --dev "$LAB"
check "it has forwarded three" shows $'\nsuccess                         3\n'
show "$testenv" teardown --name demo2
show "$testenv" reset --name "$LAB"
