#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Every assignment: its starter fails with its first hint, its solution passes, and wrong
# answers, made of the solution by tests/grader/LESSON/NAME/*.sed, fail in the check and
# with the hint that those say.

load ../helpers

setup_file()
{
	need_sandbox
	make -s -C "$TOP/grader" >&2
}

setup()
{
	cd "$TOP" || return
	work=$BATS_TEST_TMPDIR/answers/lesson/answer
	mkdir -p "$work"
}

assignments()
{
	local checks

	for checks in [a-z]*/assignments/*/checks.txt; do
		[ ! -f "$checks" ] || printf '%s\n' "${checks%/checks.txt}"
	done
}

# judge FOLDER ASSIGNMENT: the files of FOLDER, built and judged; sets output, status.
judge()
{
	local file name

	rm -f "$work"/*
	cp "$1"/*.[ch] "$work/"
	for file in "$work"/*_kern.c; do
		name=${file##*/}
		# shellcheck disable=SC2046 # several words
		"$(sed -n 's/^CLANG *:*= *//p' config.mk)" -O2 -g -mcpu=v3 -target bpf -Wall -Werror \
			-I headers -I "${2%%/*}" -I "$work" $(sed -n 's/^BPF_INCLUDES := //p' config.mk) \
			-c "$file" -o "$work/${name%.c}.o" || return
	done
	run grader/grader_user "$2" "$work"
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
		judge "$assignment" "$assignment"
		[[ $status =~ ^[13]$ ]] || complain "$assignment: the starter passes"
		[[ $output == *"        hint: "* ]] || complain "$assignment: no hint"
		[ -f "$assignment/README.org" ] && grep -q '^#+TITLE: ' "$assignment/README.org"
	done
}

@test "solutions pass" {
	for assignment in $(assignments); do
		lesson=${assignment%%/*}
		judge "solutions/$lesson/${assignment##*/}" "$assignment"
		[ "$status" -eq 0 ] || complain "$assignment: the solution fails"
	done
}

@test "wrong answers, two or more for each, fail with the hint that fits" {
	for assignment in $(assignments); do
		lesson=${assignment%%/*} name=${assignment##*/} count=0
		for wrong in tests/grader/"$lesson/$name"/*.sed; do
			rm -rf "$BATS_TEST_TMPDIR/wrong"
			cp -r "solutions/$lesson/$name" "$BATS_TEST_TMPDIR/wrong"
			sed -i -E -f "$wrong" "$BATS_TEST_TMPDIR/wrong"/*.c
			! diff -rq "solutions/$lesson/$name" "$BATS_TEST_TMPDIR/wrong" >/dev/null ||
				complain "$wrong changes nothing"
			judge "$BATS_TEST_TMPDIR/wrong" "$assignment"
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
