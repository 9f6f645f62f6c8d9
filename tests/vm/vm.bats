#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The virtual machines themselves: what a command in a guest may rely on, and
# that a guest which dies or hangs is a failure, and none outlives its caller.
#
# bats file_tags=vm

load ../helpers

setup_file()
{
	! any_kernel || export TREE=$tree RELEASE=$release
}

setup()
{
	[ "$(id -u)" -eq 0 ] || skip "not root"
	need_cmd qemu-system-x86_64 busybox cpio modprobe
	[ "$(uname -m)" = x86_64 ] || skip "guests are x86-64 here"
	[ -n "${RELEASE-}" ] ||
		skip "no kernel here for a guest (see tests/vm/check-vm)"
}

# any_kernel: sets tree and release to a kernel that is there already.
any_kernel()
{
	. "$TOP/tests/vm/kernel.sh"
	release=$(cached | head -n 1)
	tree=$VM_CACHE/$release
	[ -z "$release" ] || return 0
	tree=/
	release=$(release_in /)
	[ -n "$release" ]
}

boot()
{
	"$TOP/tests/vm/boot" -k "$RELEASE" "$@"
}

# said LINE...: each is a line of what was printed.
said()
{
	local line

	for line in "$@"; do
		grep -qxF -- "$line" <<<"$output" && continue
		printf "no line '%s' in:\n%s\n" "$line" "$output" >&2
		return 1
	done
}

# copy_tree: in $copy, built like this one.
copy_tree()
{
	copy=$BATS_TEST_TMPDIR/tree
	mkdir "$copy"
	tar -C "$TOP" --exclude=./.git --exclude=./tests/vm/last -c . |
		tar -C "$copy" -x
}

@test "a command: its words, folder, lines, result and status" {
	cd "$BATS_TEST_TMPDIR"
	echo original >file
	cat >inside <<-'END'
		printf '<%s>\n' "$@" "$PWD" "$(uname -r)" "$(id -u)"
		cat file
		echo changed >file
		echo the result >/run/vm/result
		modprobe veth && ls -d /sys/module/veth /sys/fs/bpf
		stat -f -c %t /sys/fs/bpf
		exit 9
	END
	run -9 boot -o result "$TREE" bash inside 'two words' '' "it's \$HOME"
	said "<two words>" "<>" "<it's \$HOME>" "<$PWD>" "<$RELEASE>" "<0>" \
		original /sys/module/veth cafe4a11
	[ "$(cat file)" = original ]
	[ "$(cat result)" = "the result" ]
}

@test "a program that hangs ends at the limit" {
	run -124 boot -t 12 "$TREE" sleep 1000
	said "error: the guest was ended after its 12 seconds"
	[[ $output == *"# the end of the console of the guest:"* ]]
}

@test "a kernel that panics is a failure, with its last words" {
	run -125 boot "$TREE" bash -c 'echo c >/proc/sysrq-trigger; sleep 100'
	[[ $output == *"Kernel panic"* ]]
	[[ $output == *"error: the guest died"* ]]
}

# qemu_of PID: the emulator among the descendants of PID.
qemu_of()
{
	local child

	for child in $(pgrep -P "$1"); do
		if grep -q ^qemu "/proc/$child/comm"; then
			echo "$child"
			return 0
		fi
		qemu_of "$child" && return 0
	done
	return 1
}

# started: a guest in the background, pid its caller, qemu its emulator.
started()
{
	local i

	boot -t 100 "$TREE" bash -c 'echo it runs; sleep 1000' \
		>"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		if grep -q "it runs" "$BATS_TEST_TMPDIR/out" &&
		   qemu=$(qemu_of "$pid"); then
			return 0
		fi
		sleep 0.1
	done
	cat "$BATS_TEST_TMPDIR/out" >&2
	return 1
}

# ended PID: within ten seconds it is there no more.
ended()
{
	local i

	for ((i = 0; i < 100; i++)); do
		[ -d "/proc/$1" ] || return 0
		sleep 0.1
	done
	echo "still there: $1" >&2
	return 1
}

