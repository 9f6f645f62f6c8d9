# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2154 # "here" is testenv/, set by it
# tracing02's part of the demo; testenv/demo.sh sources it.

title "tracing02: see packets that an XDP program drops"
say "basic02's program drops all of them, behind the one that copies them:"
demo_file=$(mktemp --suffix=.pcapng)
demo_report=$(mktemp)
./xdp_sample_pkts_user -q --json --dev "$LAB" --write "$demo_file" --snaplen 64 \
	--count 3 --duration 30 \
	--filename ../basic02-prog-by-name/xdp_prog_kern.o --progname xdp_drop_func \
	>"$demo_report" 2>/dev/null &
demo_runner=$!
until ip link show dev "$LAB" | grep -q prog/xdp || ! kill -0 "$demo_runner"; do
	sleep 0.1
done
"$here/testenv.sh" ping --name "$LAB" -c 3 -i 0.05 -W 1 >/dev/null
wait "$demo_runner"
check "it has ended by itself" [ "$?" -eq 0 ]
shown=$(sed -n 's/.*"packets": \([0-9]*\).*"lost": \([0-9]*\).*/\1 packets stored, \2 lost/p' "$demo_report")
printf '    %s\n' "$shown"
check "the dropped packets are in the file" [ "${shown%% *}" -ge 3 ]
rm -f "$demo_file" "$demo_report"
