#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Makes a program of one's own out of a lesson's, inside this tree: its main command
# and the objects, parts and headers which that uses, under new names. What says
# something about the lesson (README, needs, tests, demo) stays behind.

set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=template/lib.bash
. template/lib.bash

usage()
{
	cat <<-'END'
	usage: template/copy.sh LESSON[/COMMAND] NAME

	Makes the folder NAME at the top of the tree, with the lesson's main command, or
	COMMAND, and the kernel programs that it loads: my-filter gets my_filter_kern.c,
	my_filter_user.c, and the other files that they use. It builds, and its test.bats
	runs one packet through the program. LESSON is a folder, or how its name begins.
	NAME is letters, digits, '-', '_' and '.', and begins with a letter or a digit.

	Exit status: 0 made, 1 failure, 2 a LESSON, COMMAND or NAME that cannot be;
	nothing is left behind then.
	END
}

# find_folder: sets from, the one folder that is called so, or whose name begins so.
find_folder()
{
	local all found=() name

	all=$(make -s lessons own) || die 1 "cannot list the lessons"
	[ -n "$from" ] || die 2 "nothing to copy (FROM=basic03-map-counter)"
	for name in $all; do
		[ "$name" != "$from" ] || return 0
		[[ $name != "$from"* ]] || found+=("$name")
	done
	[ "${#found[@]}" -ne 0 ] || die 2 "no lesson '$from'; there is: ${all//$'\n'/, }"
	[ "${#found[@]}" -eq 1 ] || die 2 "'$from' may be ${found[*]}"
	from=${found[0]}
}

check_name()
{
	local form='^[A-Za-z0-9][A-Za-z0-9._-]*$'

	[ -n "$name" ] || die 2 "no name for the copy (TO=my-filter)"
	[[ $name =~ $form ]] || die 2 "cannot make '$name': \
a name is letters, digits, '-', '_' and '.', and begins with a letter or a digit"
	[ "${#name}" -le 40 ] || die 2 "cannot make '$name': longer than 40 characters"
	stem=${name,,}
	stem=${stem//[.-]/_}
}

# sources SUFFIX: the stems of the folder's files of that kind; those that its README
# names come first, in that order.
sources()
{
	{
		grep -o "file:[A-Za-z0-9_]*$1\.c\]" "$from/README.org" 2>/dev/null | sed 's/.*://; s/]$//'
		(cd "$from" && ls -- *"$1.c" 2>/dev/null)
	} | sed 's/\.c$//' | awk '!seen[$0]++'
}

# find_parts COMMAND: sets parts, the folder's files that the linker takes for it. A
# part that is built in two ways comes with both.
find_parts()
{
	local names name file

	parts=()
	ask "$from" "$work" uses-parts "COMMANDS=$1"
	names=$(sed -n 's/.*parts\.a(\(.*\)\.o).*/\1/p' "$work/$1.map" | sort -u)
	for name in $names; do
		for file in "$from/$name.c" "$from/${name%_*}"_{mhd,pcap,none}.c; do
			[ ! -f "$file" ] || parts+=("${file#"$from"/}")
		done
	done
	mapfile -t parts < <([ "${#parts[@]}" -eq 0 ] || printf '%s\n' "${parts[@]}" | sort -u)
}

# find_objects COMMAND: sets objects, the kernel programs that it or its parts name.
find_objects()
{
	local object file

	objects=()
	for object in $(sources _kern); do
		for file in "$1.c" ${parts[@]+"${parts[@]}"}; do
			! grep -qF "\"$object.o\"" "$from/$file" || {
				objects+=("$object")
				break
			}
		done
	done
}

# choose: sets command, parts and objects: the command that is asked for, or the first
# that loads the folder's first kernel program. That one leads objects.
choose()
{
	local main commands

	commands=$(sources _user)
	if [ -n "$command" ]; then
		[[ $'\n'$commands$'\n' == *$'\n'"$command"$'\n'* ]] ||
			die 2 "no command '$command' in '$from'; there is: ${commands//$'\n'/, }"
		find_parts "$command"
		find_objects "$command"
		[ "${#objects[@]}" -ne 0 ] ||
			die 2 "cannot copy '$from/$command': it loads no program of that folder"
		return
	fi
	main=$(sources _kern | head -n 1)
	for command in $commands; do
		find_parts "$command"
		find_objects "$command"
		[ "${objects[0]-}" != "$main" ] || return 0
	done
	die 2 "cannot copy '$from': no command of it loads '$main.o'"
}

# rename: standard input with the new names.
rename()
{
	sed -E "s/\b${objects[0]}\b/${stem}_kern/g; s/\b$command\b/${stem}_user/g"
}

# copy_files: all that the command and its objects consist of.
copy_files()
{
	local files file to

	files=$(ask "$from" "$work" uses-files "USER_SRC=$command.c" "PART_SRC=${parts[*]-}" \
		"KERN_SRC=${objects[*]/%/.c}" | sed 's/\\$//; s/^[^ ]*://' | tr -s ' ' '\n' |
		grep -v -e / -e '^$' | sort -u) || exit
	for file in Makefile $files "${parts[@]}"; do
		case $file in
		"${objects[0]}.c") to=${stem}_kern.c ;;
		"$command.c") to=${stem}_user.c ;;
		*) to=$file ;;
		esac
		if [[ $to != "$file" ]] && [ -e "$from/$to" ]; then
			die 2 "cannot make '$name': '$from' has another $to"
		fi
		rename <"$from/$file" >"$name/$to" || return
	done
}

