#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What is judged: the loader, started twice, and the map that it leaves pinned.

# shellcheck disable=SC2154 # live.bash sets them
load ../../../grader/live

lesson=$TOP/basic04-pinning-maps
pin=/sys/fs/bpf/grade/xdp_stats_map

setup()
{
	in_answer
	reports=$BATS_TEST_TMPDIR/reports
}

teardown()
{
	end "${reader-}"
	out_of_answer
}

# start [OPTION]...: the learner's loader, which ends by itself
start()
{
	answer ./xdp_keep_user --dev grade "$@"
	[ "$status" -eq 0 ] || show "it ended with status $status: $output"
	return "$status"
}

# count: the packets in the map that is pinned, as the lesson's reader has it. There are
# some that the lab sends by itself.
count()
{
	"$lesson/xdp_stats_user" --dev grade --map xdp_stats_map get 2 |
		sed -n 's/^XDP_PASS *\([0-9]*\) packets.*/\1/p'
}

# started: the first time, with a hundred packets counted
started()
{
	start && deliver 100 udp && [ "$(count)" -ge 100 ]
}

# reported N: the reader, so often
reported()
{
	[ "$(wc -l <"$reports")" -ge "$1" ]
}

@test "a first start makes a map, pins it and counts" {
	started || {
		[ -e "$pin" ] || show "nothing is pinned at $pin"
		hints "At the first start nothing is pinned, and that is no error." \
			"bpf_obj_get() fails then, with errno ENOENT: go on, and loading makes a new map." \
			"if (fd < 0) return errno == ENOENT ? 0 : -ENOEXEC;"
	}
}

@test "a second start goes on with the counts" {
	started
	start --force || hints "What has libbpf to say? -v shows it." \
		"A map can be lent to an object before that is loaded only: between attach_open() and attach_load()." \
		"if (!err) err = reuse_map(at, folder); with bpf_map__reuse_fd() in it, in front of attach_load()."
	now=$(count)
	[ "$now" -ge 100 ] || {
		show "100 packets were counted, then the loader was started anew: now $now are"
		hints "Loading makes new maps. When does the object have to be told to use one that is there?" \
			"Between attach_open() and attach_load(): open the pin with bpf_obj_get(), as a reader does." \
			"bpf_map__reuse_fd(bpf_object__find_map_by_name(at->obj, MAP), fd)"
	}
}

@test "the program counts in that map" {
	started
	start --force
	deliver 100 udp
	now=$(count)
	[ "$now" -ge 200 ] || {
		show "200 packets have come, 100 of them after the second start: $now are counted"
		hints "The program counts in another map than the one that is pinned. When did it get that?" \
			"Loading fixes the maps of a program: what is done to the object afterwards changes nothing for it." \
			"bpf_map__reuse_fd() belongs between attach_open() and attach_load()."
	}
}

@test "it is the same map: who has it open reads on" {
	started
	"$lesson/xdp_stats_user" --dev grade --interval 0.05 >"$reports" 2>&1 3>&- &
	reader=$!
	wait_for reported 3
	start --force
	wait_for reported $(($(wc -l <"$reports") + 20))
	! grep 'was replaced' "$reports" || {
		show "$(grep 'was replaced' "$reports")"
		hints "Counts that were copied are those of a moment: who reads the old map sees nothing new." \
			"The program has to use the map that is pinned, no other one with its counts." \
			"bpf_map__reuse_fd() in front of attach_load(), and no bpf_map_update_elem()."
	}
}

@test "a map of another kind is refused" {
	need_cmd bpftool
	mkdir -p /sys/fs/bpf/grade
	bpftool map create "$pin" type hash key 4 value 16 entries 64 name xdp_stats_map ||
		skip "bpftool does not work here"
	answer ./xdp_keep_user --dev grade
	[ "$status" -ne 0 ] || {
		show "a hash is pinned at $pin: expected an error, got status 0"
		hints "bpf_map__reuse_fd() takes any map, the program as well, and then counts nothing." \
			"Compare type, sizes and number of elements with what the program needs: common/maps.h." \
			"fd = maps_open_pinned(path, &stats_layout);"
	}
}
