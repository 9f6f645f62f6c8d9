# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared by the lab_*.sh files
#
# Making and removing a lab: namespace, veth pair, addresses, silence.

undo=''

# must WHAT COMMAND...: the command's own error line, or else its last one,
# becomes the reason
must()
{
	local what=$1 said

	shift
	said=$("$@" 2>&1) && return 0
	case $said in
	"error: "*) said=${said%%$'\n'*} ;; # what follows explains it
	*) said=${said##*$'\n'} ;;
	esac
	said=${said#error: }
	die "cannot $what: ${said:-unknown reason}"
}

in_ns()
{
	nsenter --net="$netns_dir/$lab" "$@"
}

# has_mark LAB COMMAND...: the command prints an interface that bears the mark
has_mark()
{
	local mark

	mark=$(lab_mark "$1")
	shift
	[[ $("$@" 2>/dev/null) == *"alias $mark"* ]]
}

is_ns()
{
	[ "$(stat -f -c %T "$netns_dir/$1" 2>/dev/null)" = nsfs ]
}

ns_is_ours()
{
	is_ns "$1" &&
		has_mark "$1" nsenter --net="$netns_dir/$1" ip -o link show dev lo
}

link_is_ours()
{
	has_mark "$1" ip -o link show dev "$1"
}

link_exists()
{
	ip -o link show dev "$1" >/dev/null 2>&1
}

# Builds what is missing beside this script.
build_tools()
{
	[ -x "$tool" ] && [ -f "$here/lab_kern.o" ] &&
		[ -f "$here/lab_vlan_kern.o" ] && return 0
	need make "'make'"
	printf "building the lab's programs in '%s'\n" "$here" >&2
	make -s -C "$here" </dev/null >&2 ||
		die "cannot build the programs in '$here': see the lines above"
}

# The first number that no lab and no address of this machine uses.
pick_number()
{
	local used n

	used=$(cat "$state_dir"/labs/* 2>/dev/null | sed -n 's/^number .*/&./p'
		ip -o addr show; ip -4 route show; ip -6 route show)
	for ((n = 1; n <= 255; n++)); do
		case $used in
		*"number $n."* | *[[:space:]]"10.11.$n."* | *"fc00:dead:cafe:$n:"*) ;;
		*)
			lab_number=$n
			return
			;;
		esac
	done
	die "cannot set up '$lab': all numbers from 1 to 255 are in use"
}

new_name()
{
	local name

	while :; do
		printf -v name 'xdptut-%04x' $((RANDOM * 2 + RANDOM % 2))
		[ -e "$state_dir/labs/$name" ] || [ -e "$netns_dir/$name" ] ||
			link_exists "$name" || break
	done
	opt_name=$name
}

# Nothing of that name may be there: what we did not make is not ours to use.
check_free()
{
	local what=''

	if link_is_ours "$lab" || ns_is_ours "$lab"; then
		die "cannot set up '$lab': a lab of that name is left over" \
			"(run: testenv.sh teardown --name $lab)"
	fi
	! link_exists "$lab" || what="an interface"
	[ ! -e "$netns_dir/$lab" ] || what="a namespace"
	[ ! -e "$bpffs/$lab" ] || what="'$bpffs/$lab'"
	[ -z "$what" ] ||
		die "cannot set up '$lab': $what of that name is there and not ours"
}

prepare_system()
{
	if [ "$(stat -f -c %T "$bpffs" 2>/dev/null)" != bpf_fs ]; then
		must "mount bpffs on '$bpffs'" mount -n -t bpf -o mode=0700 bpf "$bpffs"
		note bpffs
	fi
	if [ ! -d "$netns_dir" ]; then
		note netns-dir
	fi
	# ip netns add mounts the folder onto itself, and never undoes that
	mountpoint -q "$netns_dir" || note netns-mount
}

restore_system()
{
	[ -z "$(lab_names)" ] || return 0
	if noted netns-mount && [ -z "$(ls -A "$netns_dir" 2>/dev/null)" ]; then
		umount -n "$netns_dir" 2>/dev/null
	fi
	! noted netns-dir || rmdir "$netns_dir" 2>/dev/null
	# libxdp's own folder, which it makes again when it needs it
	rmdir "$bpffs/xdp" 2>/dev/null
	# the kernel itself puts two files into each new one
	if noted bpffs && [ -z "$(ls -A -I maps.debug -I progs.debug \
		"$bpffs" 2>/dev/null)" ]; then
		umount -n "$bpffs" 2>/dev/null
	fi
	state_sweep
}

