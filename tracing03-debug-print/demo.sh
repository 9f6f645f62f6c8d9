# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2154 # "here" is testenv/, set by it
# tracing03's part of the demo; testenv/demo.sh sources it.

title "tracing03: bpf_printk prints each packet's addresses and EtherType"
say "The lines of bpf_printk for the next two packets, decoded:"
demo_report=$(mktemp)
timeout 20 ./xdp_print_user --dev "$LAB" --count 2 >"$demo_report" 2>/dev/null &
demo_runner=$!
while [ -d "/proc/$demo_runner" ]; do
	"$here/testenv.sh" ping --name "$LAB" -c 1 -W 1 >/dev/null
	sleep 0.1
done
wait "$demo_runner"
check "it has ended by itself" [ "$?" -eq 0 ]
sed 's/^/    /' "$demo_report"
check "two packets, and no line was lost" \
	grep -qx '2 packets, 0 lines lost' "$demo_report"
rm -f "$demo_report"