@test "qemu killed half way is a failure" {
	started
	kill -KILL "$qemu"
	rc=0
	wait "$pid" || rc=$?
	[ "$rc" -eq 125 ]
	grep -q "^error: the guest died" "$BATS_TEST_TMPDIR/out"
}

@test "the guest ends with its caller, killed or asked" {
	for signal in KILL TERM; do
		started
		kill -s "$signal" "$pid"
		wait "$pid" || true
		ended "$qemu"
	done
}

@test "the guest ends with make check-vm, killed" {
	copy_tree
	printf '@%s\n' 'test "waits" { sleep 1000; }' \
		>"$copy/tests/live/waits.bats"
	KERNEL=$TREE TESTS=tests/live/waits.bats \
		make -s -C "$copy" check-vm >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		qemu=$(qemu_of "$pid") && break
		sleep 0.1
	done
	[ -n "$qemu" ]
	kill -KILL "$pid"
	ended "$qemu"
	gone "$copy/tests/vm/"
}

@test "a test that fails does so in the guest and outside, and is counted" {
	copy_tree
	printf '@%s\n' 'test "good" { uname -r; }' 'test "bad" { false; }' \
		'test "not here" { skip "no such thing here"; }' \
		>"$copy/tests/live/some.bats"
	run -1 "$copy/tests/run.sh" tests/live/some.bats
	said "failed: tests/live/some.bats: bad" \
		"1 passed, 1 failed, 1 skipped"

	printf 'tests/live/other.bats takes too long\n' >>"$copy/tests/vm/left-out"
	cp "$copy/tests/live/some.bats" "$copy/tests/live/other.bats"
	# What check-vm ends with, 1, is a failure for make, which ends with 2.
	KERNEL=$TREE TESTS="tests/live/some.bats tests/live/other.bats" \
		run -2 make -s -C "$copy" check-vm
	said "failed: $RELEASE: tests/live/some.bats: bad" \
		"skipped: $RELEASE: tests/live/other.bats: tests/live/other.bats: takes too long"
	said "1 passed, 1 failed, 2 skipped"
	# A part of the tests is no record of a lesson.
	[ -z "$(ls "$copy/tests/vm/last")" ]
}

@test "without a network a kernel of the cache is used" {
	local cache=$BATS_TEST_TMPDIR/cache

	[ "$TREE" != / ] || skip "no kernel in the cache here"
	mkdir "$cache"
	ln -s "$TREE" "$cache/$RELEASE"
	export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
	VM_CACHE=$cache KERNEL=${RELEASE%%-*} TESTS=tests/progrun/test_csum \
		run -0 "$TOP/tests/vm/check-vm"
	[[ ${lines[-1]} =~ ^[1-9][0-9]*" passed, 0 failed, 0 skipped"$ ]]
}

@test "a folder that guests share: what one makes is there for the other" {
	mkdir "$BATS_TEST_TMPDIR/shared"
	boot -d "$BATS_TEST_TMPDIR/shared" "$TREE" mkdir /run/vm/shared/taken
	run -1 boot -d "$BATS_TEST_TMPDIR/shared" "$TREE" mkdir /run/vm/shared/taken
	[ -d "$BATS_TEST_TMPDIR/shared/taken" ]
}

@test "a guest has two network cards on one wire, lent to a sandbox" {
	cat >"$BATS_TEST_TMPDIR/inside" <<-'END'
		. tests/helpers.bash
		need_cards
		ip netns add far
		ip link set card1 netns far
		ip link set card0 up
		ip addr add 10.77.0.1/24 dev card0
		nsenter --net=/run/netns/far ip link set card1 up
		nsenter --net=/run/netns/far ip addr add 10.77.0.2/24 dev card1
		ping -c 1 -w 10 10.77.0.2 | grep -o ", 1 received"
	END
	cd "$TOP"
	# A second time: the first has given them back.
	# shellcheck disable=SC2016 # for the inner shell
	run -0 boot "$TREE" bash -c 'ls /sys/class/net
		for i in 1 2; do testenv/sandbox.sh bash -e "$0"; done' \
		"$BATS_TEST_TMPDIR/inside"
	[ "$(grep -c ", 1 received" <<<"$output")" -eq 2 ]
	# Whoever asks for none has none.
	said lo
	! grep -q eth0 <<<"$output" || false
}
