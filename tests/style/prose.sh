#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# A lesson's text: there, and neither too short nor too long to be read.

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

check_lesson()
{
	local file=$1/README.org count most=1500 offenders=''

	case $1 in
	packet01-* | advanced03-* | advanced04-*) most=2500 ;;
	template) return ;;
	esac
	if [ ! -f "$file" ]; then
		verdict "$file" "there is none"
		return
	fi
	# Said, and not counted as a pass.
	if is_draft "$1"; then
		left_undone "$file has 900 to $most words" \
			"marked as a draft in its FILETAGS line"
		return
	fi
	count=$(words "$file")
	if [ "$count" -lt 900 ] || [ "$count" -gt "$most" ]; then
		offenders="$count words outside of blocks, not 900 to $most"
	fi
	verdict "$file has 900 to $most words" "$offenders"
}

while IFS= read -r lesson; do
	check_lesson "$lesson"
done < <(lesson_folders)
verdict "the tree has a README" "$([ -f README.org ] || echo "no README.org")"
finish
