#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# A lesson's text: there. Notes: texts that are short or long.

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

missing='' lengths=''
while IFS= read -r lesson; do
	readme=$lesson/README.org
	if [ ! -f "$readme" ]; then
		missing+="$readme"$'\n'
		continue
	fi
	is_draft "$lesson" && continue
	count=$(words "$readme")
	[ "$count" -ge 700 ] && [ "$count" -le 2500 ] ||
		lengths+="$readme: $count words"$'\n'
done < <(lesson_folders)

[ -f README.org ] || missing+=README.org
verdict "the tree and each lesson have a README" "$missing"
note "a README has less than 700 or more than 2500 words" "$lengths"
finish
