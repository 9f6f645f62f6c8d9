#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# tests/run.sh with suites made up here: it must count rightly, and a program
# that dies, hangs or counts wrongly must never pass.
# shellcheck disable=SC2016 # what is in single quotes is for another shell

# bats file_tags=slow

load ../helpers

setup()
{
	TREE="$BATS_TEST_TMPDIR/a tree"
	mkdir -p "$TREE/tests/style" "$TREE/testenv"
	cp "$TOP/tests/run.sh" "$TOP/tests/harness.pl" "$TOP/tests/run-one" "$TREE/tests/"
	cp "$TOP/testenv/sandbox.sh" "$TREE/testenv/"
	RUN=$TREE/tests/run.sh
}

# program NAME LINE...: a test program of the suite style that runs LINEs.
program()
{
	local name=$1

	shift
	printf '%s\n' "$@" >"$TREE/tests/style/$name.sh"
}

last_line()
{
	[ "${lines[-1]}" = "$1" ] || {
		printf 'last line: %s\n' "${lines[-1]}" >&2
		return 1
	}
}

shows()
{
	[[ $output == *"$1"* ]] || {
		printf "no '%s' in:\n%s\n" "$1" "$output" >&2
		return 1
	}
}

# folder NAME [TOP]: of a lesson.
folder()
{
	mkdir -p "${2:-$TREE}/$1"
	echo "# lesson $1" >"${2:-$TREE}/$1/needs"
}

# counts STATUS SUMMARY [TEXT]: the run ends like that, and shows TEXT.
counts()
{
	run -"$1" "$RUN"
	last_line "$2"
	shows "${3-}"
}

@test "all good" {
	program a 'echo 1..2; echo "ok 1 one"; echo "ok 2 - two"'
	program b 'echo ok; echo "ok three"; echo "# words"; echo 1..2'
	counts 0 '4 passed, 0 failed, 0 skipped' '# style tests/style/b.sh'
	shows '# words'
}

@test "a failing test" {
	program a 'echo 1..2; echo "ok 1 one"; echo "not ok 2 two"
		echo "# the reason"; exit 1'
	counts 1 '1 passed, 1 failed, 0 skipped' '# the reason'
	shows 'failed: tests/style/a.sh: two'
}

@test "a failing test is not saved by exit status 0" {
	program a 'echo 1..1; echo "not ok 1 one"; exit 0'
	counts 1 '0 passed, 1 failed, 0 skipped'
}

@test "skips are listed with their reasons" {
	program a 'echo 1..4' 'echo "ok 1 one # skip no card"' \
		'echo "ok 2 two # SKIP: no time"' 'echo "ok 3 # Skip"' \
		'echo "ok 4 skipped and skipper"'
	counts 0 '1 passed, 0 failed, 3 skipped' 'skipped: tests/style/a.sh: one: no card'
	shows 'two: no time'
	shows 'no reason'
}

@test "a failing test with a skip word has failed; a TODO has not" {
	program a 'echo 1..3; echo "not ok 1 one # skip x"' \
		'echo "not ok 2 two # TODO write it"' 'echo "ok 3 three # TODO"'
	counts 1 '1 passed, 1 failed, 1 skipped' 'two: to do write it'
}

@test "a whole program skipped: 1..0, or status 77" {
	program a 'echo "1..0 # skip no root"'
	program b 'exit 77'
	counts 0 '0 passed, 0 failed, 2 skipped' 'a.sh: no root'
}

@test "a skip of everything cannot hide a failure" {
	program a 'echo "1..0 # skip no root"; exit 1'
	program b 'echo "1..0 # skip no root"; echo "ok 1 one"'
	counts 1 '1 passed, 2 failed, 2 skipped'
}

@test "a program that dies before its plan is complete" {
	program a 'echo 1..3; echo "ok 1 one"; kill -SEGV $$'
	counts 1 '1 passed, 1 failed, 0 skipped' 'You planned 3 tests but ran 1. (exit status 139)'
}

@test "a program that dies at its end" {
	program a 'echo 1..1; echo "ok 1 one"; exit 3'
	counts 1 '1 passed, 1 failed, 0 skipped' 'exit status 3 without a failing test'
}

