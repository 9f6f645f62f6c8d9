# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What copy.sh, docs.sh, export.sh and new-lesson.sh share. They run at the top of the tree.

LC_ALL=C
# What make was called with is not meant for the makes below.
unset MAKEFLAGS MAKELEVEL MFLAGS CDPATH

# die STATUS TEXT: one line, whatever characters are in TEXT.
die()
{
	printf 'error: %s\n' "${2//[^[:print:]]/?}" >&2
	exit "$1"
}

# is_lesson NAME: what its needs and its README say is so of what is here, as far as we
# know. In a copy of a lesson the first line of needs names another folder.
is_lesson()
{
	[ "$(head -n 1 "$1/needs" 2>/dev/null)" = "# lesson $1" ]
}

# build_lesson NAME WORK VERB: what the linker is asked later has to be there.
build_lesson()
{
	local left_out

	if ! make -C "$1" >"$2/log" 2>&1; then
		cat "$2/log" >&2
		die 1 "cannot $3 '$1': it does not build (see above)"
	fi
	left_out=$(make -s -C "$1" skips | grep -F "left out: $1: ")
	[ -z "$left_out" ] || die 1 "cannot $3 '$1': ${left_out##*: }"
}

# ask NAME WORK TARGET [NAME=VALUE]...: what uses.mk finds out about the lesson.
ask()
{
	WORK=$2 make -s -C "$1" -f Makefile -f ../template/uses.mk "${@:3}" ||
		die 1 "cannot find out what '$1' uses (see above)"
}

# make_folder NAME WHAT: sets made; whoever makes the folder has the name. No signal
# comes between that and knowing whose it is: undo() of the caller removes it.
make_folder()
{
	local reason

	trap undo EXIT
	trap '' HUP INT TERM
	if ! reason=$(mkdir "$1" 2>&1); then
		if [ -e "$1" ] || [ -L "$1" ]; then
			die 2 "cannot make $2: it is there already"
		fi
		die 1 "cannot make folder '$1': ${reason##*: }"
	fi
	# shellcheck disable=SC2034 # the caller's
	made=$1
	trap 'exit 130' HUP INT TERM
}
