# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared by the lab_*.sh files
#
# XDP programs on the two ends of a lab: the lab's own xdp_lab_pass, and those
# that a lesson's loader puts there.

# choose_end: what --inner means: the device, how to see it, how to run there
choose_end()
{
	end_dev=$lab end_see=() end_cmd=("$tool" run)
	[ "$opt_inner" = 1 ] || return 0
	end_dev=veth0 end_see=(in_ns)
	end_cmd=("$tool" run "$tool" exec "$netns_dir/$lab")
}

# holds DEV [COMMAND]: "MODE ID NAME" a line
holds()
{
	local dev=$1

	shift
	"$@" "$tool" show "$dev"
}

is_pass()
{
	[[ $1 =~ ^native\ [0-9]+\ xdp_lab_pass$ ]]
}

put_pass()
{
	local dev=$1

	shift
	must "put xdp_lab_pass on '$dev'" "$@" "$tool" attach "$dev" \
		"$here/lab_kern.o"
}

# The rule of a lab that is not bare: veth0 is never without a program; and
# while it holds somebody else's, neither is the outer end.
xdp_settle()
{
	local inner outer

	[ "$lab_bare" = 0 ] || return 0
	inner=$(holds veth0 in_ns) && outer=$(holds "$lab") || exit 1
	if [ -z "$inner" ]; then
		put_pass veth0 in_ns
		inner='native 0 xdp_lab_pass'
	fi
	if is_pass "$inner"; then
		! is_pass "$outer" || "$tool" detach "$lab"
	elif [ -z "$outer" ]; then
		put_pass "$lab"
	fi
}

# Makes room on the chosen end, and keeps the other one ready to receive.
make_room()
{
	if [ "$opt_inner" = 1 ] && [ "$lab_bare" = 0 ] &&
	   [ -z "$(holds "$lab")" ]; then
		put_pass "$lab"
	fi
	${end_see[@]+"${end_see[@]}"} "$tool" detach "$end_dev" || exit 1
}

# find_command WORD: a path as it is; a bare name here, then in PATH
find_command()
{
	found=$1
	case $1 in
	*/*) ;;
	*)
		if [ -x "./$1" ]; then
			found=./$1
		else
			found=$(type -P -- "$1")
		fi
		;;
	esac
	if [ ! -f "$found" ] || [ ! -x "$found" ]; then
		bad "cannot run '$1': no such command"
	fi
}

# The loader in this folder, if there is only one.
find_loader()
{
	local file loaders=() all=()

	if [ -n "$opt_loader" ]; then
		find_command "$opt_loader"
		return
	fi
	for file in ./*_user; do
		[ "$file" != ./xdp_stats_user ] || continue
		[ -f "$file" ] || continue
		[ -x "$file" ] || continue
		all+=("$file")
		! mentions "$file" --unload || loaders+=("$file")
	done
	[ "${#all[@]}" -ne 1 ] || loaders=("${all[@]}")
	[ "${#loaders[@]}" -gt 0 ] ||
		bad "there is no loader in this folder (build the lesson with" \
			"make, or choose one with --loader)"
	[ "${#loaders[@]}" -eq 1 ] ||
		bad "there are several loaders in this folder (${loaders[*]#./}):" \
			"choose with --loader"
	found=${loaders[0]}
}

# mentions COMMAND OPTION: its --help does
mentions()
{
	grep -q -e "$2" <<<"$(timeout 5 "$1" --help </dev/null 2>&1)"
}

# The pins of veth0 would be the same for every lab: they get a folder of
# this one's.
set_pins()
{
	pins=()
	if [ "$opt_inner" = 1 ] && mentions "$found" --pin-dir; then
		mkdir -p "$bpffs/$lab" 2>/dev/null
		pins=(--pin-dir "$bpffs/$lab/veth0")
	fi
}

# run_loader COMMAND...: until it ends; a signal for this script is one for it
run_loader()
{
	local child rc=0 name

	{ "${end_cmd[@]}" "$@" <&3 & } 3<&0
	child=$!
	for name in INT TERM HUP; do
		# shellcheck disable=SC2064 # the pid of now
		trap "kill -s $name $child 2>/dev/null; interrupted=1" "$name"
	done
	interrupted=1
	while [ "$interrupted" = 1 ]; do
		interrupted=0
		wait "$child" 2>/dev/null
		rc=$?
	done
	trap '' INT TERM HUP
	return "$rc"
}

xdp_load()
{
	local rc

	find_loader
	choose_end
	set_pins
	interrupted=0
	trap 'interrupted=1' INT TERM HUP
	lock
	make_room
	unlock
	[ "$interrupted" = 0 ] || { xdp_settle; exit 130; }
	run_loader "$found" -d "$end_dev" ${pins[@]+"${pins[@]}"} \
		${rest[@]+"${rest[@]}"}
	rc=$?
	lock
	xdp_settle
	unlock
	rmdir "$bpffs/$lab" 2>/dev/null
	[ "$rc:$opt_inner" != 0:1 ] ||
		echo "veth0 is inside: testenv.sh unload --inner takes it off" >&2
	exit "$rc"
}

# forget_dispatchers DEV [COMMAND]: what libxdp pinned for its programs
forget_dispatchers()
{
	local dev=$1 index mode id name

	shift
	index=$("$@" ip -o link show dev "$dev" 2>/dev/null) || return 0
	index=${index%%:*}
	while read -r mode id name; do
		[ "$name" = xdp_dispatcher ] || continue
		rm -rf "$bpffs/xdp/dispatch-$index-$id"
	done < <(holds "$dev" "$@" 2>/dev/null)
}

# clear_end DEV [COMMAND]
clear_end()
{
	forget_dispatchers "$@"
	must "clear '$1'" "${@:2}" "$tool" clear "$1"
}

forget_pins()
{
	local path

	if [ "$opt_inner" = 1 ]; then
		rm -rf "${bpffs:?}/$lab/veth0"
	else
		for path in "$bpffs/$lab"/*; do
			[ "${path##*/}" = veth0 ] || rm -rf "$path"
		done
	fi
	rmdir "$bpffs/$lab" 2>/dev/null
}

