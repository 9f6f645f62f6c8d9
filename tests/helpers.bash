# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What the bats files share: `load` this file from any of them
# (load ../tests/helpers in a lesson's folder).

TOP=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd -P)
export TOP

# Messages are compared: in this language.
export LC_ALL=C.UTF-8
unset LANGUAGE

[ -z "${BATS_VERSION-}" ] || bats_require_minimum_version 1.8.0

# need_cmd COMMAND...: skips the test where one of them is not installed.
need_cmd()
{
	local cmd

	for cmd in "$@"; do
		type -P "$cmd" >/dev/null || skip "no $cmd here"
	done
}

# need_sandbox: for files that change interfaces; call it in setup_file.
need_sandbox()
{
	[ -z "${IN_SANDBOX-}" ] || return 0
	echo "run this as: tests/run.sh ${BATS_TEST_FILENAME#"$TOP/"}" >&2
	return 1
}

# feature NAME: true where the kernel has it, found out by trying, as `make
# doctor` does. A name that is none of a probe is looked for as a command.
# Where it is not there, the reason is in $lacking. 2: that cannot be told.
feature()
{
	local rc=0

	lacking=$("$TOP/doctor/doctor_user" --probe "$1" 2>&1 >/dev/null) || rc=$?
	case $rc in
	0) ;;
	77)
		lacking=": ${lacking#*: *: }"
		return 1
		;;
	2)
		lacking=
		type -P "$1" >/dev/null ||
			grep -qx "HAVE_${1^^} := y" "$TOP/config.mk"
		;;
	*)
		printf "cannot tell if there is '%s': %s\n" "$1" "$lacking" >&2
		return 2
		;;
	esac
}

# need_feature NAME...: skips the test where one of them is not there.
need_feature()
{
	local name rc

	for name in "$@"; do
		rc=0
		feature "$name" || rc=$?
		[ "$rc" -ne 1 ] || skip "no $name here$lacking"
		[ "$rc" -eq 0 ] || return 1
	done
}

# need_cards: moves the two network cards of a guest here (see tests/vm/boot), as
# card0 and card1, to be had by one test file at a time; they go back when this
# namespace ends. Skips where there are none.
need_cards()
{
	[ -n "${VM_CARDS-}" ] ||
		skip "no af_xdp_zc here: no two network cards, as a guest has (see make check-vm)"
	exec {cards_lock}<"$VM_CARDS" && flock "$cards_lock"
	take_cards
}

# take_cards: for who holds the lock
take_cards()
{
	modprobe virtio_net
	wait_for get_card card0
	wait_for get_card card1
}

# get_card NAME: a card that is still where they were found, under that name.
get_card()
{
	local card

	card=$(nsenter "--net=$VM_CARDS" ip -d -o link show | sed -n \
		's/^[0-9]*: \([^:@]*\).* parentbus virtio .*/\1/p;T;q')
	[ -n "$card" ] &&
		nsenter "--net=$VM_CARDS" ip link set "$card" down netns "$$" name "$1"
}

# old_kernel COMMAND:ERRNO COMMAND...: runs it as on a kernel whose bpf(2) does
# not know command number COMMAND of enum bpf_cmd, and fails with number ERRNO.
old_kernel()
{
	OLD_KERNEL=$1 preloaded old_kernel "${@:2}"
}

# old_sockets xdp|busy_poll|shared COMMAND...: runs it as on a kernel that lacks
# that of AF_XDP.
old_sockets()
{
	OLD_SOCKETS=$1 preloaded old_sockets "${@:2}"
}

# preloaded NAME COMMAND...: with what tests/faults/preload/NAME.c puts between
preloaded()
{
	local library=$BATS_FILE_TMPDIR/$1.so

	[ -e "$library" ] ||
		"$(sed -n 's/^CC := *//p' "$TOP/config.mk")" -shared -fPIC \
			-o "$library" "$TOP/tests/faults/preload/$1.c" || return
	LD_PRELOAD=$library "${@:2}"
}

# lab NAME [OPTION]...: a lab of that name, with these options of setup.
lab()
{
	local name=$1

	shift
	"$TOP/testenv/testenv.sh" setup --name "$name" "$@" >/dev/null
}

# is_bpffs: what one sees at /sys/fs/bpf is a BPF filesystem. (mountpoint and
# /proc/mounts also know those that another mount hides.)
is_bpffs()
{
	[ "$(stat -f -c %t /sys/fs/bpf 2>/dev/null)" = cafe4a11 ]
}

# one_line_error [TEXT]...: after `run --separate-stderr`: standard error is
# one line that begins with "error: ", and each TEXT is part of it.
one_line_error()
{
	local text

	# shellcheck disable=SC2154 # bats sets it
	if [ "${#stderr_lines[@]}" -ne 1 ] || [[ $stderr != "error: "* ]]; then
		printf 'not one line of error, but:\n%s\n' "$stderr" >&2
		return 1
	fi
	for text in "$@"; do
		[[ $stderr == *"$text"* ]] && continue
		printf "no '%s' in: %s\n" "$text" "$stderr" >&2
		return 1
	done
}

# running PATTERN: the processes whose command line matches.
running()
{
	local dir args found=1

	for dir in /proc/[0-9]*; do
		args=$({ tr '\0' ' ' <"$dir/cmdline"; } 2>/dev/null) || continue
		[[ $args =~ $1 ]] || continue
		printf '%s\n' "${dir#/proc/}"
		found=0
	done
	return "$found"
}

