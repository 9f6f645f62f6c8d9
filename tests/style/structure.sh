#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Notes: functions that are long.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# long_functions: "FILE:LINE: NAME: LINES lines", from opening to closing brace.
# Kernel style has both alone in the first column, and no other brace stands so.
long_functions()
{
	local c

	mapfile -t c < <(sources -name '*.[ch]')
	awk '
	FNR == 1 { start = 0 }
	/^\{[ \t]*$/ { start = FNR; name = head; next }
	/^\}/ && start {
		sub(/\(.*/, "", name)
		sub(/.*[ \t*]/, "", name)
		if (FNR - start + 1 > 100)
			print FILENAME ":" start ": " name ": " FNR - start + 1 " lines"
		start = 0
	}
	/^[A-Za-z_].*\(/ && !start { head = $0 }
	' "${c[@]}" /dev/null
}

note "a function of more than 100 lines" "$(long_functions)"
finish
