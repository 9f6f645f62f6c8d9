# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# tracing01's part of the demo; testenv/demo.sh sources it.

title "tracing01: where the packets went"
say "A program returns 42, which is no verdict:"
show ../basic02-prog-by-name/xdp_prog_user --dev "$LAB" \
	--filename xdp_provoke_kern.o --progname xdp_unknown_func
say "The monitor waits for what the kernel has to say:"
demo_report=$(mktemp /run/demo.XXXXXX)
./xdp_monitor_user --dev "$LAB" --interval 1 --duration 20 >"$demo_report" &
demo_monitor=$!
until grep -q XDP-event "$demo_report" || ! kill -0 "$demo_monitor"; do
	sleep 0.1
done
ping_lab
check "none of three echo requests was answered" shows '0 received'
until grep -q XDP_UNKNOWN "$demo_report" || ! kill -0 "$demo_monitor"; do
	sleep 0.1
done
kill "$demo_monitor"
wait "$demo_monitor"
show grep -m 1 'total.*XDP_UNKNOWN' "$demo_report"
check "the kernel has told of them" shows 'Exception' 'XDP_UNKNOWN'
rm "$demo_report"
show ../basic02-prog-by-name/xdp_prog_user --dev "$LAB" --unload-all
