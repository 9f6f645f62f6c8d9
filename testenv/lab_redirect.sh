# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared by the lab_*.sh files
#
# Two labs whose inner ends reach each other: default routes inside, forwarding
# on the outer ends, and a program of packet03-redirecting on each. reset and
# teardown undo a lab's part of it.

redirector=$here/../packet03-redirecting/xdp_redirect_user

# forwarding FAMILY: the file that says whether the outer end forwards
forwarding()
{
	printf '/proc/sys/net/ipv%d/conf/%s/forwarding' "$1" "$lab"
}

has_family()
{
	[ "$lab_family" = both ] || [ "$lab_family" = "$1" ]
}

# use_lab NAME: makes it the lab in hand
use_lab()
{
	opt_name=$1
	pick_lab
}

# check_room: what is on the outer end is ours to replace
check_room()
{
	local mode id name

	while read -r mode id name; do
		case $name in
		'' | xdp_lab_pass | xdp_dispatcher) ;;
		xdp_redirect_map_func | xdp_router_func) ;;
		*) die "cannot redirect from '$lab': it holds '$name'" \
			"(run: testenv.sh unload --name $lab)" ;;
		esac
	done < <(holds "$lab")
}

# check_pair A B: they have something in common
check_pair()
{
	local family vlan

	[ "$1" != "$2" ] || bad "cannot redirect from '$1' to itself"
	use_lab "$1"
	check_room
	family=$lab_family vlan=$lab_vlan
	use_lab "$2"
	check_room
	case $family$lab_family in
	46 | 64) die "cannot redirect between '$1' and '$2':" \
		"one has only IPv4, the other only IPv6" ;;
	esac
	[ "$vlan" = "$lab_vlan" ] ||
		die "cannot redirect between '$1' and '$2':" \
			"their packets have different tags (--vlan)"
}

# Take the program off, and put back what was there.
redirect_undo()
{
	local family value

	for family in 4 6; do
		value=lab_forward$family
		[ -n "${!value}" ] || continue
		[ ! -e "$(forwarding $family)" ] ||
			must "write the settings of '$lab'" \
				write_setting "$(forwarding $family)" "${!value}"
		in_ns ip "-$family" route del default dev veth0 2>/dev/null
	done
	lab_forward4='' lab_forward6=''
	state_write
}

write_setting()
{
	echo "$2" >"$1"
}

# The lab in hand: a way out of its namespace, and one on from its outer end.
redirect_route()
{
	local family value

	for family in 4 6; do
		has_family $family || continue
		value=lab_forward$family
		# The second time it is ours that stands there.
		[ -n "${!value}" ] ||
			printf -v "$value" %s "$(<"$(forwarding $family)")"
	done
	state_write
	for family in 4 6; do
		has_family $family || continue
		must "write the settings of '$lab'" \
			write_setting "$(forwarding $family)" 1
		must "give 'veth0' a default route" in_ns \
			ip "-$family" route replace default \
			via "$(lab_address $family 1)" dev veth0
	done
}

redirect_clear()
{
	clear_end "$lab"
	rm -rf "${bpffs:?}/$lab"
}

# redirect_load PROGRAM: on the outer end of the lab in hand
redirect_load()
{
	redirect_clear
	must "redirect from '$lab'" "$tool" run "$redirector" --quiet \
		--dev "$lab" --native-mode --progname "$1"
}

# redirect_host FROM TO: what the inner end of FROM sends goes to that of TO
redirect_host()
{
	local mac

	use_lab "$2"
	mac=$(lab_mac 2)
	use_lab "$1"
	must "redirect from '$1' to '$2'" "$tool" run "$redirector" add \
		--quiet --dev "$1" --redirect-dev "$2" \
		--src-mac "$(lab_mac 2)" --dest-mac "$mac"
}

# However it ends before it is done: without a program, and as it was.
redirect_abort()
{
	local rc=$? name

	trap '' INT TERM HUP EXIT
	for name in "${redirected[@]}"; do
		state_read "$name" || continue
		forget_dispatchers "$lab"
		"$tool" clear "$lab" 2>/dev/null
		rm -rf "${bpffs:?}/$lab"
		redirect_undo
		xdp_settle
	done
	exit "$rc"
}

# redirect_pair A B PROGRAM
redirect_pair()
{
	local name

	trap redirect_abort EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
	for name in "$1" "$2"; do
		redirected+=("$name")
		use_lab "$name"
		redirect_route
		redirect_load "$3"
		xdp_settle
	done
	if [ "$3" = xdp_redirect_map_func ]; then
		redirect_host "$1" "$2"
		redirect_host "$2" "$1"
	fi
	wait_silence
	trap - EXIT INT TERM HUP
}

net_redirect()
{
	local program=xdp_redirect_map_func

	[ "$opt_router" = 0 ] || program=xdp_router_func
	[ -x "$redirector" ] ||
		die "cannot find 'xdp_redirect_user': build it" \
			"(make -C '${redirector%/*}')"
	lock
	check_pair "$@"
	redirected=()
	redirect_pair "$@" "$program"
	unlock
	printf "labs '%s' and '%s' reach each other by %s\n" "$@" "$program"
}
