#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_counter_user in a lab: it counts exactly, reports as asked, and leaves.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab b03
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --name b03
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	mkdir -p /sys/fs/bpf/xdp
	before=$(snapshot)
}

teardown()
{
	rm -f /run/tmp/report
	./xdp_counter_user -q -d b03 --unload-all
}

# ping_lab FAMILY N: N echo requests from inside
ping_lab()
{
	"$TOP/testenv/testenv.sh" ping --name b03 "$1" -c "$2" -i 0.01 -W 10 >/dev/null
}

attached()
{
	ip link show dev b03 | grep -q 'prog/xdp id'
}

# started COMMAND...: in the background, attached; its pid is in $runner.
started()
{
	"$@" >/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	wait_for attached
}

has_reports()
{
	[ "$(wc -l </run/tmp/report)" -ge "$1" ]
}

# two_more_reports: waits for them, then ends the runner. However slow the machine:
# what was sent before this was called is in the last one.
two_more_reports()
{
	local seen

	seen=$(wc -l </run/tmp/report)
	wait_for has_reports "$((seen + 2))"
	kill "$runner"
	wait "$runner"
}

# bats test_tags=kernel
@test "five echo requests are five more packets passed, IPv4 and IPv6" {
	need_cmd jq
	for family in -4 -6; do
		started ./xdp_counter_user -d b03 --interval 0.2 --json
		ping_lab $family 5
		two_more_reports
		[ "$(jq -s 'last.actions.XDP_PASS.packets' /run/tmp/report)" = 5 ]
		[ "$(jq -s 'last.actions | map(.packets) | add' /run/tmp/report)" = 5 ]
	done
	rm /run/tmp/report /run/tmp/said
	unchanged "$before"
}

@test "bytes are those of the frames" {
	need_cmd jq
	started ./xdp_counter_user -d b03 -i 0.2 -j
	"$TOP/testenv/testenv.sh" ping --name b03 -4 -c 3 -i 0.01 -s 100 >/dev/null
	two_more_reports
	# 14 Ethernet, 20 IPv4, 8 ICMP, 100 data
	[ "$(jq -s last.actions.XDP_PASS.bytes /run/tmp/report)" = $((3 * 142)) ]
}

@test "the JSON has what every report has" {
	need_cmd jq
	run --separate-stderr ./xdp_counter_user -d b03 -i 0.1 -n 2 --json
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	now=$(date +%s)
	for line in "${lines[@]}"; do
		jq -e '.ifname == "b03" and .period > 0.09 and
			(.actions | keys) == ["XDP_ABORTED", "XDP_DROP",
			"XDP_PASS", "XDP_REDIRECT", "XDP_TX"] and
			(.actions.XDP_PASS | keys) ==
			["bytes", "mbps", "packets", "pps"]' <<<"$line"
		[ "$(jq '.time | floor' <<<"$line")" -ge $((now - 60)) ]
	done
}

@test "the table has its columns, and no grouping into a pipe" {
	run --separate-stderr ./xdp_counter_user -d b03 -i 0.1 -n 1
	[[ ${lines[0]} =~ ^'action '.*packets.*pps.*Kbytes.*Mbit/s.*period$ ]]
	[[ ${lines[3]} =~ ^'XDP_PASS '.*' s'$ ]]
	[ "${#lines[@]}" -eq 6 ]
	[[ $output != *,* ]]
}

@test "rates are over the time that was measured" {
	need_cmd jq
	started ./xdp_counter_user -d b03 -i 0.2 -j
	ping_lab -4 10
	two_more_reports
	jq -s -e '(map(.actions.XDP_PASS.pps * .period) | add - 10) | fabs < 1' \
		/run/tmp/report
}

@test "--count and --duration end it with status 0, and nothing is left" {
	run --separate-stderr ./xdp_counter_user -d b03 -i 0.1 -n 3 -j
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	run --separate-stderr ./xdp_counter_user -d b03 -i 0.1 --duration 0.45 -j
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -ge 3 ]
	[ "${#lines[@]}" -le 5 ]
	unchanged "$before"
}

