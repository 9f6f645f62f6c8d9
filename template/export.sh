#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Makes a folder of its own of one lesson, with the files of common/ and
# headers/ that it uses, which builds without the rest of this tree. What it
# uses is not guessed: compiler and linker are asked (template/uses.mk).

set -uo pipefail
TOP=$(cd "$(dirname "$0")/.." && pwd -P) || exit 1
# shellcheck source=template/lib.bash
. "$TOP/template/lib.bash"

usage()
{
	cat <<-'END'
	usage: template/export.sh LESSON FOLDER

	Builds the lesson and copies it to FOLDER, which is new or empty and
	outside of this tree, with exactly the helpers that it uses, a Makefile
	and a README.org of its own. There plain make builds it.

	Exit status: 0 done, 1 failure, 2 no such lesson, or a FOLDER that cannot
	be used; nothing is left behind then.
	END
}

refuse()
{
	die 2 "cannot export to '$folder': $1"
}

# check_lesson: it is one of those that make knows, or somebody's own.
check_lesson()
{
	local all

	all=$(make -s -C "$TOP" lessons own) || die 1 "cannot list the lessons"
	[[ -n $lesson && $'\n'$all$'\n' == *$'\n'"$lesson"$'\n'* ]] ||
		die 2 "no lesson '$lesson'; there is: ${all//$'\n'/, }"
}

# check_folder: sets dest, the path of the folder without symbolic links, and
# missing, the first part of it that has to be made.
check_folder()
{
	local path=$folder rest='' there

	[ -n "$folder" ] || die 2 "no folder to export to (DEST=folder)"
	[[ $path == /* ]] || path=$PWD/$path
	while [[ $path == *//* || $path == */ ]]; do
		path=${path//\/\//\/}
		path=${path%/}
		[ -n "$path" ] || refuse "it is not empty"
	done
	while [ ! -d "$path" ]; do
		if [ -e "$path" ] || [ -L "$path" ]; then
			refuse "'$path' is not a folder"
		fi
		rest=/${path##*/}$rest
		path=${path%/*}
		path=${path:-/}
	done
	[[ $rest/ != */../* && $rest/ != */./* ]] ||
		refuse "it has a '.' or '..' behind a folder that is not there"
	there=$(cd "$path" && pwd -P) || die 1 "cannot enter '$path'"
	dest=${there%/}$rest
	[[ $dest/ != "$TOP"/* ]] || refuse "it is inside of this tree"
	if [ -n "$rest" ]; then
		rest=${rest#/}
		missing=${there%/}/${rest%%/*}
	elif ! rest=$(ls -A "$dest" 2>/dev/null); then
		refuse "it cannot be read"
	elif [ -n "$rest" ]; then
		refuse "it is not empty"
	fi
}

# source_of: the source in common/ of each name of the input. A library knows no
# folders, and common/Makefile sees to it that a name stands there once.
source_of()
{
	local name file

	while IFS= read -r name; do
		file=$(cd common && find . -name "$name.c") || return
		[ -n "$file" ] && [[ $file != *$'\n'* ]] || return
		printf '../common/%s\n' "${file#./}"
	done
}

# find_members: the sources of what the commands take from libcommon.a.
find_members()
{
	local maps

	ask "$lesson" "$work" uses-members
	maps=("$work"/*_user.map)
	[ -f "${maps[0]}" ] || return 0
	grep -ho 'libcommon\.a([^)]*\.o)' "${maps[@]}" |
		sed 's|.*(\(.*\)\.o)|\1|' | sort -u | source_of ||
		die 1 "cannot find out what '$lesson' uses: \
the linker's map does not say"
}

# find_files: the lesson's files and the tree's that they include, as paths
# from the lesson. Absolute ones belong to the system.
find_files()
{
	ask "$lesson" "$work" uses-files EXTRA_SRC="${*//$'\n'/ }" | sed 's/\\$//; s/^[^ ]*://' |
		tr -s ' ' '\n' | grep -v -e '^/' -e '^$' | sort -u
}

# copy: the files to $work/out, at the places where they will be.
copy()
{
	local file members files

	members=$(find_members) || exit
	files=$(find_files "$members") && [ -n "$files" ] || exit 1
	mkdir "$work/out" "$work/out/LICENSES" || exit
	while IFS= read -r file; do
		case $file in
		../common/* | ../headers/*)
			mkdir -p "$work/out/$(dirname "${file#../}")" &&
				cat "$TOP/${file#../}" >"$work/out/${file#../}"
			;;
		*/*) die 1 "cannot export '$lesson': it uses '$file'" ;;
		*) cat "$TOP/$lesson/$file" >"$work/out/$file" ;;
		esac || exit
	done <<<"$files"
	if is_lesson "$lesson"; then
		cat "$lesson/needs" >"$work/out/needs" || exit
	fi
	for file in LICENSE LICENSES/*; do
		cat "$file" >"$work/out/$file" || exit
	done
}

# write_makefile: the lesson's own, with all of it instead of an include.
write_makefile()
{
	local include='include ../common/common.mk'

	grep -qx "$include" "$lesson/Makefile" ||
		die 1 "cannot export '$lesson': its Makefile lacks '$include'"
	# Its license stands there already.
	sed 1d template/export.mk >"$work/export.mk" &&
		sed "\\|^$include\$|{
			r $work/export.mk
			d
		}" "$lesson/Makefile" >"$work/out/Makefile"
}

export_rows()
{
	echo '| =Makefile= | builds it; finds files by their endings |'
	[ ! -f needs ] ||
		echo '| =needs= | what it needs of the kernel, and what for |'
	file_rows ./*_kern.c ./*_user.c ./*.[ch] headers/*.h common/*.[ch] common/*/*.[ch]
}

