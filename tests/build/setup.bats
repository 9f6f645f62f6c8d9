#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# ./setup.sh and .ci/run, in a tree where the package managers, make and
# configure are stubs that write down how they were called.
#
# shellcheck disable=SC2016 # the stubs' variables are not ours
# shellcheck disable=SC2030,SC2031 # each test has its own variables

# bats file_tags=slow

load build

# setup.sh looks into sbin by itself: what is there cannot be hidden.
IN_SBIN='bpftool|kmod|ethtool|tcpdump|xdp-tools|bpf|linux-tools-generic|iproute.?-tc'

setup()
{
	tree="$BATS_TEST_TMPDIR/a tree"
	export FAKE="$BATS_TEST_TMPDIR/fake machine"
	mkdir -p "$tree/tests" "$FAKE"
	cp "$TOP/setup.sh" "$TOP/packages.sh" "$tree"
	cd "$tree" || return
	touch "$FAKE/log" "$FAKE/installed" "$FAKE/unavailable"
	export OS_RELEASE="$FAKE/os-release"
	make_stubs
	distribution debian
}

# setup_sh ARGUMENTS...: setup.sh on the fake machine.
setup_sh()
{
	PATH=$FAKE/bin "$tree/setup.sh" "$@"
}

# A PATH with what any system has, and stubs for what this is about.
make_stubs()
{
	local name

	mkdir "$FAKE/bin"
	for name in awk bash cat chmod chown dirname env find grep id nproc \
		sed sh sort tail touch tr true; do
		ln -s "$(type -P $name)" "$FAKE/bin/$name"
	done
	cp "$BATS_TEST_DIRNAME/fake-manager" "$FAKE/fake-manager"
	printf '#!/bin/sh\necho "configure $*" >>"$FAKE/log"\n%s\n' \
		'touch config.mk' | script configure
	printf '#!/bin/sh\necho "run.sh $*" >>"$FAKE/log"\n%s\n%s\n' \
		'echo "3 passed, ${FAILED:-0} failed, 0 skipped"' \
		'exit ${FAILED:-0}' | script tests/run.sh
}

# distribution ID: makes the machine one of these, with nothing installed.
distribution()
{
	local name

	echo "ID=$1" >"$OS_RELEASE"
	: >"$FAKE/log"
	: >"$FAKE/installed"
	rm -f "$FAKE/bin"/{apt-get,dpkg-query,dnf,zypper,rpm,pacman,apk}
	case $1 in
	debian | ubuntu) set -- apt-get dpkg-query ;;
	fedora) set -- dnf rpm ;;
	arch) set -- pacman ;;
	opensuse-leap) set -- zypper rpm ;;
	alpine) set -- apk ;;
	esac
	for name in "$@"; do
		ln -s ../fake-manager "$FAKE/bin/$name"
	done
	# Commands that came with packages of another distribution.
	for name in cc clang llc mount bats shellcheck codespell clang-format \
		valgrind python3 nc jq strace curl tcpdump tc; do
		rm -f "$FAKE/bin/$name"
	done
	[ -e "$FAKE/bin/make" ] || stub_make
}

# make is a stub all the time; that it is installed is another thing.
stub_make()
{
	printf '#!/bin/sh\necho "make $*" >>"$FAKE/log"\n%s\n' \
		'case "$*" in *demo*) exit ${DEMO:-0} ;; esac' |
		script "$FAKE/bin/make"
}

# names GROUP...: the table's packages in these groups, for this distribution.
names()
{
	(
		. ./packages.sh
		package_column "$(package_manager)" |
			grep -E "^($(tr ' ' '|' <<<"$*")) " |
			grep -vE ' cmd:(make|bash) ' | sed 's/.* //'
	) | grep -vxE "$IN_SBIN" | sort -u
}

installed()
{
	grep -vxE "$IN_SBIN" "$FAKE/installed" | sort -u
}

log()
{
	cat "$FAKE/log"
}

# log_line REGEX: the number of the first line of the log that matches.
log_line()
{
	grep -nE -m 1 "$1" "$FAKE/log" | cut -d : -f 1
}

# calls: what was done beside configure, make and the tests.
calls()
{
	grep -vE '^(configure|make|run.sh) ' "$FAKE/log" || true
}

@test "help and bad arguments" {
	run -0 setup_sh help
	has "./setup.sh check"
	run -0 setup_sh --help
	for bad in foo -x "check more" ""; do
		# shellcheck disable=SC2086 # two words are two arguments
		run -2 setup_sh ${bad:-""}
		has "error: bad argument '$bad'"
		[ "${#lines[@]}" -eq 1 ]
	done
	[ -z "$(log)" ]
}

