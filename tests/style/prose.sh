#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# A lesson's text: there, and it names each C file of the lesson. Notes: texts
# that are short or long.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# words FILE: outside of blocks and of org's own lines.
words()
{
	awk '
	tolower($0) ~ /^[ \t]*#\+begin_/ { block = 1 }
	!block && !/^[ \t]*#/ { count += NF }
	tolower($0) ~ /^[ \t]*#\+end_/ { block = 0 }
	END { print count + 0 }' "$1"
}

# not_named LESSON: its C files that its README does not name. What is named with
# the folder of another file is that one.
not_named()
{
	local file

	for file in "$1"/*.[ch]; do
		file=${file##*/}
		grep -qE "(^|[^A-Za-z0-9_./-])${file//./\\.}([^A-Za-z0-9_]|$)" \
			"$1/README.org" || printf '%s\n' "$file"
	done
}

missing='' unnamed='' lengths=''
while IFS= read -r lesson; do
	readme=$lesson/README.org
	if [ ! -f "$readme" ]; then
		missing+="$readme"$'\n'
		continue
	fi
	names=$(not_named "$lesson" | paste -sd ' ')
	[ -z "$names" ] || unnamed+="$readme: no $names"$'\n'

	is_draft "$lesson" && continue
	count=$(words "$readme")
	[ "$count" -ge 700 ] && [ "$count" -le 2500 ] ||
		lengths+="$readme: $count words"$'\n'
done < <(lesson_folders)

[ -f README.org ] || missing+=README.org
verdict "the tree and each lesson have a README" "$missing"
verdict "a lesson's README names each .c and .h of its folder" "$unnamed"
note "a README has less than 700 or more than 2500 words" "$lengths"
finish
