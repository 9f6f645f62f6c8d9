# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What the tests of the build share. Each works on a copy of the sources in
# a folder whose path has a space, never on the tree it was started from.

TOP=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
bats_require_minimum_version 1.5.0
unset CC CLANG LLC LLVM_OBJDUMP PKG_CONFIG BPFTOOL EXTRA_CFLAGS OS_RELEASE
unset MAKEFLAGS MAKELEVEL MFLAGS SUDO_UID SUDO_GID DEBIAN_FRONTEND

# copy_sources DIR: the sources without anything built, and without git.
copy_sources()
{
	local own

	mkdir -p "$1"
	# Without what somebody has made here, which may not even build.
	mapfile -t own < <(make -s -C "$TOP" own | sed 's|^|--exclude=./|')
	tar -C "$TOP" "${own[@]}" --exclude='./answers/[a-z]*' --exclude=./tests/grader/built \
		--exclude=./.git --exclude=config.mk --exclude='*.[oda]' \
		--exclude='*_user' --exclude='*.ll' -c . | tar -C "$1" -x
	make -s -C "$1" clean >/dev/null
}

# lessons DIR: the lessons that are there, one a line.
lessons()
{
	make -s -C "$1" lessons
}

# files DIR: every file below it and the time it was last changed.
files()
{
	(cd "$1" && find . -type f -printf '%p %T@\n' | sort)
}

# contents DIR: every file below it and its checksum.
contents()
{
	(cd "$1" && find . -type f -exec md5sum {} + | sort -k 2)
}

# script FILE: makes an executable of what is on standard input.
script()
{
	mkdir -p "$(dirname "$1")"
	cat >"$1"
	chmod +x "$1"
}

# fail TEXT...: what bats shows of a test that failed.
fail()
{
	printf '%s\n' "$@" "status: ${status-}" "output:" "${output-}" >&2
	return 1
}

# has TEXT / has_no TEXT: whether $output has it.
has()
{
	[[ $output == *"$1"* ]] || fail "expected: $1"
}

has_no()
{
	[[ $output != *"$1"* ]] || fail "unexpected: $1"
}

# exits N: the exit status of the last run.
exits()
{
	[ "$status" -eq "$1" ] || fail "expected status $1"
}

# refused STATUS TEXT: so the last run ended, which had --separate-stderr: with one line
# that says TEXT, and nothing else.
refused()
{
	exits "$1"
	[ -z "$output" ] || fail "it said something"
	# shellcheck disable=SC2154 # bats sets them
	if [ "${#stderr_lines[@]}" -ne 1 ] || [[ $stderr != "error: "*"$2"* ]]; then
		fail "standard error:" "$stderr"
	fi
}
