#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# No shell file, whatever its name, has anything that shellcheck minds.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

shell_files()
{
	local file first

	while IFS= read -r file; do
		case $file in
		*.sh | *.bash | *.bats)
			printf '%s\n' "$file"
			continue
			;;
		esac
		IFS= read -r first <"$file"
		case $first in
		'#!'*sh | '#!'*sh\ * | '#!'*bats) printf '%s\n' "$file" ;;
		esac
	done < <(sources -name '*')
}

check_files()
{
	in_parallel shellcheck -x -P SCRIPTDIR -f gcc "$@"
}

# bats sets variables of its own, and runs each test in a subshell.
if ! lacks shellcheck shellcheck; then
	verdict "shellcheck" "$(shell_files | grep -v '\.bats$' | check_files
		shell_files | grep '\.bats$' |
			check_files -e SC2030,SC2031,SC2154)"
fi
finish