@test "what a test fetches is fetched before it, and why not is told to it" {
	mkdir "$TREE/tests/build"
	printf '#!/bin/sh\necho "no network"\nexit 1\n' >"$TREE/tests/build/a.fetch"
	printf '@test one {\n\tskip "${NOT_FETCHED-nothing was called}"\n}\n' |
		tee "$TREE/tests/build/a.bats" >"$TREE/tests/build/b.bats"
	chmod +x "$TREE/tests/build/a.fetch"
	run -0 "$RUN" build
	shows 'a.bats: one: no network'
	shows 'b.bats: one: nothing was called'
	last_line '0 passed, 0 failed, 2 skipped'
}

@test "no plan, no output, no such command" {
	program a 'echo "ok 1 one"'
	program b ':'
	program c 'no-such-command'
	counts 1 '1 passed, 3 failed, 0 skipped' 'No plan found in TAP output (exit status 127)'
}

@test "too few, too many, twice, missing, two plans" {
	program a 'echo 1..2; echo "ok 1"'
	program b 'echo 1..1; echo "ok 1"; echo "ok 2"'
	program c 'echo 1..2; echo "ok 1"; echo "ok 1"'
	program d 'echo 1..2; echo "ok 1"; echo "ok 3"'
	program e 'echo 1..1; echo "ok 1"; echo 1..1'
	run -1 "$RUN"
	for name in a b c d e; do
		shows "not ok - tests/style/$name.sh:"
	done
	shows 'c.sh: Tests out of sequence.  Found (1) but expected (2)'
	shows 'd.sh: Tests out of sequence.  Found (3) but expected (2)'
}

@test "bailing out is a failure" {
	program a 'echo 1..1; echo "ok 1"; echo "Bail out! no disk"'
	counts 1 '1 passed, 1 failed, 0 skipped' 'no disk'
}

@test "a hang is a failure with its name, and leaves no process" {
	program a 'echo 1..2; echo "ok 1"' 'sleep 4321 & sleep 4321'
	TEST_TIMEOUT=1 counts 1 '1 passed, 1 failed, 0 skipped' \
		'tests/style/a.sh: stopped: longer than 1 s'
	gone 'sleep 4321'
}

@test "a hang in the sandbox too" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	folder lesson
	printf '@test "x" { setsid sleep 4322 & sleep 4322; }\n' \
		>"$TREE/lesson/test.bats"
	TEST_TIMEOUT=2 counts 1 '0 passed, 1 failed, 0 skipped' \
		'lesson/test.bats: stopped: longer than 2 s'
	gone 'sleep 4322'
}

@test "no tests at all is a failure" {
	counts 1 '0 passed, 1 failed, 0 skipped' 'no tests were found'
}