@test "a signal ends it with status 0, and nothing is left" {
	for name in INT TERM HUP; do
		# A background command of bash is deaf to SIGINT.
		"$TOP/testenv/lab_user" run ./xdp_counter_user -d b03 -i 60 \
			>/run/tmp/report 2>&1 3>&- &
		runner=$!
		wait_for attached
		kill -s "$name" "$runner"
		rc=0
		wait "$runner" || rc=$?
		[ "$rc" -eq 0 ]
		run ! attached
	done
	rm /run/tmp/report
	unchanged "$before"
}

@test "each report is flushed when it is made" {
	started ./xdp_counter_user -d b03 -i 0.1 -j
	wait_for test -s /run/tmp/report
	kill "$runner"
	wait "$runner"
}

@test "-v says what the map is" {
	run --separate-stderr ./xdp_counter_user -d b03 -i 0.1 -n 1 -v
	[[ $stderr =~ "debug: map 'xdp_stats_map': id "[0-9]+", name xdp_stats_map, type percpu_array, key size 4, value size 16, max entries 5" ]]
}

@test "an object without the map, or with another one of that name" {
	fails_with()
	{
		run --separate-stderr ./xdp_counter_user -d b03 -n 1 -i 0.1 --filename "$1"
		[ "$status" -eq 40 ]
		[[ $stderr == *"$2"* ]]
		unchanged "$before"
	}
	fails_with ../basic02-prog-by-name/xdp_prog_kern.o "no map 'xdp_stats_map'"
	for layout in "ARRAY:type array, expected percpu_array" "PERCPU_ARRAY:value size 8, expected 16"; do
		cat >/run/tmp/other.c <<-END
			#include <linux/bpf.h>
			#include <bpf/bpf_helpers.h>
			struct {
				__uint(type, BPF_MAP_TYPE_${layout%%:*});
				__type(key, __u32);
				__type(value, __u64);
				__uint(max_entries, 5);
			} xdp_stats_map SEC(".maps");
			SEC("xdp") int other_func(struct xdp_md *ctx)
			{
				__u32 key = 0;
				return bpf_map_lookup_elem(&xdp_stats_map, &key) ? 2 : 1;
			}
			char _license[] SEC("license") = "GPL";
		END
		# shellcheck disable=SC2046 # flags are words
		clang -O2 -g -target bpf $(sed -n 's/^BPF_INCLUDES := *//p' ../config.mk) \
			-c /run/tmp/other.c -o /run/tmp/other.o
		before=$(snapshot)
		fails_with /run/tmp/other.o "map 'xdp_stats_map' has ${layout#*:}"
	done
	rm /run/tmp/other.*
}

@test "one batched read a report, where the kernel has it" {
	need_cmd strace
	run strace -f -e trace=bpf -o /run/tmp/calls ./xdp_counter_user -q -d b03 -i 0.1 -n 5
	[ "$status" -eq 0 ]
	if grep -q 'BPF_MAP_LOOKUP_BATCH.*EINVAL' /run/tmp/calls; then
		rm /run/tmp/calls
		skip "no batch here: per-CPU arrays are read one by one"
	fi
	# Five reports and the record before the first. (What libxdp reads one by
	# one is a map of its own.)
	[ "$(grep -c BPF_MAP_LOOKUP_BATCH /run/tmp/calls)" -eq 6 ]
	fd=$(sed -n 's/.*LOOKUP_BATCH.*map_fd=\([0-9]*\).*/\1/p;T;q' /run/tmp/calls)
	sed '1,/BPF_MAP_LOOKUP_BATCH/d' /run/tmp/calls >/run/tmp/after
	[ -n "$fd" ]
	[ "$(grep -c "BPF_MAP_LOOKUP_ELEM, {map_fd=$fd," /run/tmp/after)" -eq 0 ]
	rm /run/tmp/after
	rm /run/tmp/calls
}

@test "three counters on all CPUs: two of them lose nothing" {
	run --separate-stderr ./xdp_compare_user --repeat 200000
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	for counter in atomic 'per CPU'; do
		grep -q "^$counter  *\([0-9]*\)  *\1  *0 " <<<"$output"
	done
	packets=$(awk '/^plain/ { print $2 }' <<<"$output")
	[ "$(awk '/^plain/ { print $3 + $4 }' <<<"$output")" = "$packets" ]
}