# gone PATTERN: within ten seconds no process of that kind is left.
gone()
{
	local i

	for ((i = 0; i < 100; i++)); do
		running "$1" >/dev/null || return 0
		sleep 0.1
	done
	echo "still there: $1" >&2
	return 1
}

# wait_for COMMAND...: until it succeeds, ten seconds at most.
wait_for()
{
	local i

	for ((i = 0; i < 100; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	echo "never: $*" >&2
	return 1
}

# end PID: of a process that this test has started, if it has and it still runs.
end()
{
	[ -n "$1" ] && [ -d "/proc/$1" ] || return 0
	kill "$1"
	wait_for has_ended "$1"
}

# has_ended PID: it is not there, or only until its parent asks for it
has_ended()
{
	[ ! -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"
}

# reported FILTER: the last line of /run/tmp/report is so, as jq sees it. Where
# there is no line yet, jq 1.6 without input would not say so.
reported()
{
	tail -n 1 /run/tmp/report | jq -en "input | $1"
}

# snapshot [FOLDER]: what there is in this sandbox, one thing a line, the same
# lines as long as nothing changes: links, programs on them, qdiscs and
# filters in each network namespace, namespaces, mounts, pinned objects,
# processes, files under /run, files in FOLDER (the lesson's). Not called in
# a pipeline: the other end of one would show up as a process.
#	before=$(snapshot); ...; unchanged "$before"
snapshot()
{
	local name

	# An emulated guest is slow at starting programs. There it is what has
	# to do with the kernel; the machine itself looks at all of it.
	if [ "${VM_GUEST-}" = tcg ]; then
		ip -o link show
		printf 'netns %s\n' /run/netns/*
		snapshot_pins
		return
	fi
	snapshot_net here
	for name in /run/netns/*; do
		[ -e "$name" ] || continue
		printf 'netns %s\n' "${name##*/}"
		snapshot_net "${name##*/}" "nsenter" "--net=$name"
	done
	awk '{ print "mount", $2, $3, $1, $4 }' /proc/self/mounts
	snapshot_pins
	snapshot_processes
	find /run -mindepth 1 \( -path '/run/tmp/bats-run-*' -o -path "$TOP" \
		-o -path "${BATS_RUN_TMPDIR:-$TOP}" \) -prune -o -printf 'run %p %y\n' |
		LC_ALL=C sort
	find "${1:-${BATS_TEST_DIRNAME:-$PWD}}" -printf 'file %p\n' |
		LC_ALL=C sort
}

# unchanged SNAPSHOT [FOLDER]: says what is there now and was not, or is not.
# A process that was told to end and a namespace without users take a moment.
unchanged()
{
	local now i

	for ((i = 0; i < 20; i++)); do
		now=$(snapshot "${@:2}")
		[ "$now" != "$1" ] || return 0
		sleep 0.1
	done
	diff <(printf '%s\n' "$1") <(printf '%s\n' "$now") >&2
}

# snapshot_net LABEL [COMMAND]...: of the namespace that COMMAND enters. Few
# programs are started: a guest without hardware support is slow at that.
snapshot_net()
{
	local label=$1 line dev

	shift
	while IFS= read -r line; do
		printf 'link %s %s\n' "$label" "$line"
	done < <("$@" ip -d -o link show)
	while IFS= read -r line; do
		[[ ! $line =~ \ refcnt\ [0-9]+ ]] ||
			line=${line/"${BASH_REMATCH[0]}"/}
		printf 'qdisc %s %s\n' "$label" "$line"
		# Only where there is one of these can there be filters.
		[[ $line =~ ^qdisc\ (clsact|ingress)\ .*\ dev\ ([^ ]+) ]] || continue
		dev=${BASH_REMATCH[2]}
		"$@" tc filter show dev "$dev" ingress 2>/dev/null |
			sed "s/^/filter $label $dev in /"
		"$@" tc filter show dev "$dev" egress 2>/dev/null |
			sed "s/^/filter $label $dev out /"
	done < <("$@" tc qdisc show)
}

# Every file of each BPF filesystem, with its inode: a map that was replaced by
# another one of the same name differs.
snapshot_pins()
{
	local point kind

	while read -r _ point kind _; do
		[ "$kind" = bpf ] || continue
		printf -v point '%b' "$point"
		find "$point" -mindepth 1 -printf 'pin %p %i\n' | LC_ALL=C sort
	done </proc/self/mounts
}

# Without bats itself, the sandbox, this shell and what led to it; without
# the dead that nobody has asked for yet.
snapshot_processes()
{
	local pid=$BASHPID own=' ' stat args lines=()

	while [ "$pid" -gt 0 ]; do
		own+="$pid "
		stat=$(<"/proc/$pid/stat")
		stat=${stat##*) }
		pid=${stat#* }
		pid=${pid%% *}
	done
	for pid in /proc/[0-9]*; do
		[[ $own != *" ${pid#/proc/} "* ]] || continue
		{ mapfile -d '' args <"$pid/cmdline"; } 2>/dev/null || continue
		[ "${#args[@]}" -gt 0 ] || continue
		[[ ${args[1]-} != */bats* && ${args[0]} != */bats* ]] || continue
		[[ ${args[2]-} != --init-of-sandbox ]] || continue
		lines+=("process ${args[*]}")
	done
	[ "${#lines[@]}" -eq 0 ] || printf '%s\n' "${lines[@]}" | LC_ALL=C sort
}