@test "a fresh machine: each manager installs what is missing, and asks nothing" {
	while read -r id command; do
		distribution "$id"
		run -0 setup_sh
		[ "$(installed)" = "$(names build run optional lesson)" ] ||
			fail "$id" "$(diff <(installed) <(names build run optional lesson))"
		log | grep -qF -- "$command" || fail "$id: $command" "$(log)"
		! log | grep -F "STDIN" || fail "$id: it could have asked"
		if [ "$id" = debian ]; then
			log | grep "frontend=noninteractive"
		fi
	done <<-END
		debian apt-get install -y --no-install-recommends
		fedora dnf install -y
		arch pacman -S --needed --noconfirm
		opensuse-leap zypper --non-interactive install
		alpine apk add --no-interactive
	END
}

@test "first packages, then configure, make and the demo" {
	run -0 setup_sh
	[ "$(log_line '^apt-get.* update')" -lt "$(log_line '^apt-get install')" ]
	[ "$(log_line '^apt-get install')" -lt "$(log_line '^configure')" ]
	[ "$(log_line '^configure')" -lt "$(log_line '^make -j')" ]
	[ "$(log_line '^make -j')" -lt "$(log_line '^make demo')" ]
	run -1 grep run.sh "$FAKE/log"
}

@test "each step is announced in a line before it is taken" {
	printf '#!/bin/sh\necho "I am configure"\n' | script configure
	run -0 setup_sh
	before=
	for line in "${lines[@]}"; do
		case $line in
		"I am "*) [[ $before == "==> "* ]] || fail "not said: $line" ;;
		esac
		before=$line
	done
	has "I am apt-get"
	has "==> installing "
	has "==> building"
	has "make demo"
}

@test "a second run installs nothing and stays off the network" {
	for id in debian fedora arch opensuse-leap alpine; do
		distribution "$id"
		for how in "" check check-all; do
			# shellcheck disable=SC2086
			setup_sh $how >/dev/null 2>&1
			: >"$FAKE/log"
			# shellcheck disable=SC2086
			run -0 setup_sh $how
			[ -z "$(calls)" ] || fail "$id $how:" "$(calls)"
			has "packages: all are there"
		done
	done
}

@test "only what is missing is installed" {
	setup_sh >/dev/null
	grep -vx libxdp-dev "$FAKE/installed" >"$FAKE/kept"
	cp "$FAKE/kept" "$FAKE/installed"
	rm "$FAKE/bin/clang"
	: >"$FAKE/log"
	run -0 setup_sh
	[ "$(log | grep -c '^apt-get install')" -eq 1 ]
	log | grep -x "apt-get install -y --no-install-recommends clang libxdp-dev"
}

@test "what the environment names, or has a version in its name, is there" {
	setup_sh >/dev/null
	rm "$FAKE/bin/clang" "$FAKE/bin/llc" "$FAKE/bin/cc"
	echo true | script "$FAKE/bin/llc-19"
	: >"$FAKE/log"
	CC=my-cc CLANG=/opt/clang run -0 setup_sh
	[ -z "$(calls)" ] || fail "$(calls)"
}

@test "check: the packages of the tests too, and the tests have the last word" {
	run -0 setup_sh check
	[ "$(installed)" = "$(names build run optional lesson test)" ] ||
		fail "$(diff <(installed) <(names build run optional lesson test))"
	[ "${lines[${#lines[@]} - 1]}" = "3 passed, 0 failed, 0 skipped" ]
	[ "$(log_line '^make .*tests-build')" -lt "$(log_line '^run.sh')" ]
	run -1 grep "make demo" "$FAKE/log"
	FAILED=1 run -1 setup_sh check
	[ "${lines[${#lines[@]} - 1]}" = "3 passed, 1 failed, 0 skipped" ]
}

@test "check-all and --only-failed: what tests/run.sh is told" {
	run -0 setup_sh check
	[ "$(log_line '^run.sh $')" ]
	run -0 setup_sh check-all
	[ "$(log_line '^run.sh --all$')" ]
	run -0 setup_sh check --only-failed
	[ "$(log_line '^run.sh --only-failed$')" ]
	for bad in "check --all" "check-all --only-failed" "check-vm --only-failed"; do
		# shellcheck disable=SC2086
		run -2 setup_sh $bad
		has "error: bad argument '$bad'"
	done
}

