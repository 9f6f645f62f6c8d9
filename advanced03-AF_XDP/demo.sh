# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
# shellcheck disable=SC2154 # "here" is testenv/, set by it
# advanced03's part of the demo; testenv/demo.sh sources it.

title "advanced03: echo requests answered by a process, through an AF_XDP socket"
demo_report=$(mktemp)
say "  \$ ./af_xdp_user --dev $LAB --poll-mode"
./af_xdp_user --dev "$LAB" --poll-mode --interval 0.2 >"$demo_report" 2>&1 &
demo_runner=$!
# The first report: the sockets are there, and the program is attached.
while [ -d "/proc/$demo_runner" ] && ! grep -q '^frames:' "$demo_report"; do
	sleep 0.1
done
ping_lab
check "each was answered" shows '3 received'
kill "$demo_runner" 2>/dev/null
wait "$demo_runner"
check "it has ended well" [ "$?" -eq 0 ]
shown=$(grep -e '^note: queue' -e '^note: received' "$demo_report")
rm -f "$demo_report"
printf '    %s\n' "${shown//$'\n'/$'\n    '}"
check "by the process: as many were sent as received, three" \
	shows ' frames of ' 'received 3 packets, sent 3, ignored 0, not sent 0'