# package_rows: for each distribution what installs all that make needs (llc
# and llvm-objdump, which ./configure looks for, are not used here), and ip.
package_rows()
{
	local manager names

	echo '| distribution | install with |'
	echo '|--------------+--------------|'
	for manager in apt:'Debian, Ubuntu' dnf:Fedora pacman:Arch \
		zypper:openSUSE apk:Alpine; do
		names=$(OS_RELEASE=/dev/null package_column "${manager%%:*}" |
			awk -v needs=" $needs " '
			($1 == "build" && $2 != "llvm") || $2 == "iproute2" ||
			index(needs, " " $2 " ") { print $4 }' |
			sort -u | tr '\n' ' ')
		printf '| %s | =%s %s= |\n' "${manager#*:}" \
			"$(install_command "${manager%%:*}")" "${names% }"
	done
}

# example COMMAND...: how the first that needs an interface is run on try0.
example()
{
	local command

	for command in "$@"; do
		if "$lesson/$command" --help 2>/dev/null | grep -e --dev >/dev/null; then
			echo "./$command --dev try0"
			return
		fi
	done
	echo "./${1-}"
}

# kernel_lines: what the lesson's README has of its file needs, and an empty
# line behind it; nothing where that is nothing. On which kernels its tests passed is
# not said: what is exported is going to be changed.
kernel_lines()
{
	is_lesson "$lesson" && [ -f "$lesson/README.org" ] || return 0
	awk '
	/^# needs: end$/ || (inside && some && !NF && ++blanks == 2) { exit }
	inside && !/^#/ && (some || /^Wanted/) { print; some = 1 }
	/^# needs: begin$/ { inside = 1 }
	END { if (some) print "" }' "$lesson/README.org"
}

# write_readme: export.org, with what is known of this lesson.
write_readme()
{
	local line file objects='' object='' commands=() run kernel='' origin=''

	for file in "$lesson"/*_kern.c; do
		[ -f "$file" ] || continue
		file=${file##*/}
		object=${object:-${file%.c}.o}
		objects+="${objects:+, }=${file%.c}.o="
	done
	for file in "$lesson"/*_user.c; do
		[ -f "$file" ] || continue
		file=${file##*/}
		commands+=("${file%.c}")
	done
	if is_lesson "$lesson"; then
		origin=": the lesson =$lesson= of a tutorial"
		kernel=', and of the kernel what [[file:needs][needs]] lists'
	fi
	run=$(example "${commands[@]-}")
	while IFS= read -r line; do
		line=${line//@LESSON@/$lesson}
		line=${line//@ORIGIN@/$origin}
		line=${line//@NEEDS@/${needs:+, and ${needs// / and }}}
		line=${line//@KERNEL@/$kernel}
		line=${line//@OBJECTS@/$objects}
		line=${line//@OBJECT@/$object}
		line=${line//@RUN@/$run}
		case $line in
		@PACKAGES@) package_rows ;;
		@WANTED@) kernel_lines ;;
		@FILES@) (cd "$work/out" && export_rows) ;;
		@HELP@) printf './%s --help\n' "${commands[@]-}" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done <template/export.org >"$work/out/README.org"
}

# deliver: all or nothing.
deliver()
{
	delivering=y
	if ! mkdir -p "$dest" 2>"$work/log" ||
	   ! cp -R "$work/out/." "$dest/" 2>>"$work/log"; then
		die 1 "cannot write '$dest': $(sed 's/.*: //; 1q' "$work/log")"
	fi
	delivering=
}

undo()
{
	if [ -n "$delivering" ] && [ -n "$missing" ]; then
		rm -rf "$missing"
	elif [ -n "$delivering" ]; then
		find "$dest" -mindepth 1 -delete
	fi
	[ -z "$work" ] || rm -rf "$work"
}

case $#:${1-} in
1:-h | 1:--help)
	usage
	exit 0
	;;
0:* | 1:* | 2:*) ;;
*) die 2 "a lesson and a folder are wanted, not $# things (see --help)" ;;
esac

lesson=${1-} folder=${2-} dest='' missing='' work='' delivering=''
lesson=${lesson%/}
check_lesson
check_folder

trap undo EXIT
trap 'exit 130' HUP INT TERM
work=$(mktemp -d) || die 1 "cannot make a temporary folder"
cd "$TOP" || exit 1
# shellcheck source=packages.sh disable=SC1091
. ./packages.sh
# shellcheck source=template/files.sh
. template/files.sh
build_lesson "$lesson" "$work" export
needs=$(ask "$lesson" "$work" uses-needs) || exit
copy
if ! write_makefile || ! write_readme; then
	die 1 "cannot export '$lesson': its files cannot be written"
fi
deliver
printf "exported '%s' to '%s'; go on there:\n  README.org\n" "$lesson" "$dest"