@test "check-vm: the packages of guests too, and its tests have the last word" {
	mkdir -p tests/vm
	printf '#!/bin/sh\necho "check-vm $KERNEL $TESTS" >>"$FAKE/log"\n%s\n' \
		'echo "5 passed, 0 failed, 1 skipped"' | script tests/vm/check-vm
	KERNEL=6.1 TESTS=progrun run -0 setup_sh check-vm
	[ "$(installed)" = "$(names build run optional lesson test vm)" ] ||
		fail "$(diff <(installed) <(names build run optional lesson test vm))"
	[ "${lines[${#lines[@]} - 1]}" = "5 passed, 0 failed, 1 skipped" ]
	[ "$(log_line '^make .*tests-build')" -lt "$(log_line '^check-vm 6.1 progrun')" ]
	run -1 grep -E "run.sh|make demo" "$FAKE/log"
}

@test "a package that is not to be had: fatal if required, else a warning" {
	echo shellcheck >"$FAKE/unavailable"
	run -0 setup_sh check
	has "warning: cannot install 'shellcheck'"
	[ "$(installed)" = "$(names build run optional lesson test | grep -vx shellcheck)" ]
	distribution debian
	echo libxdp-dev >"$FAKE/unavailable"
	run -1 setup_sh
	has "error: cannot install "
	[ -z "$(log_line '^(configure|make)')" ]
}

@test "package lists that cannot be fetched are no reason to give up" {
	NO_LISTS=1 run -0 setup_sh
	has "warning: cannot fetch"
	[ "$(installed)" = "$(names build run optional lesson)" ]
}

@test "an unknown distribution: the list, status 1, nothing done" {
	distribution plan9
	run -1 setup_sh
	has "unknown distribution 'plan9'"
	has "libxdp (Debian: libxdp-dev)"
	has "iproute2"
	has_no "shellcheck"
	run -1 setup_sh check
	has "shellcheck"
	[ -z "$(log)" ]
}

@test "failures of configure, make and the demo are failures" {
	DEMO=3 run -1 setup_sh
	has "error: the demo failed"
	printf '#!/bin/sh\nexit 1\n' | script configure
	: >"$FAKE/log"
	run -1 setup_sh
	[ -z "$(log_line '^make')" ]
	printf '#!/bin/sh\n' | script configure
	printf '#!/bin/sh\nexit 2\n' | script "$FAKE/bin/make"
	run -1 setup_sh
	has "error: the build failed"
}

# I am UID: the machine has a user of this number at work.
i_am()
{
	rm -f "$FAKE/bin/id"
	printf '#!/bin/sh\necho %s\n' "$1" | script "$FAKE/bin/id"
}

@test "root needs no sudo; others get one line without one" {
	i_am 0
	run -0 setup_sh
	i_am 1000
	distribution debian
	run -1 setup_sh
	[ "$output" = "error: must be root: there is no sudo here, log in as root" ]
	# One that would ask for a password is not used.
	printf '#!/bin/sh\nexit 1\n' | script "$FAKE/bin/sudo"
	run -1 setup_sh
	[ "$output" = "error: must be root: run it as 'sudo ./setup.sh'" ]
	[ -z "$(log)" ]
}

@test "others use a sudo that asks nothing, for what needs it only" {
	i_am 1000
	script "$FAKE/bin/sudo" <<-'END'
		#!/bin/sh
		[ "$1" = -n ] || exit 1
		shift
		echo "sudo $*" >>"$FAKE/log"
		exec "$@"
	END
	run -0 setup_sh
	log | grep "^sudo env DEBIAN_FRONTEND=noninteractive apt-get install"
	log | grep -x "sudo make demo"
	run -1 grep -E "^sudo .*(configure|make -j)" "$FAKE/log"
}

@test "what sudo makes in a user's tree is the user's" {
	[ "$(id -u)" = 0 ] || skip "only root can give files away"
	chown -R 1234:1234 "$tree"
	SUDO_UID=1234 SUDO_GID=1234 run -0 setup_sh
	[ -z "$(find . ! -user 1234)" ] || fail "$(find . ! -user 1234)"
	# In root's own tree nothing changes.
	chown -R 0:0 "$tree"
	SUDO_UID=1234 SUDO_GID=1234 run -0 setup_sh
	[ -z "$(find . -user 1234)" ]
}

@test "works from another folder, and reads nothing from its input" {
	cd /
	PATH=$FAKE/bin run -0 bash -c '{ "$1" && cat; } <<<"still here"' bash \
		"$tree/setup.sh"
	has "still here"
	[ -e "$tree/config.mk" ]
}

