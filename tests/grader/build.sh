#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Builds built/LESSON/NN-name/{starter,solution,WRONG}: each assignment's starter, its
# solution, and what each WRONG.sed makes of that. Nothing is done where nothing is newer.

set -u
export LC_ALL=C
cd "$(dirname "$0")" || exit 1
TOP=../..
unset MAKEFLAGS MAKELEVEL MFLAGS

# is_new: has anything changed since all was built?
is_new()
{
	[ -f built/.done ] || return 0
	[ -n "$(find $TOP/*/assignments $TOP/solutions . $TOP/headers $TOP/common $TOP/grader \
		$TOP/config.mk -path ./built -prune -o -newer built/.done \
		\( -name '*.[ch]' -o -name '*.sed' -o -name '*.mk' \) -print -quit)" ]
}

# variant FOLDER NAME [SED]: the sources of FOLDER as built/NAME, changed by SED.
variant()
{
	rm -rf "built/$2"
	mkdir -p "built/$2" && cp "$1"/*.[ch] "built/$2/" || return
	[ -z "${3-}" ] || sed -i -E -f "$3" "built/$2"/*.c
	printf '%s\n' "$2"
}

all_variants()
{
	local assignment lesson name wrong

	for assignment in "$TOP"/*/assignments/*/README.org; do
		[ -f "$assignment" ] || continue
		assignment=${assignment%/*}
		name=${assignment##*/}
		lesson=${assignment%/assignments/*}
		lesson=${lesson##*/}
		variant "$assignment" "$lesson/$name/starter"
		variant "$TOP/solutions/$lesson/$name" "$lesson/$name/solution"
		for wrong in "$lesson/$name"/*.sed; do
			[ ! -f "$wrong" ] || {
				wrong=${wrong##*/}
				variant "$TOP/solutions/$lesson/$name" \
					"$lesson/$name/${wrong%.sed}" "$lesson/$name/$wrong"
			}
		done
	done
}

is_new || exit 0
mkdir -p built
make -s -C $TOP/common || exit
# One after the other a hundred would take long. Each line is a folder of three names.
# shellcheck disable=SC2016 # for the inner shell
all_variants | xargs -P "$(nproc)" -I '{}' sh -c '
	make -s -C "built/$1" -f ../../../../../../grader/answer.mk DEEPER=../../../ \
		LESSON_DIR="../../../../../../${1%%/*}" ANSWER="$1" >"built/$1/log" 2>&1 ||
		{ echo "$1 does not build:"; cat "built/$1/log"; exit 255; }' sh '{}' || exit 1
touch built/.done
