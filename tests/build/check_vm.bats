#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What check-vm does before it starts a guest, and without one. What guests do
# is in tests/vm/vm.bats.

# bats file_tags=slow

load build

setup()
{
	CHECK_VM=$TOP/tests/vm/check-vm
	[ "$(id -u)" -eq 0 ] || skip "not root"
	[ -f "$TOP/config.mk" ] || skip "nothing is built here"
}

# without COMMAND: a PATH with all that there is but this one
without()
{
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s /usr/bin/* "$BATS_TEST_TMPDIR/bin"
	rm -f "$BATS_TEST_TMPDIR/bin/$1"
	! PATH=/usr/local/sbin:/usr/sbin:/sbin type -P "$1" >/dev/null ||
		skip "'$1' is in a folder for root here"
	PATH=$BATS_TEST_TMPDIR/bin
}

@test "a machine that lacks what a guest takes: a skip with the reason" {
	without qemu-system-x86_64
	KERNEL="6.1 newest" run -0 "$CHECK_VM"
	[ "${lines[-1]}" = "0 passed, 0 failed, 2 skipped" ]
	[[ ${lines[-2]} == "skipped: kernel newest: cannot start a guest: "* ]]
	if [ "$(uname -m)" = x86_64 ]; then
		has "skipped: kernel 6.1: cannot start a guest: no 'qemu-system-x86_64' here (install qemu-system-x86)"
	fi
}

@test "without network and cache: a skip with the reason" {
	"$TOP/tests/vm/boot" --check || skip "no guest can be started here"
	mkdir "$BATS_TEST_TMPDIR/cache"
	export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
	VM_CACHE=$BATS_TEST_TMPDIR/cache KERNEL=6.1 run -0 "$CHECK_VM"
	[[ ${lines[-2]} == "skipped: kernel 6.1: cannot fetch the package lists: "* ||
	   ${lines[-2]} == "skipped: kernel 6.1: no "* ]]
	[ "${lines[-1]}" = "0 passed, 0 failed, 1 skipped" ]
}

@test "no archive that apt names: a skip with the reason, and MIRROR is one" {
	"$TOP/tests/vm/boot" --check || skip "no guest can be started here"
	without apt-get
	# shellcheck disable=SC2016 # for the stand-in
	printf '#!/bin/sh\n[ "$1" = indextargets ] || { echo "$@"; cat %s; }\nexit 1\n' \
		"$BATS_TEST_TMPDIR/cache/apt/sources.list" >"$BATS_TEST_TMPDIR/bin/apt-get"
	chmod +x "$BATS_TEST_TMPDIR/bin/apt-get"
	export VM_CACHE=$BATS_TEST_TMPDIR/cache KERNEL=6.1
	run -0 "$CHECK_VM"
	[ "${lines[-2]}" = "skipped: kernel 6.1: apt names no archive of debian here (MIRROR=URL does)" ]
	[ "${lines[-1]}" = "0 passed, 0 failed, 1 skipped" ]
	MIRROR=http://127.0.0.1:9/all/ run -0 "$CHECK_VM"
	[[ ${lines[-2]} == "skipped: kernel 6.1: cannot fetch the package lists: "* ]]
	grep -q 'http://127.0.0.1:9/all/debian bookworm main' "$VM_CACHE/apt/sources.list"
	grep -q 'http://127.0.0.1:9/all/debian-security ' "$VM_CACHE/apt/sources.list"
}

@test "which release a name means" {
	releases='6.1.0-9-amd64 6.1.0-56-amd64 6.12.9+deb12-amd64
		6.12.117+deb12-amd64 7.0.13+deb13-amd64 6.18.5+deb13-amd64'
	. "$TOP/tests/vm/kernel.sh"
	# shellcheck disable=SC2086
	meant() { printf '%s\n' $releases | matching "$1"; }
	[ "$(meant 6.1)" = 6.1.0-56-amd64 ]
	[ "$(meant 6.12)" = 6.12.117+deb12-amd64 ]
	[ "$(meant 6.12.9)" = "" ]
	[ "$(meant 6.12.9+deb12)" = 6.12.9+deb12-amd64 ]
	[ "$(meant 6.1.0)" = 6.1.0-56-amd64 ]
	[ "$(meant newest)" = 7.0.13+deb13-amd64 ]
	[ "$(meant 6)" = 6.18.5+deb13-amd64 ]
	[ "$(meant 5.10)" = "" ]
}

# is LINE: it is what was printed
is()
{
	[ "$output" = "$1" ] || fail "expected: $1"
}

@test "bad arguments are told, and nothing is started" {
	# Also by a machine that could start nothing.
	without qemu-system-x86_64
	run -2 "$CHECK_VM" --wrong
	is "error: bad argument '--wrong' (see tests/vm/check-vm --help)"
	KERNEL=/nowhere/at/all run -2 "$CHECK_VM"
	is "error: no folder '/nowhere/at/all'"
	KERNEL=$BATS_TEST_TMPDIR run -2 "$CHECK_VM"
	[[ $output == "error: no kernel with its modules in '$BATS_TEST_TMPDIR'"* ]]
	KERNEL=first run -2 "$CHECK_VM"
	is "error: no kernel 'first': give a version, newest, or a folder"
	VM_TIMEOUT=soon run -2 "$CHECK_VM"
	is "error: VM_TIMEOUT is no number: 'soon'"
	CLANG_VM=clang-0 run -2 "$CHECK_VM"
	is "error: no 'clang-0' here to build with"
	run -2 "$TOP/tests/vm/boot" -t never -k 6.1 / true
	is "error: -t needs a number, not 'never' (see tests/vm/boot --help)"
	run -126 "$TOP/tests/vm/boot" -k 1.0 / true
	is "error: no kernel '1.0' in '/'"
}

@test "TESTS on make's command line is for the guests, not for what builds the tests" {
	for dir in unit progrun; do
		run -0 make -C "$TOP/tests/$dir" TESTS=basic01-xdp-pass/test.bats
	done
}
