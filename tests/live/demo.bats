#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make demo: it shows what it says, notices what differs, and leaves nothing.

# bats file_tags=slow

load ../helpers

setup_file()
{
	need_sandbox
}

setup()
{
	cd "$TOP" || return
	before=$(snapshot)
}

# traces: the instances that this sandbox, or one inside it, has made
traces()
{
	find /sys/kernel/tracing/instances -maxdepth 1 -name "*-demo" 2>/dev/null
}

no_new_traces()
{
	[ "$(traces)" = "$traces_before" ]
}

@test "it passes, in under a minute, and leaves nothing" {
	SECONDS=0
	run --separate-stderr testenv/demo.sh
	[ "$status" -eq 0 ]
	[ "$SECONDS" -lt 60 ]
	[[ ${lines[-1]} =~ ^"demo passed: "[0-9]+" lessons"$ ]]
	[[ $output != *"NOT so"* ]]
	for part in [a-z]*[0-9][0-9]-*/demo.sh; do
		part=${part%%-*}
		[[ $output == *"== $part: "* ]]
	done
	unchanged "$before"
}

@test "it runs on its own: without the sandbox around it, it makes one" {
	IN_SANDBOX='' run testenv/demo.sh </dev/null
	[ "$status" -eq 0 ]
	unchanged "$before"
}

@test "a step that differs ends it with status 1, and nothing is left" {
	mkdir /run/tmp/copy
	cp -r Makefile config.mk common headers testenv basic0* /run/tmp/copy 2>/dev/null ||
		cp -r Makefile config.mk common testenv basic0* /run/tmp/copy
	sed -i 's/return XDP_PASS/return XDP_DROP/' \
		/run/tmp/copy/basic01-xdp-pass/xdp_pass_kern.c
	touch /run/tmp/copy/configure
	touch /run/tmp/copy/config.mk
	make -s -C /run/tmp/copy/basic01-xdp-pass
	IN_SANDBOX='' run /run/tmp/copy/testenv/demo.sh
	rm -r /run/tmp/copy
	[ "$status" -eq 1 ]
	[[ ${lines[-2]} == "  NOT so: three of three echo requests were answered" ]]
	[[ ${lines[-1]} == "the demo ends in basic01-xdp-pass/demo.sh" ]]
	unchanged "$before"
}

@test "ended by a signal half way it leaves nothing, no trace instance either" {
	[ -d /sys/kernel/tracing/instances ] || skip "no tracefs here"
	traces_before=$(traces)
	IN_SANDBOX='' setsid testenv/demo.sh >/run/tmp/said 2>&1 3>&- &
	demo=$!
	for ((i = 0; i < 200; i++)); do
		! grep -q 'tracepoint xdp:xdp_exception' /run/tmp/said || break
		sleep 0.05
	done
	kill -TERM "$demo"
	rc=0
	wait "$demo" || rc=$?
	[ "$rc" -ne 0 ]
	rm /run/tmp/said
	wait_for no_new_traces
	unchanged "$before"
}
