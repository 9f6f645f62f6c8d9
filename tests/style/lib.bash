# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What the style checks share: the tree's files, and TAP. A check collects
# what offends it, one thing a line, and hands that to verdict.

set -u
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

tap_count=0
tap_failed=0

# lesson_folders: those whose file needs says so, and the skeleton of new ones.
lesson_folders()
{
	awk 'FNR == 1 && $2 == "lesson" && FILENAME == $3 "/needs" { print $3 }' \
		[!.]*/needs /dev/null
}

# own_folders: those with a kernel side that are no lessons: copies, and whatever
# somebody has made here. Their style is theirs.
own_folders()
{
	local file

	for file in [!.]*/*_kern.c; do
		case $file in
		'[!.]*'* | testenv/* | tests/* | common/* | headers/* | bench/*) ;;
		*) printf '%s\n' "${file%%/*}" ;;
		esac
	done | sort -u | grep -vxF "$(lesson_folders)"
}

# sources [FIND TEST]...: the text files of the tree, without git's own and
# what the build makes; a line each, as a path without "./".
sources()
{
	local file own=(-o -path ./answers -o -path ./tests/grader/built)

	while IFS= read -r file; do
		own+=(-o -path "./$file")
	done < <(own_folders)
	find . \( -name .git -o -name __pycache__ "${own[@]}" \) -prune -o \
		-type f ! -name '*.[oad]' ! -name '*.ll' ! -name '*.skel.h' \
		! -name config.mk ! -path ./tests/.failed "$@" -print | sed 's|^\./||' | sort |
		while IFS= read -r file; do
			# -I: a file with binary bytes has no lines.
			! grep -Iq '' "$file" || printf '%s\n' "$file"
		done
}

# is_draft LESSON: as `make new-lesson` makes it, its text still to be written.
is_draft()
{
	grep -qs '^#+FILETAGS: :draft:$' "$1/README.org"
}

# verdict NAME [OFFENDERS]: the result of a check; none is a pass.
verdict()
{
	local line

	tap_count=$((tap_count + 1))
	if [ -z "${2-}" ]; then
		printf 'ok %d %s\n' "$tap_count" "$1"
		return
	fi
	tap_failed=1
	printf 'not ok %d %s\n' "$tap_count" "$1"
	while IFS= read -r line; do
		printf '# %s\n' "$line"
	done <<<"${2%$'\n'}"
}

# note NAME [LINES]: worth a look, but neither a test nor a failure. Shows the
# first ten lines, or as many as NOTES in the environment says.
note()
{
	local lines most=${NOTES:-10}

	[ -n "${2-}" ] || return 0
	mapfile -t lines <<<"${2%$'\n'}"
	printf '# note: %s: %d\n' "$1" "${#lines[@]}"
	printf '#   %s\n' "${lines[@]:0:$most}"
	[ "${#lines[@]}" -le "$most" ] ||
		printf '#   ... and %d more\n' "$((${#lines[@]} - most))"
}

# lacks COMMAND PACKAGE: fails the check if the command is not there.
lacks()
{
	! type -P "$1" >/dev/null || return 1
	verdict "$1" "no '$1' here: install the package $2"
}

finish()
{
	printf '1..%d\n' "$tap_count"
	exit "$tap_failed"
}

# in_parallel COMMAND...: runs it on each line of its input, several at once;
# prints what they say, each in one piece. None fails without a word.
in_parallel()
{
	# shellcheck disable=SC2016 # for the inner shell
	tr '\n' '\0' | xargs -0 -r -n 1 -P "$(nproc)" bash -c '
		said=$("$@" 2>&1) || : "${said:="${*: -1}: exit status $?"}"
		[ -z "$said" ] || printf "%s\n" "$said"' run "$@" 2>&1
}

# setting NAME: a value of config.mk.
setting()
{
	[ -f config.mk ] || ./configure >/dev/null || return
	sed -n "s/^$1 := *//p" config.mk
}