make_pair()
{
	local both=(mtu "$lab_mtu" numtxqueues "$lab_queues"
		numrxqueues "$lab_queues")

	must "make namespace '$lab'" ip netns add "$lab"
	must "mark namespace '$lab'" in_ns \
		ip link set dev lo alias "$(lab_mark "$lab")"
	# Addresses that are set and not random: udev leaves them alone.
	must "make the veth pair of '$lab'" ip link add name "$lab" \
		address "$(lab_mac 1)" "${both[@]}" type veth \
		peer name veth0 address "$(lab_mac 2)" "${both[@]}" netns "$lab"
	must "mark '$lab'" ip link set dev "$lab" alias "$(lab_mark "$lab")"
	must "set 'lo' up" in_ns ip link set dev lo up
}

# No packet that nobody sent: no duplicate address detection, no router
# solicitation, and the multicast reports at once. It has to be set while the
# interface is down.
make_silent()
{
	local dev=$1

	shift
	# Below an MTU of 1280 an interface has no IPv6, and nothing to silence.
	[ -d /proc/sys/net/ipv6 ] && [ "$lab_mtu" -ge 1280 ] || return 0
	# shellcheck disable=SC2016 # for the inner shell
	must "write the settings of '$dev'" "$@" sh -c '
		cd "/proc/sys/net/ipv6/conf/$1" && echo "$2" >disable_ipv6 &&
		echo 0 >accept_dad && echo 0 >accept_ra &&
		echo 0 >router_solicitations &&
		echo 1 >mldv2_unsolicited_report_interval' \
		sh "$dev" "$([ "$lab_family" = 4 ] && echo 1 || echo 0)"
}

# set_end DEV NUMBER PEER_NUMBER [COMMAND...]: addresses and neighbours
set_end()
{
	local dev=$1 own=$2 peer=$3 family prefix

	shift 3
	must "set '$dev' up" "$@" ip link set dev "$dev" mtu "$lab_mtu" up
	for family in 4 6; do
		case $family$lab_family in
		46 | 64) continue ;;
		esac
		prefix=24
		[ "$family" = 4 ] || prefix='64 nodad'
		# shellcheck disable=SC2086 # two words
		must "give '$dev' an address" "$@" ip addr replace dev "$dev" \
			"$(lab_address "$family" "$own")"/$prefix
		must "give '$dev' its neighbour" "$@" ip neigh replace \
			"$(lab_address "$family" "$peer")" dev "$dev" \
			lladdr "$(lab_mac "$peer")" nud permanent
	done
}

set_up_ends()
{
	set_end "$lab" 1 2
	set_end veth0 2 1 in_ns
}

# set_offloads: packets must leave finished, with the tag in the bytes.
set_offloads()
{
	must "set up '$lab'" "$tool" offloads-off "$lab"
	must "set up 'veth0'" in_ns "$tool" offloads-off veth0
}

set_tags()
{
	local object=$here/lab_vlan_kern.o

	[ "$lab_vlan" != 0 ] || return 0
	must "set up '$lab'" "$tool" tag "$lab" "$object" "$lab_vlan"
	must "set up 'veth0'" in_ns "$tool" tag veth0 "$object" "$lab_vlan"
}

# packets DEV: how many it has received and sent
packets()
{
	local words

	while read -ra words; do
		[ "${words[0]}" != "$1:" ] ||
			echo "$((words[2] + words[10]))"
	done </proc/self/net/dev
}

# Returns when nothing has moved for 0.2 s.
wait_silence()
{
	local before='' now still=0 tries

	for ((tries = 0; tries < 100 && still < 5; tries++)); do
		now=$(packets "$lab")
		[ "$now" = "$before" ] && still=$((still + 1)) || still=0
		before=$now
		sleep 0.05
	done
	[ "$still" -ge 5 ] ||
		warn "something keeps sending packets in lab '$lab'"
}

