#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What is judged: the reader, while the lesson's loader replaces the map that is pinned.

# shellcheck disable=SC2154 # live.bash sets them
load ../../../grader/live

setup()
{
	in_answer
	load_anew
}

teardown()
{
	out_of_answer
}

# load_anew: the lesson's loader; its map is a new one, and pinned
load_anew()
{
	"$TOP/basic04-pinning-maps/xdp_pinned_user" --quiet --dev grade --force
}

# follow_map: the learner's reader, with a hundred packets in the map, and its first reports
follow_map()
{
	deliver 100 udp
	start_answer ./xdp_follow_user --dev grade --interval 0.02
	more_reports
}

# more_reports: three that are begun from now on
more_reports()
{
	local lines

	lines=$(reports | wc -l)
	wait_answer has_reports $((lines + 4))
}

reports()
{
	grep '^[0-9]* packets, [0-9]* new$' "$out"
}

has_reports()
{
	[ "$(reports | wc -l)" -ge "$1" ]
}

# last: the packets of the last report
last()
{
	reports | tail -n 1 | cut -d ' ' -f 1
}

# descriptors: how many the reader has
descriptors()
{
	local pids

	mapfile -t pids < <(running '^./xdp_follow_user ')
	find "/proc/${pids[0]}/fd" -mindepth 1 | wc -l
}

@test "it reports what is in the map that is pinned" {
	follow_map || hints "It has to go on with its reports, each a line: N packets, M new." \
		"output_flush() behind each report: what is printed into a file would wait otherwise."
	[ "$(last)" -ge 100 ] || {
		show "expected 100 packets, got: $(tail -n 1 "$out")"
		hints "The lines are as the starter has them: N packets, M new." \
			"maps_open_pinned() opens the map; stats_collect() reads it."
	}
}

@test "once another map is pinned it reports that one" {
	follow_map
	load_anew
	more_reports
	[ "$(last)" -lt 100 ] || {
		show "the map of 100 packets was replaced by an empty one; expected about 0 packets"
		show "got: $(tail -n 1 "$out")"
		hints "A descriptor is of a map, and not of the name that it was opened by." \
			"Open the pin again for each report: that is cheap." \
			"fd = maps_open_pinned(reader->path, &stats_layout); each time, then close the one before."
	}
}

@test "it says so, once: another map" {
	follow_map
	load_anew
	more_reports
	count=$(grep -cx 'another map' "$out") || :
	[ "$count" -ne 0 ] || {
		show "no line: another map"
		hints "What is different in another map that is opened by the same name?" \
			"Each map has an id, and no other one has the same: maps_get_info()." \
			"if (reader->id && reader->id != info.id) printf(\"another map\\n\");"
	}
	[ "$count" -eq 1 ] || {
		show "the map was replaced once, the line is there $count times"
		hints "Not each map that is opened is another one: the id of the one before tells." \
			"The first map has none before it. And keep the id of the new one." \
			"if (reader->id && reader->id != info.id), and then reader->id = info.id;"
	}
}

@test "what is new in another map is counted from 0 on" {
	follow_map
	load_anew
	deliver 10 udp
	more_reports
	line=$(reports | awk '$3 > $1 { print; exit }')
	[ -z "$line" ] || {
		show "more packets are new than there are: $line"
		hints "What is the difference to the map before, whose counts were higher?" \
			"The counts of a new map began at 0. From which number does your report subtract?" \
			"reader->before = 0; where the reader sees that the map is another one."
	}
}

@test "it lets go of the maps before, and ends with Ctrl-C" {
	follow_map
	before=$(descriptors)
	more_reports
	more_reports
	now=$(descriptors)
	[ "$now" -le "$before" ] || {
		show "some reports later it has $now open descriptors, $before before"
		hints "What holds a map keeps it alive: a descriptor is enough." \
			"Each report opens the pin. What becomes of the descriptor before?" \
			"close(reader->fd) before reader->fd = fd."
	}
	stop_answer
	[ "$status" -eq 0 ] || {
		show "Ctrl-C: expected status 0, got $status"
		hints "The starter's loop ends with a signal, and the command with status 0."
	}
}
