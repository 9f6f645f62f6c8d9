#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Each lesson has a file `needs` that says what it needs of the kernel, and
# README and tests say the same. What has none, or that of another lesson, is no lesson.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# probes: the names of the features that can be tried.
probes()
{
	sed -n 's/^\tPROBE("\([a-z_]*\)".*/\1/p; s/^\t\t\.name = "\([a-z_]*\)",$/\1/p' \
		common/probe*.c common/probe/*.c /dev/null
}

check_there()
{
	verdict "the file needs of each lesson of README.org begins with: # lesson NAME" "$(
		sed -nE 's/^\| \[\[file:([^]/]*)\/README\.org\].*/\1/p' README.org /dev/null |
			grep -vxF "$(lesson_folders)")"
}

check_format()
{
	verdict "needs: must, part or aside, a feature of doctor_user --list, a reason" "$(
		awk -v known="$(probes | tr '\n' ' ')" '
		BEGIN { known = " " known }
		/^#/ { next }
		function bad(what) { print FILENAME ":" FNR ": " what }
		!/^(must|part|aside)[ \t]/ { bad("not must, part or aside"); next }
		!index(known, " " $2 " ") { bad("no feature \"" $2 "\""); next }
		NF < 3 { bad("no reason"); next }
		seen[FILENAME, $2]++ { bad($2 " is there twice") }
		$3 ~ /^[A-Z][a-z]/ || /[.]$/ {
			bad("a reason begins in lower case and has no full stop")
		}
		length > 80 { bad(length " columns") }
		' "${needs[@]}" /dev/null)"
}

# What a README or a test of the lesson asks for, and is a probe.
check_asked()
{
	local lesson name offenders=''

	while IFS= read -r lesson; do
		while IFS= read -r name; do
			grep -qE "^(must|part|aside)[[:blank:]]+${name}[[:blank:]]" \
				"$lesson/needs" 2>/dev/null ||
				offenders+="$lesson: $name"$'\n'
		done < <({
			sed -n 's/^#+begin_src.* :needs \([^ ]*\).*/\1/p' \
				"$lesson/README.org"
			sed -nE 's/.*\<(need_)?feature ([a-z_ ]+).*/\2/p' \
				"$lesson/test.bats"
			sed -nE 's/.*\<probe_(require|explain)\("([a-z_]+)".*/\2/p' \
				"$lesson"/*.c
		} 2>/dev/null | tr -s ', ' '\n' | grep -xF "$(probes)" | sort -u)
	done < <(lesson_folders)
	verdict "what README, test.bats and commands ask for stands in needs" \
		"$offenders"
}

shopt -s nullglob
mapfile -t needs < <(lesson_folders | sed 's|$|/needs|')
check_there
check_format
check_asked
finish
