#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What can go wrong with commands that report, and with what they have pinned.

load ../helpers

setup_file()
{
	need_sandbox
	mkdir -p /sys/fs/bpf/xdp
}

setup()
{
	cd "$TOP" || return
	lab flt7
	counter=basic03-map-counter/xdp_counter_user
	pinned=basic04-pinning-maps/xdp_pinned_user
	reader=basic04-pinning-maps/xdp_stats_user
	pins=/sys/fs/bpf/flt7
	before=$(snapshot)
}

teardown()
{
	"$TOP/testenv/testenv.sh" teardown --all >/dev/null
	rm -rf /run/tmp/report /run/tmp/said
	[ -z "$(find /sys/fs/bpf -mindepth 1 -name 'flt7*')" ]
}

attached()
{
	ip link show dev flt7 | grep -q 'prog/xdp id'
}

# ends STATUS TEXT: the command in the background ends by itself like this
ends()
{
	rc=0
	wait "$runner" || rc=$?
	ended_with "$@"
}

# ended_with STATUS TEXT: it has, rc is its status
ended_with()
{
	cat /run/tmp/said >&2
	[ "$rc" -eq "$1" ]
	[ "$(grep -c '^error: ' /run/tmp/said)" -eq 1 ]
	grep -q "^error: .*$2" /run/tmp/said
}

start()
{
	: >/run/tmp/report
	"$@" >/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for test -s /run/tmp/report
}

@test "intervals, counts and durations that make no sense" {
	for cmd in "$counter" "$pinned" "$reader"; do
		for value in 0 -1 1e9 nan inf x '' 1s 0x; do
			for option in interval duration; do
				run --separate-stderr "$cmd" -d flt7 "--$option=$value"
				[ "$status" -eq 2 ]
				[[ ${stderr_lines[0]} == "error: bad value '$value' for --$option: not a number of seconds from 0.01 to 86400" ]]
			done
		done
		for value in 0 -1 4294967296 x 1.5; do
			run --separate-stderr "$cmd" -d flt7 "--count=$value"
			[ "$status" -eq 2 ]
			[[ ${stderr_lines[0]} == "error: bad value '$value' for --count: "* ]]
		done
	done
	unchanged "$before"
}

@test "options of a report without --stats: they would do nothing" {
	for cmd in "$pinned" packet01-parsing/xdp_parse_user packet02-rewriting/xdp_rewrite_user \
		packet03-redirecting/xdp_redirect_user packet04-cpumap/xdp_cpumap_user; do
		for option in --json --count=1 --interval=1 --duration=1; do
			for more in -q --unload-all; do
				run --separate-stderr "$cmd" -d flt7 "$option" $more
				[ "$status" -eq 2 ]
				one_line_error "--interval, --count, --duration and --json go with --stats"
			done
		done
	done
	unchanged "$before"
}

@test "the interface is removed while it is polled" {
	for cmd in "$counter" "$pinned --stats"; do
		# shellcheck disable=SC2086 # words
		start $cmd -d flt7 -i 0.1
		ip link del dev flt7
		ends 1 "interface 'flt7' is gone"
		testenv/testenv.sh teardown --name flt7 2>/dev/null ||
			testenv/testenv.sh teardown --all
		rm /run/tmp/report
		lab flt7
	done
}

@test "the lab is removed under a running command" {
	for cmd in "$counter" "$pinned --stats"; do
		# shellcheck disable=SC2086 # words
		start $cmd -d flt7 -i 0.1
		testenv/testenv.sh teardown --name flt7
		# Its programs are taken off first, and that may be seen.
		rc=0
		wait "$runner" || rc=$?
		if [ "$rc" -eq 30 ]; then
			ended_with 30 "is no longer attached to 'flt7'"
		else
			ended_with 1 "interface 'flt7' is gone"
		fi
		rm /run/tmp/report
		lab flt7
	done
	"$pinned" -q -d flt7
	start "$reader" -d flt7 -i 0.1
	testenv/testenv.sh teardown --name flt7
	ends 40 "no map is pinned at '$pins/xdp_stats_map' any more"
}

@test "our program is replaced while its counters are polled" {
	start "$counter" -d flt7 -i 0.1
	ip -force link set dev flt7 xdpdrv obj basic01-xdp-pass/xdp_pass_kern.o sec xdp
	ends 30 "is no longer attached to 'flt7'"
	attached
	ip link set dev flt7 xdpdrv off
}

