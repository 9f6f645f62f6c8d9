#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make start, grade, hint, reset, progress and learn, as a learner uses them.

# shellcheck disable=SC2016 # a name with a dollar sign

# bats file_tags=slow

load ../helpers

# The answers here are the test's own: nobody else sees this mount.
setup_file()
{
	need_sandbox
	make -s -C "$TOP/grader" >&2
}

setup()
{
	cd "$TOP" || return
	mount -t tmpfs answers answers
	name=basic03-map-counter/02-count-bytes
	file=answers/$name/xdp_counter_kern.c
	solution=solutions/$name/xdp_counter_kern.c
}

teardown()
{
	umount answers
}

g()
{
	run --separate-stderr grader/grade.sh "$@"
}

@test "not started, started, failing, graded anew, done" {
	g progress
	[[ $output == *"basic03/02   count bytes "*" not started"* ]]
	[[ $output == *"0 of "*" done"*"next: make grade A="* ]]
	g start basic03/02
	[ "$status" -eq 0 ]
	[[ $output == "started $name: edit the files in answers/$name (xdp_counter_kern.c)"* ]]
	[[ $output == *"count the bytes"* ]]
	g progress
	[[ $output == *"count bytes "*" not started"* ]]
	g grade basic03/02-count
	[ "$status" -eq 1 ]
	[[ $output == *"  ok    it builds"*"  FAIL  the bytes of one packet"*"expected 64"*"hint: "* ]]
	sed 's/rx_bytes += /rx_bytes = /' "$solution" >"$file"
	g progress
	[[ $output == *"count bytes "*" not graded"* ]]
	g grade basic03/02
	[ "$status" -eq 1 ]
	g progress
	[[ $output == *"count bytes "*" failing"* ]]
	cp "$solution" "$file"
	g grade basic03/02
	[ "$status" -eq 0 ]
	[[ $output != *FAIL* && $output == *"done: compare it with solutions/$name"* ]]
	g progress
	[[ $output == *"count bytes "*" done"*"1 of "*" done"* ]]
	run -0 make -s -C "answers/$name" grade
	[[ $output == *"ok    the bytes of one packet"* ]]
}

@test "hints: one more each time, and then the worked answer" {
	g hint basic03/02
	[ "$status" -eq 1 ]
	[ "$(grep -c 'hint: ' <<<"$output")" -eq 2 ]
	g hint basic03/02
	[ "$(grep -c 'hint: ' <<<"$output")" -eq 3 ]
	[[ $output == *"diff -u answers/$name solutions/$name" ]]
	g grade basic03/02
	[ "$(grep -c 'hint: ' <<<"$output")" -eq 1 ]
}

@test "reset: a new copy, the old one kept" {
	g start basic03/02
	echo '/* mine */' >>"$file"
	g reset basic03/02
	[ "$status" -eq 0 ]
	run -0 grep -c mine "answers/$name.bak/xdp_counter_kern.c"
	run -1 grep mine "$file"
	cmp "$file" "basic03-map-counter/assignments/02-count-bytes/xdp_counter_kern.c"
}

@test "what does not compile, and what the verifier rejects" {
	g start basic03/02
	echo 'int broken' >>"$file"
	g grade basic03/02
	[ "$status" -eq 1 ]
	[[ $output == *"FAIL  it builds, and the verifier accepts it"*"xdp_counter_kern.c:"*"error: expected"* ]]
	sed 's/if (!rec)/if (0)/' "$solution" >"$file"
	g grade basic03/02
	[ "$status" -eq 1 ]
	[[ $output == *"the verifier rejects 'xdp_stats1_func':"*"map_value_or_null"*"hint: "* ]]
}

@test "JSON: an object a check, an object an assignment" {
	need_cmd jq
	g grade --json basic03/02
	[ "$(jq -r 'select(.ok == false) | .check' <<<"$output" | head -n 1)" = "the bytes of one packet" ]
	[ "$(jq -rs '.[2].hints | length' <<<"$output")" -eq 1 ]
	echo 'int "broken' >>"$file"
	g grade --json basic03/02
	[ "$(jq -r .ok <<<"$output")" = false ]
	[[ $(jq -r .why <<<"$output") == *"xdp_counter_kern.c:"*"broken"* ]]
	g progress --json
	[ "$(jq -r 'select(.assignment == "'"$name"'") | .state' <<<"$output")" = failing ]
}

@test "an assignment that is none, or several" {
	for name in '' basic03 nothing/01 basic03/99 '*/02' 'basic03/$(ls)'; do
		g grade "$name"
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} == "error: "* ]]
	done
	g grade basic/0
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} == "error: 'basic/0' may be "* ]]
	g nothing
	[ "$status" -eq 2 ]
}

@test "make learn: start, a wrong answer and its hint, the right one, the next" {
	need_cmd python3
	run tests/live/expect.py make -s learn A="$name" <<-END
		< keys: n next
		! sed 's/rx_bytes += /rx_bytes = /' $solution >$file
		< packets of all lengths add up
		< hint: Each packet adds its own length
		< keys: n next
		. h
		< not done: that was the last hint
		! cp $solution $file
		< done: compare it with
		< keys: n next
		. l
		< count bytes
		< keys: n next
		. n
		< edit the files in answers/
		. q
	END
	printf '%s\n' "$output"
	[ "$status" -eq 0 ]
	[[ $output == *$'\e[31mFAIL'* && $output == *$'\e[32mok'* ]]
}

@test "make learn into a pipe: plain lines" {
	mkfifo "$BATS_TEST_TMPDIR/keys"
	grader/learn_user "$name" <"$BATS_TEST_TMPDIR/keys" >"$BATS_TEST_TMPDIR/out" 3>&- &
	exec {fd}>"$BATS_TEST_TMPDIR/keys"
	wait_for grep -q 'keys: n next' "$BATS_TEST_TMPDIR/out"
	cp "$solution" "$file"
	wait_for grep -q 'done: compare it' "$BATS_TEST_TMPDIR/out"
	printf q >&"$fd"
	exec {fd}>&-
	wait $!
	run ! grep -q $'\e' "$BATS_TEST_TMPDIR/out"
}
