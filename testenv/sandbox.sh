#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Run a command where it can break nothing: in a network, mount and pid
# namespace of its own, with its own /run, /sys and BPF filesystem.
#
# Three processes take part. The outer one (the one you start) passes on
# signals through a pipe. unshare makes the namespaces. The init, process 1
# of the new pid namespace, prepares the mounts, starts the command and ends
# with its status; the kernel then kills whatever else still runs in there,
# and with the last process go the namespaces, their mounts and interfaces.
# When the outer one is killed the pipe closes, and the init ends as well.

set -u

die()
{
	printf 'error: %s\n' "$*" >&2
	exit 1
}

usage()
{
	cat <<-END
	usage: sandbox.sh COMMAND [ARGUMENT]...

	Runs COMMAND as root in network, mount and pid namespaces of its own:
	own /run (a tmpfs), /sys, BPF filesystem; lo is up; TMPDIR is /run/tmp;
	IN_SANDBOX is 1. Everything made in there vanishes with it, trace
	instances too if their name begins with \$SANDBOX_ID and a dash.
	The exit status is that of COMMAND, 128 + N if signal N ended it.
	END
}

# bind_back FD PATH: shows at PATH again the directory that FD was opened on
# before something was mounted over it. -c: the kernel must see the /proc
# path itself, not what mount(8) believes it stands for.
bind_back()
{
	mkdir -p "$2" && mount -c --rbind "/proc/self/fd/$1" "$2"
}

mount_sys()
{
	local cgroup='' fs

	[ -d /sys/fs/cgroup ] && exec {cgroup}</sys/fs/cgroup
	mkdir -p /sys
	mount -t sysfs sysfs /sys ||
		die "cannot mount '/sys': see the line above"

	mount -t bpf -o mode=0700 bpf /sys/fs/bpf ||
		die "cannot mount '/sys/fs/bpf': does the kernel have BPF?"
	for fs in tracefs:/sys/kernel/tracing debugfs:/sys/kernel/debug; do
		[ -d "${fs#*:}" ] || continue
		mount -t "${fs%%:*}" none "${fs#*:}" 2>/dev/null || true
	done

	[ -d /sys/fs/cgroup ] || return 0
	[ -z "$cgroup" ] || bind_back "$cgroup" /sys/fs/cgroup 2>/dev/null
	[ -z "$cgroup" ] || exec {cgroup}<&-
	# In a bare chroot nothing was mounted there.
	if ! grep -q '^[^ ]* /sys/fs/cgroup' /proc/self/mounts ||
	   [ -z "$(ls -A /sys/fs/cgroup)" ]; then
		mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null || true
	fi
}