@test "output to a full disk or a closed pipe: detached, unpinned, status 1" {
	for cmd in "$counter" "$pinned --stats"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr bash -c "$cmd -d flt7 -i 0.1 >/dev/full"
		[ "$status" -eq 1 ]
		[ "$(grep -c '^error: cannot write to standard output: No space left' <<<"$stderr")" -eq 1 ]
		run --separate-stderr bash -c "set -o pipefail; $cmd -d flt7 -i 0.1 | head -n 1"
		[ "$status" -eq 1 ]
		[[ $stderr == *"error: cannot write to standard output: Broken pipe"* ]]
	done
	run --separate-stderr bash -c "$pinned -d flt7 >/dev/full"
	[ "$status" -eq 1 ]
	unchanged "$before"
	"$pinned" -q -d flt7
	run --separate-stderr bash -c "$reader -d flt7 -i 0.1 >/dev/full"
	[ "$status" -eq 1 ]
	run --separate-stderr bash -c "$reader -d flt7 get >/dev/full"
	[ "$status" -ne 0 ] || [ -z "$("$reader" -d flt7 get)" ]
}

@test "somebody else's map is pinned under the name" {
	need_cmd bpftool
	mkdir "$pins"
	for layout in "type hash key 4 value 16 entries 5:type hash, expected percpu_array" \
		"type percpu_array key 4 value 8 entries 5:value size 8, expected 16" \
		"type percpu_array key 4 value 16 entries 9:max entries 9, expected 5"; do
		# shellcheck disable=SC2086 # words
		bpftool map create "$pins/xdp_stats_map" ${layout%%:*} name other
		here=$(snapshot)
		for cmd in "$pinned -d flt7 --reuse-maps" "$reader -d flt7 -n 1"; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr $cmd
			[ "$status" -eq 40 ]
			one_line_error "map '$pins/xdp_stats_map' has ${layout#*:}"
			unchanged "$here"
		done
		rm "$pins/xdp_stats_map"
	done
	rmdir "$pins"
}

@test "a name on bpffs that is no map" {
	need_cmd bpftool
	mkdir "$pins"
	bpftool prog load basic01-xdp-pass/xdp_pass_kern.o "$pins/xdp_stats_map"
	run --separate-stderr "$reader" -d flt7 -n 1
	[ "$status" -eq 40 ]
	[ "$(grep -c '^error: ' <<<"$stderr")" -eq 1 ]
	rm -r "$pins"
}

# drop_unattached: what libxdp has pinned for a dispatcher that it was killed
# before attaching. No command removes it, as pinning.h says: it looks like that
# of an interface in another namespace. Nothing is attached here any more.
drop_unattached()
{
	local path

	! attached || return 1
	for path in /sys/fs/bpf/xdp/dispatch-*-*; do
		[[ ! -d $path || $before == *"pin $path "* ]] || rm -r "$path"
	done
}

# bats test_tags=slow
@test "killed with SIGKILL at any moment: the next start names what is left, --force replaces it" {
	# Programs take so long to start in a guest that a few moments are many.
	rounds=20
	[ "${VM_GUEST-}" != tcg ] || rounds=6
	for ((round = 0; round < rounds; round++)); do
		"$pinned" -d flt7 --stats -i 60 >/run/tmp/report 2>/run/tmp/said 3>&- &
		runner=$!
		sleep "0.0$((round * 3 % 10))$((RANDOM % 10))"
		kill -KILL "$runner" 2>/dev/null || echo "it was faster"
		wait "$runner" 2>/dev/null || echo "ended by a signal"
		if attached && ! feature dispatcher; then
			run --separate-stderr "$pinned" -d flt7
			[ "$status" -eq 30 ]
			one_line_error "('xdp_pinned_func') is there, in native mode (--force replaces it)"
		fi
		run --separate-stderr "$pinned" -d flt7 --force
		[ "$status" -eq 0 ]
		[ -e "$pins/xdp_stats_map" ]
		[ -z "$(find "$pins" -name '*_new')" ]
		"$reader" -d flt7 -i 0.01 -n 1 >/dev/null
		run "$pinned" -d flt7 --unload-all
		[ "$status" -eq 0 ]
		rm -f /run/tmp/report /run/tmp/said
		drop_unattached
		unchanged "$before"
	done
}

@test "killed with SIGKILL: the lab's teardown removes program and pins" {
	start "$pinned" -d flt7 --stats -i 0.1
	kill -KILL "$runner"
	wait "$runner" 2>/dev/null || echo "ended by a signal"
	attached
	[ -e "$pins/xdp_stats_map" ]
	testenv/testenv.sh teardown --name flt7
	[ ! -e "$pins" ]
}
