#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The pictures of the READMEs. A picture is an example block, drawn in plain
# characters, right after a line "#+name: picture-WHAT".

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

WIDEST=90

# A README, and what it has a picture of: where that is first explained. A test of
# this check has another list.
PICTURES=${PICTURES:-'basic01-xdp-pass/README.org xdp lab dispatcher
basic02-prog-by-name/README.org objects
basic03-map-counter/README.org map
basic04-pinning-maps/README.org references
packet01-parsing/README.org cursor
packet02-rewriting/README.org vlan-push
packet03-redirecting/README.org redirect
packet04-cpumap/README.org cpumap
testing02-traffic-gen/README.org live-frames
tracing04-ringbuf/README.org perf-buffer ring-buffer'}

# drawn README...: each line of each picture, as FILE:LINE:NAME:TEXT
drawn()
{
	awk '
	FNR == 1 { name = inside = "" }
	inside && /^#\+end_example/ { inside = "" }
	inside { print FILENAME ":" FNR ":" inside ":" $0 }
	name && /^#\+begin_example/ { inside = name }
	{ name = $1 == "#+name:" && sub(/^picture-/, "", $2) ? $2 : "" }' "$@"
}

# not_drawn LINES: what the list has and these lines do not
not_drawn()
{
	local readme names name

	while read -r readme names; do
		for name in $names; do
			grep -qE "^$readme:[0-9]+:$name:.*[^ ]" <<<"$1" ||
				printf '%s: no picture-%s\n' "$readme" "$name"
		done
	done <<<"$PICTURES"
}

shopt -s nullglob
readmes=(README.org [!.]*/README.org [!.]*-*/[a-z]*.org)
drawings=$(drawn "${readmes[@]}")
verdict "each picture is in the README that explains what it shows" "$(not_drawn "$drawings")"
verdict "$WIDEST columns in a picture at most" "$(awk -v most="$WIDEST" '
	{ text = $0; sub(/^[^:]*:[^:]*:[^:]*:/, "", text) }
	length(text) > most { print length(text) " columns: " $0 }' <<<"$drawings")"
verdict "pictures are drawn in plain characters" "$(grep '[^ -~]' <<<"$drawings")"
finish
