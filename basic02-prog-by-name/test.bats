#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_prog_user in a lab: each program by name, and what it does to packets.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab b02
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --name b02
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	mkdir -p /sys/fs/bpf/xdp
	before=$(snapshot)
}

teardown()
{
	./xdp_prog_user -q -d b02 --unload-all
	[ -z "${trace-}" ] || rmdir "$trace"
}

# received FAMILY: how many of three echo requests are answered.
received()
{
	"$TOP/testenv/testenv.sh" ping --name b02 "$1" -c 3 -i 0.05 -W 1 |
		sed -n 's/.* \([0-9]*\) received.*/\1/p'
}

# Trace exceptions on the lab in an instance of our own. The kernel names the
# program on the interface: ours, or the dispatcher that it is in.
trace_program()
{
	id=$(ip link show dev b02 | sed -n 's/.*prog\/xdp id \([0-9]*\).*/\1/p')
	[ -n "$id" ]
	[ -e /sys/kernel/tracing/events/xdp/xdp_exception ] || skip "no tracefs here"
	trace=/sys/kernel/tracing/instances/$SANDBOX_ID-b02
	mkdir "$trace"
	echo "prog_id == $id" >"$trace/events/xdp/xdp_exception/filter"
	echo 1 >"$trace/events/xdp/xdp_exception/enable"
}

load_program()
{
	run --separate-stderr ./xdp_prog_user -d b02 --progname "$@"
	[ "$status" -eq 0 ]
	id=$(sed -n "s/^attached '$1' to 'b02': id \([0-9]*\), .*/\1/p" <<<"$output")
	[ -n "$id" ]
}

# bats test_tags=kernel
@test "--list names the programs of the object, and needs neither root nor a device" {
	mkdir /run/tmp/user
	cp xdp_prog_user xdp_prog_kern.o /run/tmp/user
	chmod -R a+rX /run/tmp/user
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups \
		/run/tmp/user/xdp_prog_user --list
	rm -r /run/tmp/user
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	[[ ${lines[1]} =~ ^'xdp_pass_func '.*' xdp ' ]]
	[[ ${lines[2]} =~ ^'xdp_drop_func '.*' xdp ' ]]
	[[ ${lines[3]} =~ ^'xdp_abort_func '.*' xdp ' ]]
	unchanged "$before"
}

@test "without --progname it is xdp_pass_func" {
	run --separate-stderr ./xdp_prog_user -d b02
	[[ ${lines[0]} == "attached 'xdp_pass_func' to 'b02'"* ]]
}

@test "xdp_pass_func passes, xdp_drop_func and xdp_abort_func do not, v4 and v6" {
	for mode in -N -S; do
		for want in xdp_pass_func:3 xdp_drop_func:0 xdp_abort_func:0; do
			load_program "${want%:*}" $mode --force
			[ "$(received -4)" = "${want#*:}" ]
			[ "$(received -6)" = "${want#*:}" ]
		done
	done
	./xdp_prog_user -q -d b02 --unload
	[ "$(received -4)" = 3 ]
	unchanged "$before"
}

@test "an aborted packet leaves a trace with the id on the interface" {
	load_program xdp_abort_func
	trace_program
	received -4
	[ "$(grep -c "xdp_exception: prog_id=$id action=ABORTED" "$trace/trace")" -ge 3 ]
}

@test "a dropped packet leaves none" {
	load_program xdp_drop_func
	trace_program
	received -4
	[ "$(grep -c xdp_exception: "$trace/trace")" -eq 0 ]
}

@test "only the chosen program is loaded: one that is rejected does no harm" {
	cat - ../tests/faults/reject_kern.c >/run/tmp/both.c <<-'END'
		#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>
		SEC("xdp") int good_func(struct xdp_md *ctx) { return XDP_PASS; }
	END
	# shellcheck disable=SC2046 # flags are words
	clang -O2 -g -target bpf $(sed -n 's/^BPF_INCLUDES := *//p' ../config.mk) \
		-c /run/tmp/both.c -o /run/tmp/both.o
	run --separate-stderr ./xdp_prog_user -d b02 --filename /run/tmp/both.o \
		--progname good_func
	[ "$status" -eq 0 ]
	run ./xdp_prog_user -d b02 --force --filename /run/tmp/both.o \
		--progname xdp_unchecked_func
	[ "$status" -eq 40 ]
	rm /run/tmp/both.c /run/tmp/both.o
}

# bats test_tags=kernel
@test "one of three programs is taken out of the dispatcher, the others stay" {
	need_feature dispatcher
	load_program xdp_pass_func
	pass=$id
	load_program xdp_drop_func
	[ "$(received -4)" = 0 ]
	run ./xdp_prog_user -d b02 --unload "$id"
	[ "$status" -eq 0 ]
	[ "$(received -4)" = 3 ]
	run ./xdp_prog_user -d b02 --unload
	[[ $output == "detached id $pass "* ]]
	unchanged "$before"
}