# Namespaces that others have named: once /run is hidden, nobody here sees them,
# but that they come and go would show in the list of mounts.
forget_netns()
{
	local point options

	while read -r _ _ _ _ point _ options; do
		[[ $point == /run/netns?(/*) && $options != *shared:* ]] || continue
		printf -v point '%b' "$point"
		umount -l "$point" 2>/dev/null || true
	done </proc/self/mountinfo
}

# The tree and the current directory may themselves be below /run.
mount_run()
{
	local cwd top top_fd cwd_fd

	cwd=$(pwd -P)
	top=$(cd "${0%/*}/.." && pwd -P) || die "cannot find the tree of '$0'"
	exec {top_fd}<"$top" {cwd_fd}<"$cwd"
	forget_netns
	mkdir -p /run
	mount -t tmpfs -o mode=0755 tmpfs /run ||
		die "cannot mount '/run': see the line above"
	mkdir -p /run/netns /run/lock /run/mount /run/tmp
	chmod 1777 /run/tmp

	case $top in
	/run/*) bind_back "$top_fd" "$top" || die "cannot show '$top' again" ;;
	esac
	case $cwd in
	"$top" | "$top"/*) ;;
	/run/*) bind_back "$cwd_fd" "$cwd" || die "cannot show '$cwd' again" ;;
	esac
	exec {top_fd}<&- {cwd_fd}<&-
	cd "$cwd" || die "cannot enter '$cwd' again"
}

# Where the namespace could not be made private as a whole, what is mounted in
# it must still not show outside.
make_private()
{
	local point

	while read -r _ _ _ _ point _; do
		printf -v point '%b' "$point"
		mount --make-private "$point" 2>/dev/null || true
	done < <(grep ' shared:' /proc/self/mountinfo)
}

# In a chroot whose root is no mount point a namespace cannot be made private
# as a whole, and the mount below that root is out of reach. If it is a shared
# one, everything mounted in here would show outside, and stay.
check_unshared()
{
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount --propagation unchanged sh -c '
		mount -t tmpfs sandbox-probe /run || exit 0
		if grep -q "^sandbox-probe " "/proc/$1/mounts"; then shown=1
		else shown=0; fi
		umount /run
		exit "$shown"' sh "$$" ||
		die "cannot make a sandbox: mounts made in this chroot show" \
			"outside (bind its folder onto itself before you enter)"
}

# Trace instances do not vanish with the sandbox: tracefs is the machine's.
# Those whose name begins with SANDBOX_ID are ours.
remove_traces()
{
	local instance

	for instance in /sys/kernel/tracing/instances/"$SANDBOX_ID"-*; do
		[ ! -d "$instance" ] || rmdir "$instance"
	done
}

# Process 1. Signals reach the command by way of the pipe on descriptor 7.
init()
{
	local child rc

	trap '' INT TERM HUP QUIT
	trap 'exit 137' USR1
	mount --make-rprivate / 2>/dev/null || make_private
	mount_run
	mount_sys
	ip link set lo up || die "cannot set 'lo' up"
	export IN_SANDBOX=1 TMPDIR=/run/tmp
	SANDBOX_ID=sandbox-$(stat -Lc %i /proc/self/ns/net)
	export SANDBOX_ID
	trap remove_traces EXIT

	(
		trap - INT TERM HUP QUIT USR1
		exec 7<&-
		run "$@"
	) <&0 &
	child=$!
	watch_pipe "$child" </dev/null >/dev/null 2>&1 &
	exec 7<&- </dev/null >/dev/null 2>&1
	wait "$child"
	rc=$?
	exit "$rc"
}

run()
{
	if ! type -P -- "$1" >/dev/null; then
		printf "error: cannot run '%s': not found\n" "$1" >&2
		exit 127
	fi
	exec "$@"
}

# A line is the name of a signal for the command; the end of the file is the
# end of the outer process.
watch_pipe()
{
	local name

	while read -r -u 7 name; do
		kill -s "$name" "$1"
	done
	kill -s USR1 1
}

# forward SIGNAL: by way of the pipe, as a pid in there means nothing here.
forward()
{
	interrupted=1
	printf '%s\n' "$1" >&8
}

outer()
{
	local flags=(--net --mount --pid --fork --kill-child --mount-proc)
	local name pid rc

	[ "$(id -u)" -eq 0 ] || die "cannot make a sandbox: not root (use sudo)"
	[ -d /dev/fd ] ||
		die "no '/dev/fd' here (ln -s /proc/self/fd /dev/fd)"
	command -v unshare >/dev/null ||
		die "cannot make a sandbox: no 'unshare' (install util-linux)"
	if ! unshare --mount true 2>/dev/null; then
		check_unshared
		flags+=(--propagation unchanged)
	fi

	exec 6<&0
	exec 8> >(
		trap - INT TERM HUP QUIT
		exec 7<&0 0<&6 6<&- 8>&-
		exec unshare "${flags[@]}" "$BASH" "$self" --init-of-sandbox "$@"
	)
	pid=$!
	trap '' PIPE
	exec 6<&-
	for name in INT TERM HUP QUIT; do
		# shellcheck disable=SC2064 # the name of now is meant
		trap "forward $name" "$name"
	done
	while :; do
		interrupted=
		wait "$pid"
		rc=$?
		[ -n "$interrupted" ] || exit "$rc"
	done
}

# Without a standard input there is one that is empty.
{ : <&0; } 2>/dev/null || exec </dev/null

interrupted=
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
self=$(cd "$(dirname "$0")" && pwd -P)/${0##*/}

case ${1-} in
--init-of-sandbox)
	shift
	init "$@"
	;;
-h | --help)
	usage
	;;
'')
	usage >&2
	exit 2
	;;
-*)
	printf "error: unknown option '%s' (see --help)\n" "$1" >&2
	exit 2
	;;
*)
	outer "$@"
	;;
esac
