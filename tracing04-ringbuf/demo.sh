# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2154 # "here" is testenv/, set by it
# tracing04's part of the demo; testenv/demo.sh sources it.

title "tracing04: an event for each packet, through perf buffer and ring buffer"
show ./xdp_events_user --count 5000 --rate 50000
# shellcheck disable=SC2016 # for awk
check "each way has had its 5000 events" \
	awk 'NR > 1 && !/^note/ { n++; bad += $2 != 5000 } END { exit !n || bad }' <<<"$shown"
say "Those of an interface, while a ping is on its way:"
demo_report=$(mktemp)
./xdp_events_user --dev "$LAB" --count 3 --duration 30 >"$demo_report" 2>/dev/null &
demo_runner=$!
while [ -d "/proc/$demo_runner" ]; do
	"$here/testenv.sh" ping --name "$LAB" -c 1 -W 1 >/dev/null
done
wait "$demo_runner"
check "it has ended by itself" [ "$?" -eq 0 ]
shown=$(<"$demo_report")
rm -f "$demo_report"
printf '    %s\n' "${shown//$'\n'/$'\n    '}"
check "there are three, the first is number 0" shows '#0 queue 0, ' '#1 ' '#2 '
