# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2154 # "here" is testenv/, set by it
# basic03's part of the demo; testenv/demo.sh sources it.

title "basic03: count packets in a map, and watch the counter rise"
say "The program counts; this command reads the map twice a second, three times:"
demo_report=$(mktemp)
./xdp_counter_user --dev "$LAB" --interval 0.5 --count 3 --json >"$demo_report" 2>/dev/null &
demo_runner=$!
for _ in 1 2 3; do
	sleep 0.4
	"$here/testenv.sh" ping --name "$LAB" -c 2 -i 0.01 -W 1 >/dev/null
done
wait "$demo_runner"
check "it has ended by itself" [ "$?" -eq 0 ]
shown=$(sed -n 's/.*"XDP_PASS": {"packets": \([0-9]*\).*/XDP_PASS \1 packets/p' "$demo_report")
rm -f "$demo_report"
printf '    %s\n' "${shown//$'\n'/$'\n    '}"
check "the counter rose" [ "$(sort -u <<<"$shown" | wc -l)" -ge 2 ]