@test "each suite finds its programs" {
	folder lesson
	folder lesson01-a
	# A copy of a lesson, which has the needs of that one, and a program of one's own.
	mkdir "$TREE"/{my-copy,my-own}
	touch "$TREE"/my-{copy,own}/test.bats
	cp "$TREE/lesson/needs" "$TREE/my-copy/"
	printf '#+begin_src sh\ntrue\n#+end_src\n' |
		tee "$TREE/my-copy/README.org" >"$TREE/my-own/more.org"
	mkdir -p "$TREE"/solutions/lesson/01-x \
		"$TREE"/tests/{build,unit,progrun,live,faults,fuzz,docs}
	touch "$TREE"/{lesson/{test,zero}.bats,solutions/lesson/01-x/test.bats} \
		"$TREE"/tests/{build/b,live/l,faults/f,fuzz/z,docs/d}.bats
	printf '#+begin_src sh\ntrue\n#+end_src\n' >"$TREE/lesson/README.org"
	mkdir "$TREE/template"
	printf '#+begin_src sh\ntrue\n#+end_src\n' |
		tee "$TREE/lesson01-a/more.org" >"$TREE/template/export.org"
	printf 'words\n' >"$TREE/README.org"
	install -m 755 /dev/null "$TREE/tests/unit/test_x"
	install -m 755 /dev/null "$TREE/tests/progrun/test_y"
	touch "$TREE"/tests/{unit/test_x,progrun/test_y}.c
	program s ''
	run -0 "$RUN" --list
	[ "$output" = "style tests/style/s.sh
build tests/build/b.bats
unit tests/unit/test_x
progrun tests/progrun/test_y
live lesson/test.bats
live lesson/zero.bats
live solutions/lesson/01-x/test.bats
live tests/live/l.bats
faults tests/faults/f.bats
fuzz tests/fuzz/z.bats
docs tests/docs/d.bats
docs lesson/README.org
docs lesson01-a/more.org" ]
	run -0 "$RUN" --list --all
	[[ $output == *"
docs lesson01-a/more.org
user lesson/README.org
user lesson01-a/more.org" ]]
	run -0 "$RUN" --list unit lesson/README.org
	[ "$output" = "unit tests/unit/test_x
docs lesson/README.org" ]
	run -0 "$RUN" --list unit tests/unit/test_x
	[ "$output" = "unit tests/unit/test_x" ]
	run -0 "$RUN" --list lessons readmes
	[ "$output" = "lessons lesson/test.bats
lessons lesson/zero.bats
lessons solutions/lesson/01-x/test.bats
readmes lesson/README.org
readmes lesson01-a/more.org" ]
	cd "$TREE/lesson"
	run -2 ../tests/run.sh --list test.bats ../tests/unit/test_x.c
	run -0 ../tests/run.sh --list test.bats
	[ "$output" = 'live lesson/test.bats' ]
	run -0 ../tests/run.sh --list zero.bats
	[ "$output" = 'live lesson/zero.bats' ]
	run -0 ../tests/run.sh --list "$TREE/lesson/test.bats"
	[ "$output" = 'live lesson/test.bats' ]
	# Its own folder's test runs by its name.
	run -0 "$RUN" --list my-copy/test.bats
	[ "$output" = 'live my-copy/test.bats' ]
}

@test "units: built first; a build that fails is a failed test" {
	mkdir "$TREE/tests/unit"
	printf 'all: test_x\ntest_x: test_x.sh\n\tcp test_x.sh test_x; chmod +x test_x\n' \
		>"$TREE/tests/unit/Makefile"
	printf '#!/bin/sh\necho 1..1; echo "ok 1 unit"\n' \
		>"$TREE/tests/unit/test_x.sh"
	counts 0 '1 passed, 0 failed, 0 skipped' 'ok 1 unit'
	rm "$TREE/tests/unit/test_x" "$TREE/tests/unit/test_x.sh"
	counts 1 '0 passed, 1 failed, 0 skipped' 'No rule to make target'
}

@test "a lesson that make left out is skipped with its reason" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	folder lesson
	printf '@test "x" { false; }\n' >"$TREE/lesson/test.bats"
	printf 'all:\nskips:\n\t@echo "left out: lesson: needs x (install y)"\n' \
		>"$TREE/Makefile"
	counts 0 '0 passed, 0 failed, 1 skipped' 'lesson/test.bats: needs x (install y)'
}

@test "without bats: a failure that names the package" {
	mkdir -p "$TREE/tests/build" "$BATS_TEST_TMPDIR/bin"
	printf '@test "x" { true; }\n' >"$TREE/tests/build/x.bats"
	for cmd in bash sh sed head cat dirname grep nproc timeout id perl awk; do
		ln -s "$(type -P "$cmd")" "$BATS_TEST_TMPDIR/bin/"
	done
	sed -i 's/^PATH=.*//' "$RUN"
	PATH=$BATS_TEST_TMPDIR/bin counts 1 '0 passed, 1 failed, 0 skipped' \
		'install the package bats'
}

@test "not root: live, faults and docs are skipped with the reason" {
	need_cmd setpriv
	[ "$(id -u)" -eq 0 ] || skip "not root"
	other=$(mktemp -d /tmp/run-test.XXXXXX)
	folder lesson "$other"
	cp -r "$TREE/." "$other/"
	printf '@test "x" { false; }\n' >"$other/lesson/test.bats"
	chmod -R a+rX "$other"
	run -0 env TMPDIR=/tmp setpriv --reuid=65534 --clear-groups \
		bash "$other/tests/run.sh"
	rm -r "$other"
	last_line '0 passed, 0 failed, 1 skipped'
	shows 'lesson/test.bats: not root'
}

@test "unknown arguments: status 2 and one line" {
	for argument in nonsense --bogus tests/style/none.sh /etc/passwd; do
		run -2 --separate-stderr "$RUN" "$argument"
		one_line_error "$argument"
	done
	run -2 --separate-stderr "$RUN" -j 0
	one_line_error -j
	run -0 "$RUN" --help
	shows usage:
}

@test "several at once: lines are kept together" {
	for name in a b c d; do
		program $name "echo 1..2; echo 'ok 1 $name'; sleep 0.2
			echo 'ok 2 $name'"
	done
	run -0 "$RUN" -j 3
	[ "$(sed -n 's/^ok . //p' <<<"$output" | sort | tr -d '\n')" = aabbccdd ]
	[ "$(sed -n 's/^ok . //p' <<<"$output" | uniq | wc -l)" -eq 4 ]
}

@test "what is slow runs with --all, and where its file is named" {
	mkdir "$TREE/tests/build"
	printf '%s\n' '# bats test_tags=slow' '@test one { true; }' \
		'# bats test_tags=kernel' '@test two { true; }' >"$TREE/tests/build/a.bats"
	printf '%s\n' '# bats file_tags=kernel,slow' '@test three { true; }' \
		>"$TREE/tests/build/b.bats"
	run -0 "$RUN" build
	last_line '1 passed, 0 failed, 0 skipped'
	shows 'ok 1 two'
	run -0 "$RUN" --list build
	[ "$output" = 'build tests/build/a.bats' ]
	run -0 "$RUN" --all build
	last_line '3 passed, 0 failed, 0 skipped'
	run -0 "$RUN" tests/build/b.bats
	last_line '1 passed, 0 failed, 0 skipped'
	run -0 "$RUN" --all --tag kernel build
	last_line '2 passed, 0 failed, 0 skipped'
	[[ $output != *one* ]]
}

@test "--only-failed: those that failed when they ran last" {
	program a '[ ! -e fail ] && echo ok; echo 1..1'
	program b 'echo ok; echo 1..1'
	touch "$TREE/fail"
	run -1 "$RUN"
	run -0 "$RUN" --list --only-failed
	[ "$output" = 'style tests/style/a.sh' ]
	run -0 "$RUN" tests/style/b.sh
	run -1 "$RUN" --only-failed
	last_line '0 passed, 1 failed, 0 skipped'
	rm "$TREE/fail"
	run -0 "$RUN" --only-failed
	last_line '1 passed, 0 failed, 0 skipped'
	run -0 "$RUN" --only-failed
	[ "$output" = 'nothing has failed' ]
	run -2 --separate-stderr "$RUN" --only-failed style
	one_line_error --only-failed
	# What is gone meanwhile.
	touch "$TREE/fail"
	run -1 "$RUN"
	rm "$TREE/tests/style/a.sh"
	run -0 "$RUN" --only-failed
	[ "$output" = 'nothing has failed' ]
}

@test "on a terminal: how far it is, what runs and what is left; all of what failed" {
	need_cmd script
	program a 'echo 1..2; echo "ok 1 one"; echo "ok 2 two # skip it"'
	program b 'echo 1..1; echo "# the reason"; echo "not ok 1 three"'
	COLUMNS=80 run -1 script -qec "'$RUN' -j 1" /dev/null </dev/null
	shows '0 of 2, 0 failed; now tests/style/a.sh; then 1 more'
	shows '1 of 2, 0 failed; now tests/style/b.sh; then 0 more'
	shows 'ok  tests/style/a.sh: 1 passed, 1 skipped, 0 s'
	shows '# the reason'
	[[ $output != *'ok 1 one'* ]]
	[[ ${lines[-1]} == '1 passed, 1 failed, 1 skipped'* ]]
}

@test "without TAP::Harness: one line that says what to do" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	for cmd in bash sh sed cat dirname nproc mktemp rm grep awk; do
		ln -s "$(type -P "$cmd")" "$BATS_TEST_TMPDIR/bin/"
	done
	sed -i 's/^PATH=.*//' "$RUN"
	program a 'echo ok; echo 1..1'
	PATH=$BATS_TEST_TMPDIR/bin run -1 --separate-stderr "$RUN"
	one_line_error TAP::Harness
}

@test "interrupted: nothing of it is left" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	folder lesson
	printf '@test "x" { touch "%s/started"; sleep 4323; }\n' \
		"$BATS_TEST_TMPDIR" >"$TREE/lesson/test.bats"
	TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	TMPDIR=$TMPDIR "$RUN" 3>&- >/dev/null &
	for ((i = 0; i < 50; i++)); do
		[ ! -e "$BATS_TEST_TMPDIR/started" ] || break
		sleep 0.1
	done
	kill -TERM $!
	rc=0
	wait $! || rc=$?
	[ "$rc" -eq 143 ]
	gone 'sleep 4323'
	[ -z "$(ls "$TMPDIR")" ]
}

@test "what a list leaves out is skipped with its reason, and not run" {
	program a 'echo ok; echo 1..1'
	program b 'touch ran; echo ok; echo 1..1'
	printf '# a remark\ntests/style/b.sh\tit is slow here\n' >"$TREE/list"
	run -0 "$RUN" --left-out "$TREE/list"
	last_line '1 passed, 0 failed, 1 skipped'
	shows 'skipped: tests/style/b.sh: tests/style/b.sh: it is slow here'
	[ ! -e "$TREE/ran" ]
	run -2 "$RUN" --left-out "$TREE/no-list"
	shows "error: --left-out cannot read '$TREE/no-list'"
}

@test "nothing is built where that was done" {
	mkdir -p "$TREE/tests/unit"
	printf 'all:\n\t@touch built\n' >"$TREE/tests/unit/Makefile"
	printf '#!/bin/sh\necho ok; echo 1..1\n' >"$TREE/tests/unit/test_x"
	chmod +x "$TREE/tests/unit/test_x"
	run -0 "$RUN" --built unit
	last_line '1 passed, 0 failed, 0 skipped'
	[ ! -e "$TREE/tests/unit/built" ]
	run -0 "$RUN" unit
	[ -e "$TREE/tests/unit/built" ]
}

@test "a record says how each lesson fared, and on what" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	lesson basic77-one '@test "x" { true; }' '@test "y" {' \
		'skip "no frags here: that is why"' '}'
	lesson basic78-two '@test "z" { false; }' '@test "w" { skip "at will"; }'
	echo "CLANG := clang" >"$TREE/config.mk"
	run -1 "$RUN" --record "$BATS_TEST_TMPDIR/record" live
	last_line '1 passed, 1 failed, 2 skipped'
	version=$(clang --version | sed -n 's/.*version \([0-9.]*\).*/\1/p;T;q')
	diff - <(grep -v ^system "$BATS_TEST_TMPDIR/record") <<-END
		# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
		kernel $(uname -r)
		clang $version
		date $(date -u +%F)
		lesson basic77-one passed 1 failed 0 skipped 1
		lesson basic78-two passed 0 failed 1 skipped 1
		skip basic77-one no frags here: that is why
		skip basic78-two w: at will
	END
}

# lesson NAME LINE...: a lesson whose test.bats has these lines.
lesson()
{
	local name=$1

	shift
	folder "$name"
	touch "$TREE/$name/Makefile"
	printf '%s\n' "$@" >"$TREE/$name/test.bats"
}

@test "side by side: those in sandboxes too" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	# Each waits for what the other one makes.
	for name in one two; do
		other=$([ "$name" = one ] && echo two || echo one)
		lesson "basic7-$name" "@test \"x\" { touch '$BATS_TEST_TMPDIR/$name'" \
			"for i in {1..100}; do sleep 0.1" \
			"[ ! -e '$BATS_TEST_TMPDIR/$other' ] || return 0; done; false; }"
	done
	run -0 "$RUN" -j 2 live
	last_line '2 passed, 0 failed, 0 skipped'
}

@test "--claim: what somebody else has taken is not run, shown, or counted" {
	for name in a b c; do
		program "$name" 'echo 1..1; echo "ok 1 it"'
	done
	claims=$BATS_TEST_TMPDIR/claims
	mkdir -p "$claims/1"
	run -0 "$RUN" --claim "$claims"
	last_line '2 passed, 0 failed, 0 skipped'
	shows '# style tests/style/c.sh'
	[[ $output != *b.sh* ]]
	run -0 "$RUN" --claim "$claims"
	last_line '0 passed, 0 failed, 0 skipped'
	run -2 "$RUN" --claim /nowhere
}