# ci SETUP CHECK LINE [VM]: .ci/run where the first command and check end with
# these statuses, check with LINE, and check-vm with VM as its last line.
ci()
{
	rm -rf ci
	mkdir -p ci/.ci ci/tests
	cp "$TOP/.ci/run" ci/.ci/
	: >"$FAKE/log"
	script ci/setup.sh <<-END
		#!/bin/sh
		echo "setup.sh \$* \$KERNEL \$CLANG_VM" | sed 's/ *$//' >>"\$FAKE/log"
		case \$1 in
		check-all) echo "ok 1 some test"; echo "$3"; exit $2 ;;
		check-vm)
			echo "${4-1 passed, 0 failed, 1 skipped}"
			case "${4-}" in *", 0 failed"* | "") exit 0 ;; esac
			exit 1
			;;
		*) exit $1 ;;
		esac
	END
	script ci/tests/run.sh <<-END
		#!/bin/sh
		echo "run.sh \$*" >>"\$FAKE/log"
		echo "2 passed, 0 failed, 0 skipped"
	END
	printf '#!/bin/sh\n' | script "$FAKE/bin/clang-19"
	PATH=$FAKE/bin:$PATH run ci/.ci/run
	last=${lines[${#lines[@]} - 1]}
}

@test ".ci/run runs the README's commands and adds up what they counted" {
	ci 0 0 "7 passed, 0 failed, 1 skipped"
	exits 0
	[ "$last" = "12 passed, 0 failed, 4 skipped" ]
	has "./setup.sh check-all: 7 passed, 0 failed, 1 skipped"
	[ "$(log)" = $'setup.sh\nsetup.sh check-all\nsetup.sh check-vm 6.1\nsetup.sh check-vm newest\nsetup.sh check-vm 6.1 6.12 clang-19\nrun.sh vm' ]
	ci 0 1 "6 passed, 1 failed, 1 skipped"
	exits 1
	[ "$last" = "11 passed, 1 failed, 4 skipped" ]
	ci 0 0 "7 passed, 0 failed, 1 skipped" "4 passed, 2 failed, 0 skipped"
	exits 1
	[ "$last" = "21 passed, 6 failed, 1 skipped" ]
}

@test ".ci/run counts a set-up that fails, and tests that never counted" {
	ci 1 0 "7 passed, 0 failed, 1 skipped"
	exits 1
	[ "$last" = "12 passed, 1 failed, 4 skipped" ]
	has "./setup.sh: failed, status 1"
	ci 0 1 "error: the tests do not build"
	exits 1
	[ "$last" = "5 passed, 1 failed, 3 skipped" ]
	ci 1 1 "error: cannot install" "error: no qemu"
	[ "$last" = "2 passed, 5 failed, 0 skipped" ]
	# A good line does not hide a bad status.
	ci 0 1 "7 passed, 0 failed, 0 skipped"
	exits 1
}

@test ".ci/run fails where the table of kernels says what was not seen" {
	ci 0 0 "7 passed, 0 failed, 1 skipped"
	mkdir -p ci/tests/vm/last ci/tests/vm/results
	touch ci/tests/vm/last/6.1-clang14 ci/tests/vm/results/6.1-clang14
	touch ci/tests/vm/last/6.1-clang99
	printf '#!/bin/sh\necho "$@"\nexit ${STALE:-0}\n' | script ci/tests/vm/compat
	PATH=$FAKE/bin:$PATH run -0 ci/.ci/run
	has "--compare tests/vm/last/6.1-clang14"
	has_no "--compare tests/vm/last/6.1-clang99"
	STALE=1 PATH=$FAKE/bin:$PATH run -1 ci/.ci/run
	has "the table of kernels: failed, status 1"
	has "12 passed, 1 failed, 4 skipped"
}

@test ".ci/run starts no guest that would take it beyond its time" {
	CI_LIMIT=1199 ci 0 0 "7 passed, 0 failed, 1 skipped"
	exits 0
	[ "$last" = "11 passed, 0 failed, 4 skipped" ]
	[[ $output =~ "# ./setup.sh check-vm, Linux 6.1 # skip 119"[0-9]" s are left of 1199, it may take 1200" ]]
	[ "$(log)" = $'setup.sh\nsetup.sh check-all\nsetup.sh check-vm newest\nsetup.sh check-vm 6.1 6.12 clang-19\nrun.sh vm' ]
}
