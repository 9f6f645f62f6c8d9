#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Notes: blocks of ten lines or more that stand in two lessons. Comments, blanks
# and what duplicates.allow names do not count; nor do drafts and template/, of
# which they are copies.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

LINES_ALIKE=10

# lines FILE...: "FILE<tab>LINE<tab>TEXT" for each line that counts, TEXT
# without what does not matter. An allowed part leaves one line behind that
# is like no other, so that no block reaches across it.
lines()
{
	awk -F '\t' '
	FNR == NR {
		if ($1 == "function")
			functions[$2] = 1
		else if ($1 == "table")
			tables[$2] = 1
		else if ($1 == "line")
			ignored[$2] = 1
		next
	}
	function leave_out() {
		print FILENAME "\t" FNR "\t<" FILENAME FNR ">"
	}
	FNR == 1 { comment = inside = 0 }
	{
		text = $0
		# Comments, as kernel style writes them.
		if (comment) {
			if (text !~ /\*\//)
				next
			sub(/.*\*\//, "", text)
			comment = 0
		}
		gsub(/\/\*[^*]*\*\//, "", text)
		if (text ~ /\/\*/) {
			comment = 1
			sub(/\/\*.*/, "", text)
		}
		sub(/^[ \t]*(\/\/|# ).*/, "", text)
		gsub(/[ \t]+/, " ", text)
		gsub(/^ | $/, "", text)
		if (text == "")
			next

		if (inside) {
			if ($0 ~ /^}/)
				inside = 0
			next
		}
		for (name in functions)
			if ($0 ~ ("^[a-z].*[ *]" name "\\(") && $0 !~ /;$/)
				inside = 1
		for (pattern in tables)
			if (text ~ pattern && text ~ /\{$/)
				inside = 1
		if (inside) {
			leave_out()
			next
		}
		for (pattern in ignored)
			if (text ~ pattern)
				next
		print FILENAME "\t" FNR "\t" text
	}
	' tests/style/duplicates.allow "$@"
}

# blocks: reads those lines; prints each place where a block of LINES_ALIKE
# lines or more begins that another lesson has too.
blocks()
{
	awk -F '\t' -v size="$LINES_ALIKE" '
	{ file[NR] = $1; line[NR] = $2; text[NR] = $3 }
	END {
		for (i = 1; i + size - 1 <= NR; i++) {
			if (file[i] != file[i + size - 1])
				continue
			block = ""
			for (j = i; j < i + size; j++)
				block = block "\n" text[j]
			split(file[i], part, "/")
			if (!(block in first)) {
				first[block] = i
				lesson[block] = part[1]
			} else if (lesson[block] != part[1]) {
				# Only where it begins, not each line further.
				if (!(followed == i - 1))
					print file[i] ":" line[i] ": as in " \
						file[first[block]] ":" \
						line[first[block]]
				followed = i
			}
		}
	}'
}

files=()
while IFS= read -r folder; do
	! is_draft "$folder" || continue
	for file in "$folder"/*.[ch] "$folder"/test.bats; do
		[ ! -f "$file" ] || files+=("$file")
	done
done < <(lesson_folders)

note "$LINES_ALIKE lines alike in two lessons" \
	"$([ "${#files[@]}" -eq 0 ] || lines "${files[@]}" | blocks)"
verdict "every exception has its reason" "$(grep -v '^#' \
	tests/style/duplicates.allow | awk -F '\t' 'NF != 3 || $3 == ""')"
finish
