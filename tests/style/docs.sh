#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What texts have from other files: the lists of files, and the time that each
# lesson takes.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# minutes LESSON: what "You need" in its README says that it takes.
minutes()
{
	sed -n '/^You need/,/^$/p' "$1/README.org" | tr '\n' ' ' |
		grep -oE 'about [0-9]+ minutes' | head -n 1 | tr -dc 0-9
}

# other_times: lessons that README.org does not list with that time.
other_times()
{
	local lesson time

	while IFS= read -r lesson; do
		if [ ! -f "$lesson/README.org" ] || is_draft "$lesson"; then
			continue
		fi
		time=$(minutes "$lesson")
		grep -qF "| [[file:$lesson/README.org][$lesson]] | ${time:-?} min |" README.org ||
			printf '%s: %s minutes in its README\n' "$lesson" "${time:-no}"
	done < <(lesson_folders)
}

verdict "the lists of files are what make docs makes" "$(template/docs.sh --check 2>&1)"
verdict "README.org lists each lesson, with the minutes of its README" "$(other_times)"
finish