same_options()
{
	[ "$lab_family:$lab_vlan:$lab_queues:$lab_mtu:$lab_bare" = \
	"${opt_family:-both}:$opt_vlan:$opt_queues:$opt_mtu:$opt_bare" ]
}

# The lab is there already: fine, if it is what was asked for.
setup_again()
{
	local problem

	[ "$1" = 2 ] && problem="its state makes no sense" ||
		problem=$(lab_problem)
	[ -n "$problem" ] || problem=$(lab_down | head -n 1)
	[ -z "$problem" ] || die "cannot set up '$lab': $problem"
	same_options ||
		die "cannot set up '$lab': it is there with other options" \
			"(run: testenv.sh teardown --name $lab)"
	show_pair " already"
	exit 0
}

net_setup()
{
	local known

	guard
	lock
	[ -n "$opt_name" ] || new_name
	state_read "$opt_name"
	known=$?
	[ "$known" = 1 ] || setup_again "$known"
	check_free
	[ "$opt_family" = 4 ] || [ -d /proc/sys/net/ipv6 ] ||
		die "cannot set up '$lab': no IPv6 here (use --ipv4-only)"
	undo=$lab
	build_tools
	prepare_system
	lab_family=${opt_family:-both} lab_vlan=$opt_vlan lab_mtu=$opt_mtu
	lab_queues=$opt_queues lab_bare=$opt_bare lab_ready=0
	lab_home=$(home_id)
	pick_number
	state_write
	make_pair
	make_silent "$lab"
	make_silent veth0 in_ns
	set_offloads
	set_tags
	set_up_ends
	xdp_settle
	wait_silence
	lab_ready=1
	state_write
	undo=''
	unlock
	show_pair
}

# guard: however setup or teardown ends, nothing is left half done
guard()
{
	trap on_exit EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
}

on_exit()
{
	local rc=$?

	trap '' INT TERM HUP
	[ -z "$undo" ] || destroy "$undo"
	if lock_is_ours; then
		restore_system
	else
		rmdir "$state_dir/labs" "$state_dir" 2>/dev/null
	fi
	exit "$rc"
}

# made LAB WHICH: it bears our mark; or setup died before it could set one
made()
{
	"$2_is_ours" "$1" || [ "$lab_ready" = 0 ]
}

# destroy LAB: all there is of it, whatever state it is in
destroy()
{
	local name=$1 rc=0

	state_read "$name"
	xdp_forget
	if [ -e "$netns_dir/$name" ] && ! is_ns "$name"; then
		rm -f "$netns_dir/$name" # from before a reboot
	elif is_ns "$name" && made "$name" ns; then
		in_ns ip link del dev veth0 2>/dev/null
		ip netns del "$name" || rc=1
	elif is_ns "$name"; then
		warn "namespace '$name' is left alone: it is not the lab's"
	fi
	if link_exists "$name" && made "$name" link; then
		ip link del dev "$name" || rc=1
	fi
	[ "$rc" != 0 ] || rm -f "$state_dir/labs/$name"
	return "$rc"
}

# Labs by their files, and those whose file was lost.
known_labs()
{
	local path

	{
		lab_names
		for path in "$netns_dir"/*; do
			! ns_is_ours "${path##*/}" || printf '%s\n' "${path##*/}"
		done
	} | sort -u
}

net_teardown()
{
	local names=() name rc=0

	guard
	lock
	mapfile -t names < <(known_labs)
	if [ "$opt_all" = 1 ]; then
		[ "${#names[@]}" -gt 0 ] || echo "there is no lab"
	elif [ -n "$opt_name" ]; then
		[[ " ${names[*]} " == *" $opt_name "* ]] || link_is_ours "$opt_name" ||
			bad "no lab '$opt_name'"
		names=("$opt_name")
	else
		[ "${#names[@]}" -gt 0 ] || bad "there is no lab"
		[ "${#names[@]}" -eq 1 ] ||
			bad "there are several labs (${names[*]}): choose with" \
				"--name or --all"
	fi
	for name in ${names[@]+"${names[@]}"}; do
		if destroy "$name"; then
			printf "lab '%s' is gone\n" "$name"
		else
			rc=1
		fi
	done
	exit "$rc"
}
