#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What holds for every lesson: other people's loaders take its objects, and
# valgrind has nothing to say about its commands.

load ../helpers

setup_file()
{
	need_sandbox
	ip link add dev obj0 type veth peer name obj1
	ip link set dev obj0 up
	ip link set dev obj1 up
}

teardown_file()
{
	ip link del dev obj0
}

setup()
{
	cd "$TOP" || return
	mkdir -p /sys/fs/bpf/xdp
}

# The objects of all lessons.
objects()
{
	local lesson

	for lesson in $(make -s lessons); do
		ls "$lesson"/*_kern.o
	done
}

# xdp_programs OBJECT: the names of its functions in section xdp.
xdp_programs()
{
	llvm-objdump -t "$1" | awk '$4 == "xdp" && / F / { print $NF }'
}

quietly()
{
	"$@" >/run/tmp/said 2>&1 || { echo "failed: $*"; cat /run/tmp/said; return 1; } >&2
}

# wants_its_command OBJECT: nothing else can load it, and why.
wants_its_command()
{
	case $1 in
	# Programs at tracepoints that this kernel has not are left out.
	tracing01-xdp-monitor/xdp_monitor_kern.o) ;;
	# It is told which program to trace.
	tracing02-sample-pkts/sample_trace_kern.o) ;;
	*) return 1 ;;
	esac
}

@test "xdp-loader loads every XDP program of every lesson" {
	need_cmd xdp-loader
	n=0
	for object in $(objects); do
		for prog in $(xdp_programs "$object"); do
			quietly xdp-loader load obj0 "$object" -n "$prog"
			xdp-loader status obj0 | grep -q "$prog"
			quietly xdp-loader unload --all obj0
			n=$((n + 1))
		done
	done
	[ "$n" -ge 4 ]
}

@test "bpftool loads every object of every lesson" {
	need_cmd bpftool
	n=0
	for object in $(objects); do
		wants_its_command "$object" && continue
		quietly bpftool prog loadall "$object" /sys/fs/bpf/objects
		[ -n "$(ls /sys/fs/bpf/objects)" ]
		rm -r /sys/fs/bpf/objects
		n=$((n + 1))
	done
	[ "$n" -ge 2 ]
}

@test "ip link attaches the XDP programs of every lesson" {
	n=0
	for object in $(objects); do
		[ -n "$(xdp_programs "$object")" ] || continue
		quietly ip link set dev obj0 xdpdrv obj "$object" sec xdp
		ip link show dev obj0 | grep -q 'prog/xdp id'
		quietly ip link set dev obj0 xdpdrv off
		n=$((n + 1))
	done
	[ "$n" -ge 2 ]
}

# checked STATUS COMMAND...: its exit status, and valgrind finds nothing. What
# libxdp reads from the kernel, such as names, is uninitialised for valgrind
# wherever it goes, so it is not asked for that.
checked()
{
	local want=$1 report log=$BATS_TEST_TMPDIR/valgrind

	shift
	run valgrind --quiet --log-file="$log" --undef-value-errors=no \
		--leak-check=full --show-leak-kinds=definite,indirect "$@"
	report=$(awk -f tests/live/valgrind.awk "$log")
	[ "$status" -eq "$want" ] && [ -z "$report" ] && return
	printf '%s: status %s\n%s\n' "$*" "$status" "$report" >&2
	return 1
}

# bats test_tags=slow
@test "valgrind finds nothing in the loaders" {
	need_cmd valgrind
	[ -f tests/faults/reject_kern.o ]
	for cmd in basic01-xdp-pass/xdp_pass_user basic02-prog-by-name/xdp_prog_user; do
		checked 0 "$cmd" --help
		checked 0 "$cmd" --list
		checked 0 "$cmd" -d obj0
		checked 0 "$cmd" -d obj0 --force -S
		checked 0 "$cmd" -d obj0 --unload
		checked 30 "$cmd" -d obj0 --unload 1
		checked 0 "$cmd" -d obj0 --unload-all
		checked 30 "$cmd" -d obj0 --offload-mode
		checked 40 "$cmd" -d obj0 --filename tests/faults/reject_kern.o
		checked 40 "$cmd" -d obj0 --progname nosuch
		checked 40 "$cmd" -d obj0 --filename Makefile
		checked 2 "$cmd" -d nosuch0
	done
}