xdp_unload()
{
	local mode id name gone=''

	choose_end
	if [ -n "$opt_loader" ] || [ "${#rest[@]}" -gt 0 ]; then
		unload_by_loader
	fi
	lock
	while read -r mode id name; do
		case $name in
		'' | xdp_lab_pass | xdp_dispatcher) continue ;;
		esac
		gone+="unloaded '$name' (id $id, $mode) from '$end_dev'"$'\n'
	done < <(holds "$end_dev" ${end_see[@]+"${end_see[@]}"})
	if [ -n "$gone" ]; then
		clear_end "$end_dev" ${end_see[@]+"${end_see[@]}"}
	fi
	forget_pins
	xdp_settle
	unlock
	printf '%s' "${gone:-"'$end_dev' holds no program of yours"$'\n'}"
}

unload_by_loader()
{
	local rc

	find_loader
	set_pins
	[ "${#rest[@]}" -gt 0 ] || rest=(--unload-all)
	run_loader "$found" -d "$end_dev" ${pins[@]+"${pins[@]}"} "${rest[@]}"
	rc=$?
	lock
	xdp_settle
	unlock
	rmdir "$bpffs/$lab" 2>/dev/null
	exit "$rc"
}

xdp_stats()
{
	local beside=$here/../basic04-pinning-maps/xdp_stats_user

	choose_end
	if [ -n "$opt_stats" ]; then
		find_command "$opt_stats"
	elif [ -x ./xdp_stats_user ]; then
		found=./xdp_stats_user
	elif [ -x "$beside" ]; then
		found=$beside
	else
		die "cannot find 'xdp_stats_user': build the lesson that has it," \
			"or choose a command with --stats"
	fi
	set_pins
	exec "${end_cmd[@]}" "$found" -d "$end_dev" ${pins[@]+"${pins[@]}"} \
		${rest[@]+"${rest[@]}"}
}

# Like a lab that was just set up.
xdp_reset()
{
	lock
	clear_end "$lab"
	clear_end veth0 in_ns
	rm -rf "${bpffs:?}/$lab"
	must "reset '$lab'" "$tool" untag "$lab"
	must "reset 'veth0'" in_ns "$tool" untag veth0
	set_offloads
	set_tags
	set_up_ends
	redirect_undo
	xdp_settle
	unlock
	printf "lab '%s' is as it was after setup\n" "$lab"
}

# For teardown: the pins that would keep programs and maps alive
xdp_forget()
{
	if link_is_ours "$lab"; then
		forget_dispatchers "$lab"
	fi
	if ns_is_ours "$lab"; then
		forget_dispatchers veth0 in_ns
	fi
	rm -rf "${bpffs:?}/$lab"
}
