#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What the files of a folder have to do with each other (structure.py has how
# that is found). `tests/style/structure.sh --counts` counts it for each folder.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# structure WHAT: see structure.py.
structure()
{
	sources \( -name '*.[ch]' "${@:2}" \) | python3 tests/style/structure.py "$1" ||
		printf 'structure.py %s: exit status %d\n' "$1" "$?"
}

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

if [ "${1-}" = --counts ]; then
	structure counts
	exit
fi
if ! lacks python3 python3; then
	verdict "no files of a folder call or include each other in a circle" \
		"$(structure circles)"
	verdict "a file that a comment or a README names is there" \
		"$(structure names -o -name '*.org' -o -name '*.sh' -o \
			-name '*.bash' -o -name '*.mk' -o -name Makefile)"
	note "a public function that one other file calls" "$(structure public)"
fi
note "a function of more than 100 lines" "$(long_functions)"
finish
