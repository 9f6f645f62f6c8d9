#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What is judged: the counts that the command prints at its end. Whatever else the machine
# does meanwhile has exceptions of its own, which are not to be counted.

# shellcheck disable=SC2154 # live.bash sets them
load ../../../grader/live

setup()
{
	in_answer
	need_feature tp_btf
	start_answer ./xdp_exceptions_user --dev grade
	wait_answer grep -q attached "$out" ||
		hints "What the command prints is above: for a program that is rejected the line of it." \
			"The key of an array's element is a __u32 on the stack, and a lookup may return NULL." \
			"count = bpf_map_lookup_elem(&exceptions_map, &key); if (count) ..."
}

teardown()
{
	[ ! -e /run/netns/other ] || "$TOP/testenv/testenv.sh" teardown --name other >/dev/null
	out_of_answer
}

# provoke DEV PROGRAM: what packets get to there, from now on
provoke()
{
	local object=$TOP/tracing01-xdp-monitor/xdp_provoke_kern.o

	[ "$2" = xdp_unknown_func ] || object=$TOP/basic02-prog-by-name/xdp_prog_kern.o
	"$TOP/basic02-prog-by-name/xdp_prog_user" --quiet --dev "$1" --force \
		--filename "$object" --progname "$2"
}

# counts: what it prints at its end
counts()
{
	grep -E '^(XDP_[A-Z]+|other) [0-9]+$' "$out" || :
}

# of NAME COUNTS: the number, 0 where there is none
of()
{
	awk -v name="$1" '$1 == name { count = $2 } END { print count + 0 }' <<<"$2"
}

@test "packets of XDP_ABORTED are counted" {
	provoke grade xdp_abort_func
	deliver 3 raw
	stop_answer
	counts=$(counts)
	[ "$(of XDP_ABORTED "$counts")" -ge 3 ] || {
		show "3 packets got XDP_ABORTED; expected at least: XDP_ABORTED 3"
		show "got: ${counts:-nothing}"
		hints "The action is the last argument; that of XDP_ABORTED is 0, the first key." \
			"dev_is_ours(dev) is true for the interface of --dev." \
			"__sync_fetch_and_add(count, 1) for each event of our interface."
	}
}

@test "a verdict that is none is counted as other" {
	provoke grade xdp_unknown_func
	deliver 4 raw
	stop_answer
	counts=$(counts)
	[ "$(of other "$counts")" -ge 4 ] || {
		show "4 packets got the verdict 42, which is none; expected at least: other 4"
		show "got: ${counts:-nothing}"
		[ -z "$counts" ] ||
			hints "The argument act is what the XDP program has returned. What is your key?" \
				"A key for each action, and EXCEPTIONS_OTHER for all other numbers." \
				"__u32 key = act < XDP_ACTION_MAX ? act : EXCEPTIONS_OTHER;"
		hints "42 is no key of the map, so the lookup returns NULL." \
			"A number that is no action has the key EXCEPTIONS_OTHER." \
			"if (key >= XDP_ACTION_MAX) key = EXCEPTIONS_OTHER;"
	}
}

@test "those of another interface are not counted" {
	lab other
	provoke other xdp_abort_func
	before=$(</sys/class/net/other/statistics/rx_packets)
	"$TOP/testenv/testenv.sh" send --name other raw --count 30 >/dev/null
	wait_for at_least $((before + 30)) /sys/class/net/other/statistics/rx_packets
	stop_answer
	counts=$(counts)
	[ -z "$counts" ] || {
		show "no packet of the interface was lost, 30 of another one; got: $counts"
		hints "The tracepoint is one for the whole machine: all interfaces, all network namespaces." \
			"Its first argument is the interface. dev_is_ours() compares it." \
			"if (!dev_is_ours(dev)) return 0; before anything is counted."
	}
}
