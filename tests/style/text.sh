#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What holds for every text file of the tree.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

check_licence()
{
	local file offenders=''

	for file in "${all[@]}"; do
		case $file in
		LICENSE | LICENSES/*) continue ;;
		esac
		head -n 5 "$file" | grep -q \
			'SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause' ||
			offenders+="$file"$'\n'
	done
	verdict "every file names its licence" "$offenders"
}

check_lines()
{
	verdict "no blanks at the end of a line" \
		"$(grep -nE '[[:blank:]]+$' "${all[@]}" /dev/null)"
	verdict "no carriage returns" "$(grep -lF $'\r' "${all[@]}")"

	local file offenders=''
	for file in "${all[@]}"; do
		[ -z "$(tail -c 1 "$file" | tr -d '\n')" ] ||
			offenders+="$file"$'\n'
	done
	verdict "every file ends with a newline" "$offenders"
}

# A bats file has its shebang for editors; bats runs it.
check_executables()
{
	local file offenders='' first

	for file in "${all[@]}"; do
		[[ $file != *.bats ]] || continue
		IFS= read -r -n 2 first <"$file" || true
		if [ -x "$file" ] && [ "$first" != '#!' ]; then
			offenders+="$file: executable, but without #!"$'\n'
		elif [ ! -x "$file" ] && [ "$first" = '#!' ]; then
			offenders+="$file: has #!, but is not executable"$'\n'
		fi
	done
	verdict "scripts are executable, and nothing else" "$offenders"
}

check_length()
{
	local offenders

	offenders=$(for file in "${c[@]}"; do
		expand "$file" | awk -v file="$file" '
			length > 100 {
				print file ":" NR ": " length " columns"
			}'
	done)
	verdict "100 columns in C at most" "$offenders"
}

check_spelling()
{
	! lacks codespell codespell || return
	verdict "codespell" "$(codespell "${all[@]}" 2>&1)"
}

mapfile -t all < <(sources)
mapfile -t c < <(sources -name '*.[ch]')

check_licence
check_lines
check_executables
check_length
verdict "no code left behind in #if 0" \
	"$(grep -nE '^[[:blank:]]*#[[:blank:]]*if[[:blank:]]+0\b' "${c[@]}" /dev/null)"
check_spelling
finish
