#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The lists of files in the READMEs of common/ and headers/: a line a file, the
# first sentence of its first comment.

set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=template/lib.bash
. template/lib.bash
# shellcheck source=template/files.sh
. template/files.sh
export LC_ALL=C.UTF-8
BEGIN='# files: begin'
END='# files: end'

usage()
{
	cat <<-'END'
	usage: template/docs.sh [--check]

	Makes the lists of files in common/README.org and headers/README.org,
	between their lines "# files: begin" and "# files: end".

	  --check   change nothing, list what is stale

	Exit status: 0 well, 1 something is stale, or cannot be written, 2 a bad
	option, or a README without those two lines.
	END
}

# with_list FOLDER: its README.org with the list as it is now.
with_list()
{
	local line inside=''

	while IFS= read -r line; do
		[ "$line" != "$END" ] || inside=''
		[ -n "$inside" ] || printf '%s\n' "$line"
		if [ "$line" = "$BEGIN" ]; then
			inside=y
			echo '# Made by make docs from the first sentence of each file: do not edit.'
			echo '| file | what |'
			echo '|------+------|'
			(cd "$1" && file_rows ./*.[ch] ./*/*.[ch])
		fi
	done <"$1/README.org"
}

check=''
case $#:${1-} in
0:) ;;
1:--check) check=y ;;
1:-h | 1:--help)
	usage
	exit 0
	;;
*) die 2 "cannot make sense of '$*' (see --help)" ;;
esac

status=0
for folder in common headers; do
	readme=$folder/README.org
	[ "$(grep -xF -e "$BEGIN" -e "$END" "$readme" 2>/dev/null)" = "$BEGIN"$'\n'"$END" ] ||
		die 2 "'$readme' lacks a line '$BEGIN' or '$END'"
	text=$(with_list "$folder")
	[ "$text" != "$(<"$readme")" ] || continue
	if [ -n "$check" ]; then
		echo "$readme is stale: run make docs"
		status=1
	else
		printf '%s\n' "$text" >"$readme" || exit 1
		echo "wrote '$readme'"
	fi
done
exit "$status"