# first_verdict: "PROGRAM VERDICT" of the first object's first program for the first
# packet of tests/packets/ordinary.pcap; nothing where the lesson states none.
first_verdict()
{
	[ -f "$from/verdicts.txt" ] || return 0
	awk -v object="${objects[0]}.o" '
	$1 == "object" { here = $2 == object }
	$1 == "program" { program = $2 }
	here && $1 == "ordinary" && $2 ~ /^(\*|1([,-]|$))/ {
		sub(/[\/:].*/, "", $3)
		print program, $3
		exit
	}' "$from/verdicts.txt"
}

# write_test: test.bats, of one packet.
write_test()
{
	local program verdict

	read -r program verdict <<<"$(first_verdict)"
	if [ -n "$program" ]; then
		sed -e "s/@STEM@/$stem/g; s/@PROGRAM@/$program/g; s/@VERDICT@/$verdict/g" \
			template/copy_verdict.bats.in
	elif is_lesson "$from"; then
		sed -e "s/@STEM@/$stem/g" template/copy_monitor.bats.in
	elif [ -f "$from/test.bats" ]; then
		rename <"$from/test.bats"
	else
		return 0
	fi >"$name/test.bats"
}

undo()
{
	[ -z "$made" ] || rm -rf "$made"
	[ -z "$work" ] || rm -rf "$work"
}

case $#:${1-} in
1:-h | 1:--help)
	usage
	exit 0
	;;
0:* | 1:* | 2:*) ;;
*) die 2 "a lesson and a name are wanted, not $# things (see --help)" ;;
esac

from=${1-} name=${2-} stem='' command='' made='' work='' parts=() objects=()
from=${from%/}
[[ $from != */* ]] || command=${from#*/}
from=${from%%/*}
find_folder
check_name

make_folder "$name" "'$name'"
work=$(mktemp -d) || die 1 "cannot make a temporary folder"
build_lesson "$from" "$work" copy
choose
if ! copy_files || ! write_test; then
	die 1 "cannot write the files of '$name'"
fi
made=''
printf "made '%s' from %s:\n" "$name" "$from/$command"
(cd "$name" && printf '  %s\n' -- * | tail -n +2)
cat <<END
go on there:
  cd $name && make
  ./${stem}_user --help
  sudo ../tests/run.sh --built test.bats
END
