#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make doctor: what it prints.
# shellcheck disable=SC2016 # what is in single quotes is for another shell

load doctor

@test "the report: groups, marks, what lessons lack, a last line" {
	run --separate-stderr "$D"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == system$'\n'*$'\n\ntool\n'*$'\n\nfeature\n'*$'\n\nlesson\n'*$'\n\nOf '* ]]
	[[ $output == *"  ok       kernel         $(uname -r) ($(uname -m))"* ]]
	[[ $output == *"  ok       xdp_native "* ]]
	# The same that --json has of each lesson.
	[ "${lines[-1]}" = "Of $(make -s lessons | wc -l) lessons this machine runs $(
		lessons 'in full') in full, $(lessons 'in part,.*') in part, $(
		lessons '') not at all." ]
	! grep -vE '^(system|tool|feature|lesson|Of .*|)$|^  (ok|missing|unknown) +[^ ]+ +[^ ]|^ {26}(affects|do): .' \
		<<<"${output/$'\nlesson\n'*$'\n\nOf '/$'\nlesson\n\nOf '}" || return 1
}

# lessons PATTERN: the number of those whose "value" it is.
lessons()
{
	report -r 'select(.group == "lesson") | .value' | grep -cx "$1" || true
}

@test "make doctor prints it, and builds what it needs" {
	run --separate-stderr make -s doctor
	[ "$status" -eq 0 ]
	[[ $output == *" not at all." ]]
	run make help
	[[ $output == *"make doctor "* ]]
}

@test "what is missing has a reason, its lessons and a remedy" {
	while IFS=$'\x1f' read -r name reason lessons remedy; do
		echo "$name: $reason"
		[ -n "$reason" ] && [ -n "$remedy" ]
		for lesson in $lessons; do
			[[ $lesson =~ ^(all|[a-z]+[0-9][0-9]-[A-Za-z_-]+)$ ]]
		done
	done < <(report -r 'select(.ok == false) |
		[.name, .reason, (.lessons | join(" ")), .remedy] | join("\u001f")')
}

@test "no lesson is named that is not there" {
	for lesson in $(report -r '.lessons[]' | sort -u); do
		[ "$lesson" = all ] || [ -e "$lesson/needs" ]
	done
}

@test "--json: an object a line, with the same words in each" {
	[ ! -s "$BATS_FILE_TMPDIR/stderr" ]
	[ "$(report -s length)" -eq "$(wc -l <"$BATS_FILE_TMPDIR/json")" ]
	[ "$(report -c keys_unsorted | sort -u)" = \
		'["group","name","ok","value","reason","lessons","remedy"]' ]
	[ -z "$(report -r 'select((.lessons | type) != "array" or
		((.ok | type) != "boolean" and .ok != null)) | .name')" ]
	# No name twice, and as many features as probes.
	[ -z "$(report -r .name | sort | uniq -d)" ]
	[ "$(report -r 'select(.group == "feature") | .name')" = \
		"$("$D" --list | cut -d ' ' -f 1)" ]
	[ "$(report -r 'select(.group == "lesson") | .name')" = "$(make -s lessons | sort)" ]
	[ "$(report -r 'select(.group == "summary") | .ok')" = true ]
}

@test "--group: a part of it" {
	run -0 "$D" --group feature
	[ "${lines[0]}" = feature ]
	! grep -qE '^(system|tool|lesson|Of)' <<<"$output" || return 1
	[ "$("$D" -g system --json | jq -r .group | sort -u)" = system ]
	run --separate-stderr "$D" --group features
	[ "$status" -eq 2 ]
	one_line_error "'features'" "--help"
}

@test "--json stays valid whatever a tool says" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nprintf %s\n' \
		"'1\"2\\\\3\\001\\t\\377\\303\\251\\355\\240\\200\\177</x>\\n'" \
		>"$BATS_TEST_TMPDIR/bin/tcpdump"
	chmod +x "$BATS_TEST_TMPDIR/bin/tcpdump"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run -0 told tool tcpdump '.value | @json'
	[ "$output" = '"1\"2\\3\u0001\t�é���\u007f</x>"' ] ||
		[ "$output" = $'"1\\"2\\\\3\\u0001\\t�é���\x7f</x>"' ]
	# People are spared what upsets a terminal.
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run -0 "$D" --group tool
	! grep -q $'[\x01\x7f]' <<<"$output" || return 1
}

@test "--probe: 0, 77 with the reason, 2; --list; --help" {
	run --separate-stderr "$D" --probe xdp_generic
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	run --separate-stderr "$D" --probe af_xdp_zc
	[ "$status" -eq 77 ]
	[ -z "$output" ]
	one_line_error "this kernel has no 'af_xdp_zc': " "driver"
	for name in nonsense xdp_nativ XDP_NATIVE; do
		run --separate-stderr "$D" --probe "$name"
		[ "$status" -eq 2 ]
		one_line_error "'$name'" "--list"
	done
	run --separate-stderr "$D" --list
	[ "$status" -eq 0 ]
	for name in dispatcher fentry btf af_xdp_zc; do
		[[ $output == *"$name  "* ]]
	done
	run -0 "$D" --help
	run -2 "$D" --no-such
	run -1 bash -c '"$1" -g system >/dev/full' - "$D"
	run -1 bash -c '"$1" -g system --json >/dev/full' - "$D"
}

@test "two at once say the same, and quickly" {
	local start=$EPOCHREALTIME first rc=0

	"$D" --json --group feature >"$BATS_TEST_TMPDIR/first" &
	first=$!
	"$D" --json --group feature >"$BATS_TEST_TMPDIR/second"
	wait "$first" || rc=$?
	[ "$rc" -eq 0 ]
	cmp "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	# Half a second where nothing is emulated.
	[ "$((${EPOCHREALTIME/./} - ${start/./}))" -lt 60000000 ]
}

# bats test_tags=slow
@test "killed at any moment it leaves nothing" {
	local i pid

	for ((i = 0; i < 12; i++)); do
		"$D" >/dev/null 2>&1 &
		pid=$!
		sleep "0.$((RANDOM % 10))"
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	gone 'doctor_user|^ip |^tc '
	# Nor while it waits for something that hangs.
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexec sleep 4321\n' >"$BATS_TEST_TMPDIR/bin/ip"
	chmod +x "$BATS_TEST_TMPDIR/bin/ip"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH "$D" --probe xdp_native &
	pid=$!
	wait_for running '^sleep 4321'
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null || true
	gone 'doctor_user|^sleep 4321'
}
