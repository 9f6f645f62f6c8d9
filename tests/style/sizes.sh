#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Functions and files stay short.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# functions FILE...: "LINES FILE:LINE NAME" of each, from its opening to its
# closing brace. Kernel style has both alone in the first column, and no other
# brace stands so.
functions()
{
	awk '
	FNR == 1 { start = 0 }
	/^\{[ \t]*$/ { start = FNR; name = head; next }
	/^\}/ && start {
		sub(/\(.*/, "", name)
		sub(/.*[ \t*]/, "", name)
		print FNR - start + 1, FILENAME ":" start, name
		start = 0
	}
	/^[A-Za-z_].*\(/ && !start { head = $0 }
	' "$@" /dev/null
}

check_functions()
{
	local found total under median

	found=$(functions "${c[@]}" | sort -n)
	verdict "no function over 60 lines" \
		"$(awk '$1 > 60 { print $2 ": " $3 ": " $1 " lines" }' \
			<<<"$found")"

	total=$(grep -c . <<<"$found")
	under=$(awk '$1 < 40' <<<"$found" | grep -c .)
	verdict "9 of 10 functions under 40 lines" \
		"$([ "$((under * 10))" -ge "$((total * 9))" ] ||
			printf '%s\n' "$under of $total")"

	median=$(sed -n "$(((total + 1) / 2))p" <<<"$found")
	verdict "half of the functions have 15 lines at most" \
		"$([ "${median%% *}" -le 15 ] 2>/dev/null || [ "$total" -eq 0 ] ||
			printf 'the middle one has %s\n' "${median%% *}")"
}

# limit FILE: its number of lines; nothing where there is no limit.
limit()
{
	case $1 in
	verifier01-*/*_kern.c | experiment01-*/*_fail*) ;; # refused programs
	common/*.[ch] | testenv/*.[ch]) echo 250 ;;
	tests/* | headers/*) ;;
	*/xdp_redirect_kern.c | */xdp_fw_kern.c | */xdp_monitor_kern.c) echo 199 ;;
	*_kern.c) echo 99 ;;
	advanced03-*/*.c | advanced04-*/*.c | advanced05-*/*.c) echo 299 ;;
	*.c) echo 149 ;;
	esac
}

check_files()
{
	local file max lines offenders=''

	for file in "${c[@]}"; do
		max=$(limit "$file")
		[ -n "$max" ] || continue
		lines=$(wc -l <"$file")
		[ "$lines" -le "$max" ] ||
			offenders+="$file: $lines lines, $max at most"$'\n'
	done
	verdict "no file is too long" "$offenders"
}

# public HEADER: the functions it declares.
public()
{
	awk '
	/\/\*/ { comment = 1 }
	!comment && /^[a-z].*[a-z0-9_]\(/ && !/^typedef|^static const|__attribute__/ &&
		!/=/ { print }
	/\*\// { comment = 0 }
	' "$1"
}

check_headers()
{
	local file count offenders=''

	for file in common/*.h; do
		[ -f "$file" ] || continue
		count=$(public "$file" | grep -c .)
		[ "$count" -le 8 ] ||
			offenders+="$file: $count functions"$'\n'
	done
	verdict "a header of common/ has 8 public functions at most" "$offenders"
}

mapfile -t c < <(sources -name '*.[ch]')
check_functions
check_files
check_headers
finish
