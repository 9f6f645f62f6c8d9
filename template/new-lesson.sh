#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Makes a new lesson from the skeleton beside this script: it builds, and
# passes its test and its README, before anything in it is changed.

set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=template/lib.bash
. template/lib.bash
SKELETON=(Makefile README.org needs test.bats xdp_stem_kern.c xdp_stem_user.c)

usage()
{
	cat <<-'END'
	usage: template/new-lesson.sh NAME

	Makes the lesson NAME, a folder at the top of the tree: packet05-foo gets
	xdp_foo_kern.c, built as xdp_foo_kern.o, and xdp_foo_user.c, built as the
	command xdp_foo_user. NAME is letters, two digits, '-' and a name.

	Exit status: 0 made, 1 failure, 2 NAME is missing, bad or there already;
	nothing is left behind then.
	END
}

check_name()
{
	local form='^[A-Za-z]+[0-9][0-9]-[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$'

	[ -n "$1" ] || die 2 "no name for the lesson (NAME=packet05-foo)"
	[[ $1 =~ $form ]] || die 2 "cannot make lesson '$1': \
a name is letters, two digits, '-' and letters or digits (packet05-foo); \
for a program of your own, under any name: make copy FROM=LESSON TO=NAME"
	[ "${#1}" -le 40 ] ||
		die 2 "cannot make lesson '$1': longer than 40 characters"
}

# fill NAME: the skeleton's files, with its names in them. Long ones make a line
# of more than 100 columns, which is broken as clang-format does.
fill()
{
	local part=${1%%-*} stem=xdp_${1#*-} short file

	stem=${stem,,}
	stem=${stem//-/_}
	short=${part::1}${part: -2} # names the lab of its test
	for file in "${SKELETON[@]}"; do
		sed -e "s/t00/${short,,}/g; s/template00/$part/g; s/xdp_stem/$stem/g" \
			-e "s/^# lesson template\$/# lesson $1/" \
			-e '/^.\{94\}/ s/^\(\terr = attach_open(.*,\) /\1\n\t\t\t  /' \
			"template/$file" >"$1/${file/xdp_stem/"$stem"}" ||
			return
	done
}

undo()
{
	[ -z "$made" ] || rm -rf "$made"
}

case $#:${1-} in
1:-h | 1:--help)
	usage
	exit 0
	;;
0:* | 1:*) ;;
*) die 2 "one name is wanted, not $# (see --help)" ;;
esac

name=${1-}
made=''
check_name "$name"

make_folder "$name" "lesson '$name'"
fill "$name" || die 1 "cannot write the files of '$name'"
made=''
printf "made '%s', which works as it is:\n" "$name"
printf '  cd %s && make\n  sudo ../tests/run.sh test.bats README.org\n' "$name"
