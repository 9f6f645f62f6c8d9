# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# basic02's part of the demo; testenv/demo.sh sources it.

title "basic02: drop every packet, before the network stack sees it"
show ./xdp_prog_user --dev "$LAB" --progname xdp_drop_func
check "it is attached" shows "attached 'xdp_drop_func' to '$LAB'"
ping_lab
check "none of three echo requests was answered" shows '0 received'

title "basic02: abort: drop, and leave a trace"
show ./xdp_prog_user --dev "$LAB" --progname xdp_abort_func --force
check "it is attached" shows "attached 'xdp_abort_func' to '$LAB'"
# The id on the interface: ours, or that of the dispatcher that it is in.
demo_id=$(ip link show dev "$LAB" | sed -n 's/.*prog\/xdp id \([0-9]*\).*/\1/p')
demo_trace=/sys/kernel/tracing/instances/$SANDBOX_ID-demo
if mkdir "$demo_trace" 2>/dev/null; then
	# The name begins with SANDBOX_ID: the sandbox will take it along.
	say "The kernel fires the tracepoint xdp:xdp_exception for each aborted packet:"
	echo "prog_id == $demo_id" >"$demo_trace/events/xdp/xdp_exception/filter"
	echo 1 >"$demo_trace/events/xdp/xdp_exception/enable"
	ping_lab
	check "none of three echo requests was answered" shows '0 received'
	show grep -o 'xdp_exception: .*' "$demo_trace/trace"
	check "each left a line" shows "prog_id=$demo_id action=ABORTED" ABORTED ABORTED
	rmdir "$demo_trace"
else
	say "(tracefs cannot be used here: the trace of the aborted packets is left out)"
	ping_lab
	check "none of three echo requests was answered" shows '0 received'
fi
say "And everything off again:"
show ./xdp_prog_user --dev "$LAB" --unload-all
check "it said so" shows "detached id " "('xdp_abort_func')"
ping_lab
check "packets flow again" shows '3 received'
