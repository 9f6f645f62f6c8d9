#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Every assignment: its starter fails with its first hint, its solution passes, and wrong
# answers, made of the solution by tests/grader/LESSON/NAME/*.sed, fail in the check and
# with the hint that those say.

# shellcheck disable=SC2016 # for an inner shell

# bats file_tags=kernel,slow

load ../helpers

setup_file()
{
	need_sandbox
}

setup()
{
	cd "$TOP" || return
	[ -d tests/grader/built ] || skip "tests/grader is not built"
}

assignments()
{
	local readme

	for readme in [a-z]*/assignments/*/README.org; do
		[ ! -f "$readme" ] || printf '%s\n' "${readme%/README.org}"
	done
}

# built ASSIGNMENT VARIANT: the folder in which that is built
built()
{
	printf 'tests/grader/built/%s/%s\n' "${1/\/assignments\///}" "$2"
}

# judge ASSIGNMENT VARIANT: by packets, and then by what its commands do; sets output, status.
judge()
{
	local folder

	folder=$(built "$1" "$2")
	if [ -f "$1/checks.txt" ]; then
		run grader/grader_user "$1" "$folder"
		[ "$status" -eq 0 ] || return 0
	fi
	if [ -f "$1/checks.bats" ]; then
		run env FIRST_ONLY=y ANSWER="$TOP/$folder" bats --tap "$1/checks.bats"
		output=$(report <<<"$output")
	fi
}

# report: what bats prints, as grade.sh shows it without further hints
report()
{
	awk '
	/^(not )?ok [0-9]+ / {
		title = /^not/ ? "  FAIL  " : "  ok    "
		sub(/^(not )?ok [0-9]+ /, "")
		print title $0
		failed += title ~ /FAIL/
		hints = 0
		next
	}
	/^# show: / && failed == 1 { print "        " substr($0, 9) }
	/^# hint: / && failed == 1 && !hints++ { print "        " substr($0, 3) }
	/^# / && !/^# (show|hint): / { print }'
}

# first_failure: the title of the first check that failed
first_failure()
{
	sed -n 's/^  FAIL  //p' <<<"$output" | head -n 1
}

# complain TEXT
complain()
{
	printf '%s\n%s\n' "$1" "$output" >&2
	return 1
}

@test "starters build, and fail with the first hint" {
	for assignment in $(assignments); do
		judge "$assignment" starter
		[[ $status =~ ^[13]$ ]] || complain "$assignment: the starter passes"
		[[ $output == *"        hint: "* ]] || complain "$assignment: no hint"
		grep -q '^#+TITLE: ' "$assignment/README.org"
	done
}

@test "solutions pass" {
	for assignment in $(assignments); do
		judge "$assignment" solution
		[ "$status" -eq 0 ] || complain "$assignment: the solution fails"
	done
}

@test "wrong answers, two or more for each, fail with the hint that fits" {
	for assignment in $(assignments); do
		count=0
		for wrong in "tests/grader/${assignment/\/assignments\///}"/*.sed; do
			name=${wrong##*/}
			name=${name%.sed}
			run -0 bash -c 'diff -rq "$1" "$2" | grep -c "\.[ch] "' diff \
				"$(built "$assignment" solution)" "$(built "$assignment" "$name")"
			judge "$assignment" "$name"
			[[ $status =~ ^[13]$ ]] || complain "$wrong passes"
			[ "$(first_failure)" = "$(sed -n 's/^# fails: //p' "$wrong")" ] ||
				complain "$wrong fails elsewhere"
			[[ $output == *"        hint: "*"$(sed -n 's/^# hint: //p' "$wrong")"* ]] ||
				complain "$wrong: another hint"
			count=$((count + 1))
		done
		[ "$count" -ge 2 ] || complain "$assignment: $count wrong answers"
	done
}
