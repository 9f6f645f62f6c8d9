#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Watch the lessons work: in a lab inside a sandbox, each lesson that has a
# demo.sh shows its part, with real packets. Every step is checked; the first
# that differs ends the demo with status 1. The sandbox takes everything
# along when it ends.

set -u
# Without a standard input there is one that is empty.
{ : <&0; } 2>/dev/null || exec </dev/null

here=$(cd "${BASH_SOURCE[0]%/*}" && pwd -P)
TOP=${here%/*}
LAB=demo
folder='' # of the lesson whose part is shown

if [ -z "${IN_SANDBOX-}" ]; then
	exec "$here/sandbox.sh" "$here/demo.sh" "$@"
fi

# For the lessons' parts:
# title TEXT, say TEXT: headings and explanations.
title()
{
	printf '\n== %s\n' "$*"
}

say()
{
	printf '%s\n' "$*"
}

# show COMMAND...: prints the command, runs it, keeps what it prints in $shown.
show()
{
	local status=0

	printf '  $ %s\n' "$*"
	shown=$("$@" 2>&1) || status=$?
	[ -z "$shown" ] || printf '    %s\n' "${shown//$'\n'/$'\n    '}"
	return "$status"
}

# check TEXT COMMAND...: the demo ends here if COMMAND does not succeed.
check()
{
	local text=$1

	shift
	if "$@" >/dev/null 2>&1; then
		printf '  ok: %s\n' "$text"
	else
		printf '  NOT so: %s\n' "$text"
		[ -z "$folder" ] || printf 'the demo ends in %s\n' "${folder##*/}/demo.sh"
		exit 1
	fi
}

# shows TEXT...: the last command printed each TEXT, in this order.
shows()
{
	local text rest=${shown-}

	for text in "$@"; do
		[[ $rest == *"$text"* ]] || return 1
		rest=${rest#*"$text"}
	done
}

# ping_lab: three echo requests from inside the lab, the summary only.
ping_lab()
{
	local status=0

	printf '  $ testenv.sh ping -c 3\n'
	shown=$("$here/testenv.sh" ping --name "$LAB" -c 3 -i 0.1 -W 1 2>&1) || status=$?
	shown=$(grep transmitted <<<"$shown")
	printf '    %s\n' "$shown"
	return "$status"
}

# nothing_attached: no XDP program on the lab's outer end.
nothing_attached()
{
	! ip link show dev "$LAB" | grep -q 'prog/xdp'
}

[ "$#" -eq 0 ] || { printf "error: unexpected argument '%s'\n" "$1" >&2; exit 2; }

say "This demo makes a virtual network in a sandbox: your interfaces stay untouched."
title "A lab: interface '$LAB' here, and the other end of its wire in a namespace"
show "$here/testenv.sh" setup --name "$LAB" || exit 1
ping_lab
check "packets flow between the two ends" shows '3 received'

parts=0
# Those called advanced come last.
for part in "$TOP"/[!a]*/demo.sh "$TOP"/a*/demo.sh; do
	folder=${part%/*}
	# Copies of lessons, and programs of somebody's own, have no part in it.
	[ -f "$part" ] || continue
	first=$(head -n 1 "$folder/needs" 2>/dev/null)
	[ "$first" = "# lesson ${folder##*/}" ] || continue
	cd "$folder" || exit 1
	# shellcheck source=/dev/null
	. "$part"
	check "nothing is attached any more" nothing_attached
	parts=$((parts + 1))
done
folder=''
check "some lesson had a part to show" [ "$parts" -gt 0 ]

title "Clean up"
show "$here/testenv.sh" teardown --name "$LAB" || exit 1
check "the lab is gone" [ ! -e "/sys/class/net/$LAB" ]
say
say "demo passed: $parts lessons"
