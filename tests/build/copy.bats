#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make copy: a program of one's own, made out of a lesson's; and that such folders, and
# plain copies of lessons, are no lessons for anybody.
# shellcheck disable=SC2016 # a name with a dollar sign

# bats file_tags=slow

load build

# A built tree that nobody changes: a test that copies something copies it.
setup_file()
{
	export BUILT="$BATS_FILE_TMPDIR/built tree"

	copy_sources "$BUILT"
	make -j2 -C "$BUILT" build >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/log" >&2; return 1; }
}

setup()
{
	tree="$BATS_TEST_TMPDIR/a tree"
	cp -a "$BUILT" "$tree"
	cd "$tree" || return
}

copy_it()
{
	run --separate-stderr template/copy.sh "$@"
}

# refuses TEXT [ARGUMENT]...: status 2, one line that says so, nothing made.
refuses()
{
	copy_it "${@:2}"
	refused 2 "$1"
	[ "$(ls -A)" = "$there" ] || fail "it made something"
}

@test "a copy has its command, what that uses, a test, and names of its own" {
	run -0 make copy FROM=basic03-map-counter TO=My.own-filter
	has "made 'My.own-filter' from basic03-map-counter/xdp_counter_user"
	[ "$(ls My.own-filter)" = "Makefile
my_own_filter_kern.c
my_own_filter_user.c
test.bats" ]
	has "  cd My.own-filter && make"
	run grep -rnE 'xdp_counter_(kern|user)|@[A-Z]+@' My.own-filter
	[ -z "$output" ] || fail "names of the lesson"
	run -0 make -C My.own-filter
	has "LINK     My.own-filter/my_own_filter_user"
	run -0 My.own-filter/my_own_filter_user --list
	has "xdp_stats1_func "
	run -0 make -s own
	[ "$output" = My.own-filter ]
	# A part that is built in two ways comes with both, and its library.
	run -0 make -s copy FROM=tracing02 TO=s
	[ -f s/filter_pcap.c ] && [ -f s/filter_none.c ]
	grep -q libpcap s/Makefile
	[ ! -e s/xdp_sample_pkts_kern.c ]
	# Another command than the first.
	run -0 make -s copy FROM=advanced03-AF_XDP/af_xdp_user TO=xsk
	[ -f xsk/answer.c ] && [ -f xsk/report.h ]
	run -0 make -s copy FROM=advanced03-AF_XDP TO=bare
	[ "$(ls bare)" = $'Makefile\naf_xdp.h\nbare_kern.c\nbare_user.c\ntest.bats' ]
	# The copy of a copy.
	run -0 make -s copy FROM=My.own-filter TO=next
	run -0 make -C next
	run grep -rn my_own_filter next
	[ -z "$output" ] || fail "names of the first copy"
}

@test "all lessons copied and changed: they build, and nothing takes them for lessons" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	local listed own=() lesson file
	listed=$(tests/run.sh --all --list)
	for lesson in $(make -s lessons); do
		make -s copy FROM="$lesson" TO="my-$lesson" >/dev/null
		own+=("my-$lesson")
	done
	run -0 make -j2
	has_no warning
	run tests/run.sh --built "${own[@]/%//test.bats}"
	exits 0
	has "${#own[@]} passed, 0 failed, 0 skipped"
	# Whoever drops everything is told by the test.
	for file in my-*/*_kern.c; do
		sed -i -E 's/\<XDP_(PASS|TX)([;)])/ XDP_DROP\2/' "$file"
	done
	run -0 make -j2
	run tests/run.sh --built my-basic03-map-counter/test.bats
	exits 1
	has 'failed: my-basic03-map-counter/test.bats: IPv4 and UDP: XDP_PASS'
	has 'expected XDP_PASS, got: {"packet": 1, "action": "XDP_DROP"'
	# A plain copy.
	cp -r basic02-prog-by-name basic09-mine
	[ "$(tests/run.sh --all --list)" = "$listed" ]
	run make -s lessons
	[ "${#own[@]}" -eq "$(wc -l <<<"$output")" ] || fail "other lessons"
	for check in tests/style/*.sh; do
		run "$check"
		! grep -E '^# .*(my-|basic09)' <<<"$output" || fail "$check"
	done
	rm -r my-* basic09-mine
	[ -z "$(make -s own)" ]
	[ -z "$(find . -name '*my_*' -o -name 'my-*')" ]
}

@test "what was built under an old name goes when the copy is built under its new one" {
	cp -r basic02-prog-by-name my-filter
	cd my-filter
	run -0 make
	run -0 make debug
	run -0 make
	has_no RM
	[ -x xdp_prog_debug ]
	mv xdp_prog_kern.c my_kern.c
	mv xdp_prog_user.c my_user.c
	run -0 make
	has "RM       my-filter/{xdp_prog_debug xdp_prog_kern xdp_prog_user}: no source"
	[ ! -e xdp_prog_user ] && [ ! -e xdp_prog_debug ] && [ ! -e xdp_prog_kern.o ]
	run ./my_user --list
	exits 40
	has "xdp_prog_kern.o"
	sed -i 's/xdp_prog_kern/my_kern/' my_user.c
	rm -r ../basic02-prog-by-name
	run -0 make
	run -0 ./my_user --list
	run -0 make clean
	[ "$(find . -name '*.[od]' -o -name '*_user')" = "" ]
}

@test "the demo does without copies, and says whose part has failed" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	rm -r basic0[1-4]* packet* tracing* testing* advanced*
	for name in basic01-first basic02-second; do
		mkdir $name
		echo "# lesson $name" >$name/needs
		echo "title $name; check fine true" >$name/demo.sh
	done
	cp -r basic01-first my-copy
	echo "check broken false" >my-copy/demo.sh
	run testenv/demo.sh
	exits 0
	has "demo passed: 2 lessons"
	echo "check broken false" >basic02-second/demo.sh
	run testenv/demo.sh
	exits 1
	has "NOT so: broken"
	has "the demo ends in basic02-second/demo.sh"
}

@test "a lesson, a command or a name that cannot be" {
	mkdir taken
	there=$(ls -A)
	refuses "nothing to copy"
	refuses "no name for the copy" basic01
	for name in no template common testenv ../x; do
		refuses "no lesson '${name%%/*}'; there is: advanced03-AF_XDP, " "$name" x
	done
	refuses "'basic' may be basic01-xdp-pass basic02-prog-by-name " basic x
	refuses "no command 'nothing' in 'basic03-map-counter'; there is: xdp_counter_user, " \
		basic03/nothing x
	refuses "it loads no program of that folder" basic04/xdp_stats_user x
	refuses "'basic01-xdp-pass': it is there already" basic02 basic01-xdp-pass
	refuses "'taken': it is there already" basic02 taken
	for name in -x .x ../x a/b 'a b' 'a$b' $'a\nb' ä; do
		refuses "cannot make '${name%%[^ -~]*}" basic01 "$name"
	done
	refuses "longer than 40 characters" basic01 a2345678901234567890123456789012345678901
	refuses "has another xdp_monitor_plain_kern.c" tracing01 xdp-monitor-plain
	refuses "not 3 things" basic01 x y
	run -2 --separate-stderr make copy TO=x
	[[ ${stderr_lines[0]} == "error: nothing to copy"* ]]
}

@test "what does not build is not copied, and nothing stays" {
	echo 'int broken' >basic02-prog-by-name/xdp_prog_user.c
	there=$(ls -A)
	copy_it basic02 my-filter
	exits 1
	[[ $stderr == *"error: cannot copy 'basic02-prog-by-name': it does not build (see above)" ]]
	[ "$(ls -A)" = "$there" ]
}
