# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables are shared by the lab_*.sh files
#
# What is known about labs: names, numbers, addresses, the files under /run.
#
# A lab's file has one "KEY VALUE" a line. It is read word by word and checked,
# never run. What makes an interface or a namespace ours is not that file but the
# mark in it (an alias), which nobody else sets.

state_dir=/run/xdp-tutorial
netns_dir=/run/netns
bpffs=/sys/fs/bpf
lock_fd=''

# What the file of the lab in hand says
lab='' lab_number='' lab_family='' lab_vlan='' lab_queues='' lab_mtu=''
lab_bare='' lab_ready='' lab_home=''
# Of the outer end, before redirect changed it: 0 or 1; empty if it did not
lab_forward4='' lab_forward6=''

# The names also become folders of bpffs, where libxdp and others have theirs.
check_name()
{
	[[ $1 =~ ^[A-Za-z][A-Za-z0-9_.-]{0,14}$ ]] ||
		bad "cannot use '$1' as a lab's name: it takes a letter, then up" \
			"to 14 letters, digits or any of _.-"
	case $1 in
	all | default | lo | veth0 | xdp | ip | tc)
		bad "cannot use '$1' as a lab's name: it means something else"
		;;
	esac
}

# This namespace: a lab can be used only from the one that it was made in.
home_id()
{
	stat -Lc %i /proc/self/ns/net
}

lab_mark()
{
	printf "xdp-tutorial lab '%s'" "$1"
}

# lab_address FAMILY END: END is 1 for the outer end, 2 for veth0
lab_address()
{
	if [ "$1" = 4 ]; then
		printf '10.11.%d.%d' "$lab_number" "$2"
	else
		printf 'fc00:dead:cafe:%d::%d' "$lab_number" "$2"
	fi
}

lab_mac()
{
	printf '02:00:0a:0b:%02x:%02x' "$lab_number" "$1"
}

# Two runs of this script at once: one waits here. The last teardown removes the
# file, so the one that was locked must still be the one that is there.
lock()
{
	local fresh=0

	while [ "$fresh" = 0 ]; do
		mkdir -m 0700 "$state_dir" 2>/dev/null
		if [ -L "$state_dir" ] || ! [ -O "$state_dir" ]; then
			[ -e "$state_dir" ] || [ -L "$state_dir" ] || continue
			die "cannot use '$state_dir': not a folder of root's"
		fi
		chmod 0700 "$state_dir" 2>/dev/null
		mkdir -p "$state_dir/labs" 2>/dev/null
		{ exec {lock_fd}>"$state_dir/lock"; } 2>/dev/null || continue
		flock -w 60 "$lock_fd" ||
			die "cannot lock '$state_dir': another testenv.sh is at work"
		if lock_is_ours && [ -d "$state_dir/labs" ]; then
			fresh=1
		else
			exec {lock_fd}>&-
		fi
	done
}

unlock()
{
	exec {lock_fd}>&-
	lock_fd=''
}

lock_is_ours()
{
	[ -n "$lock_fd" ] &&
		[ "/proc/self/fd/$lock_fd" -ef "$state_dir/lock" ] &&
		flock -n "$lock_fd"
}

# Removes the folder when the last lab is gone.
state_sweep()
{
	[ -z "$(lab_names)" ] || return 0
	rm -rf "$state_dir"
}

lab_names()
{
	local file

	for file in "$state_dir"/labs/*; do
		[ ! -f "$file" ] || printf '%s\n' "${file##*/}"
	done
}

state_write()
{
	local file=$state_dir/labs/$lab

	printf '%s\n' "number $lab_number" "family $lab_family" \
		"vlan $lab_vlan" "queues $lab_queues" "mtu $lab_mtu" \
		"bare $lab_bare" "ready $lab_ready" "home $lab_home" \
		"forward4 $lab_forward4" "forward6 $lab_forward6" \
		>"$state_dir/new" || die "cannot write '$state_dir/new'"
	mv -f "$state_dir/new" "$file" || die "cannot write '$file'"
}

# state_read LAB: returns 1 if there is no such lab, 2 if its file makes no sense
state_read()
{
	local key value

	lab=$1
	lab_number='' lab_family='' lab_vlan='' lab_queues='' lab_mtu=''
	lab_bare='' lab_ready='' lab_home='' lab_forward4='' lab_forward6=''
	[ -f "$state_dir/labs/$1" ] || return 1
	while read -r key value; do
		case $key:$value in
		family:both) lab_family=both ;;
		*:*[!0-9]* | *: | *:??????????????*) ;;
		number:*) lab_number=$((10#$value)) ;;
		family:[46]) lab_family=$value ;;
		vlan:*) lab_vlan=$((10#$value)) ;;
		queues:*) lab_queues=$((10#$value)) ;;
		mtu:*) lab_mtu=$((10#$value)) ;;
		bare:[01]) lab_bare=$value ;;
		ready:[01]) lab_ready=$value ;;
		home:*) lab_home=$((10#$value)) ;;
		forward4:[01]) lab_forward4=$value ;;
		forward6:[01]) lab_forward6=$value ;;
		esac
	done < <(tr -d '\0' <"$state_dir/labs/$1")
	for value in "$lab_number" "$lab_family" "$lab_vlan" "$lab_queues" \
		"$lab_mtu" "$lab_bare" "$lab_ready" "$lab_home"; do
		[ -n "$value" ] || return 2
	done
	((lab_number >= 1 && lab_number <= 255)) || return 2
}

# note THING: that this script made it, for the last teardown to undo
note()
{
	: >"$state_dir/made-$1"
}

noted()
{
	[ -e "$state_dir/made-$1" ]
}

# The lab in hand: the one that --name chose, or the only one there is.
pick_lab()
{
	local names=() problem

	mapfile -t names < <(lab_names)
	if [ -z "$opt_name" ]; then
		[ "${#names[@]}" -gt 0 ] ||
			bad "there is no lab (make one: testenv.sh setup)"
		[ "${#names[@]}" -eq 1 ] ||
			bad "there are several labs (${names[*]}): choose with --name"
		opt_name=${names[0]}
	fi
	state_read "$opt_name"
	case $? in
	1) bad "no lab '$opt_name' (make it: testenv.sh setup --name $opt_name)" ;;
	2) problem="its state makes no sense" ;;
	0) problem=$(lab_problem) ;;
	esac
	[ -z "$problem" ] ||
		die "cannot use lab '$lab': $problem"
}

# What is wrong with the lab in hand; nothing if it is fine.
lab_problem()
{
	local remedy="(run: testenv.sh teardown --name $lab)"

	if [ "$lab_home" != "$(home_id)" ]; then
		echo "it was made in another network namespace" \
			"(leave this one, or ${remedy#(}"
	elif [ "$lab_ready" != 1 ]; then
		echo "its setup has not ended $remedy"
	elif ! ns_is_ours "$lab"; then
		echo "its namespace is gone $remedy"
	elif ! link_is_ours "$lab"; then
		echo "its outer end is gone $remedy"
	elif ! in_ns ip link show dev veth0 >/dev/null 2>&1; then
		echo "veth0 is gone $remedy"
	fi
}

# lab_down: which end of the lab in hand is down, if one is. It can be used all
# the same: perhaps somebody is trying out just that.
lab_down()
{
	local remedy="is down (run: testenv.sh reset --name $lab)"

	ip link show dev "$lab" up | grep -q . || echo "its outer end $remedy"
	in_ns ip link show dev veth0 up | grep -q . || echo "veth0 $remedy"
}
