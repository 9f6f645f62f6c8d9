# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# Lists of files for a README: exports have one, and docs.sh makes others.

# describe FILE: the first sentence of its first comment behind the license.
describe()
{
	awk '
	/SPDX-License-Identifier/ { next }
	!inside && /^[ \t]*\/\*/ { inside = 1; sub(/^[ \t]*\/\*/, "") }
	!inside && !/^$/ { exit }
	inside {
		ended = sub(/\*\/.*/, "")
		sub(/^[ \t]*\*?[ \t]*/, "")
		sub(/[ \t]+$/, "")
		text = text (text == "" || $0 == "" ? "" : " ") $0
		if (ended || (text != "" && $0 == ""))
			exit
	}
	END {
		sub(/\. .*/, ".", text)
		sub(/\.$/, "", text)
		gsub(/\|/, "/", text)
		print text
	}' "$1"
}

# file_rows FILE...: a row for each of them that is there.
file_rows()
{
	local file

	for file in "$@"; do
		[ ! -f "$file" ] ||
			printf '| =%s= | %s |\n' "${file#./}" "$(describe "$file")"
	done | awk '!seen[$0]++'
}
