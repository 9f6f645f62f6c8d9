#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make new-lesson: a lesson that works before anything in it is changed.
# shellcheck disable=SC2016 # a name with a dollar sign

# bats file_tags=slow

load build

# A small tree without lessons, configured and with common/ built, which
# nobody changes: a test that makes a lesson copies it.
setup_file()
{
	export SMALL="$BATS_FILE_TMPDIR/small tree"
	local lesson

	copy_sources "$SMALL"
	for lesson in $(make -s -C "$SMALL" lessons); do
		rm -r "${SMALL:?}/$lesson"
	done
	make -C "$SMALL/template" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/log" >&2; return 1; }
}

setup()
{
	tree="$BATS_TEST_TMPDIR/a tree"
	cp -a "$SMALL" "$tree"
	cd "$tree" || return
}

new_lesson()
{
	run --separate-stderr template/new-lesson.sh "$@"
}

# refuses TEXT [NAME]...: status 2, one line that says so, nothing made.
refuses()
{
	new_lesson "${@:2}"
	refused 2 "$1"
	[ "$(ls -A)" = "$there" ] || fail "it made something"
}

@test "make new-lesson: files and names are those of the lesson, and it builds" {
	run -0 make new-lesson NAME=packet05-foo-bar
	has "made 'packet05-foo-bar'"
	[ "$(ls packet05-foo-bar)" = "Makefile
README.org
needs
test.bats
xdp_foo_bar_kern.c
xdp_foo_bar_user.c" ]
	run grep -rinE 'stem|template|t00' packet05-foo-bar
	[ -z "$output" ] || fail "names of the skeleton"
	output=$(cat packet05-foo-bar/*)
	has '#+TITLE: packet05: '
	has 'lab p05'
	has 'must  xdp_native '
	has 'int xdp_foo_bar_func(struct xdp_md *ctx)'
	run -0 make -C packet05-foo-bar
	has 'BPF      packet05-foo-bar/xdp_foo_bar_kern.o'
	has_no warning
	run -0 packet05-foo-bar/xdp_foo_bar_user --list
	has 'xdp_foo_bar_func '
	# It is a lesson, and the skeleton is none, but built with them.
	run -0 make -s lessons
	[ "$output" = packet05-foo-bar ] || fail "lessons"
	run -0 make -n build
	has 'make -C template'
	run -0 make help
	has 'make new-lesson NAME='
}

@test "its test and its README pass as they are" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	template/new-lesson.sh packet05-foo >/dev/null
	run tests/run.sh packet05-foo/test.bats packet05-foo/README.org
	exits 0
	has ' passed, 0 failed, 0 skipped'
	# They can fail: a program that passes everything.
	sed -i 's/action = XDP_DROP/action = XDP_PASS/' \
		packet05-foo/xdp_foo_kern.c
	run tests/run.sh packet05-foo/test.bats packet05-foo/README.org
	exits 1
	has 'failed: packet05-foo/test.bats: IPv6 is dropped'
	has 'failed: packet05-foo/README.org: '
}

@test "its style is the tree's, beside another one and whatever its name" {
	rm -r testenv tests/[^s]* common/[^p]*.c README.org
	# The longest name, so the longest lines.
	for name in packet05-foo packet06-bar \
		a00-A_very-long-name-for-a-folder-of-999; do
		template/new-lesson.sh "$name" >/dev/null
	done
	[ "${#name}" -eq 40 ]
	for check in tests/style/*.sh; do
		run "$check"
		! grep -E '^# .*(packet0[56]-|a00-|template)' <<<"$output" || fail "$check"
	done
	# Without the mark of a draft its length and its likeness are noted.
	sed -i '/^#+FILETAGS/d' packet0*/README.org
	run tests/style/prose.sh
	has '#   packet05-foo/README.org: '
	run tests/style/duplicates.sh
	has '#   packet06-bar/'
	# A file that it gets later is named too.
	touch packet05-foo/more.h
	run tests/style/prose.sh
	has '# packet05-foo/README.org: no more.h'
}

@test "a name that is missing, bad or taken" {
	mkdir packet07-here
	echo mine >packet08-file
	ln -s nowhere packet09-link
	there=$(ls -A)
	refuses "no name for the lesson"
	refuses "no name for the lesson" ""
	for name in foo packet05 packet05- packet5-foo packet005-foo 05-foo \
		-packet05-foo --foo . .. ./packet05-foo packet05-foo/ a/packet05-foo \
		../packet05-foo .packet05-foo "packet05-foo bar" " packet05-foo" \
		packet05-foo. packet05-foo.c packet05-_foo packet05-foo- 'packet05-f$o' \
		'packet05-foo;ls' $'packet05-foo\nbar' packet05-föö 'packet05-*'; do
		refuses "cannot make lesson '${name%%[^ -~]*}" "$name"
	done
	refuses "longer than 40 characters" \
		a00-A_very-long-name-for-a-folder-of-9999
	for name in packet07-here packet08-file packet09-link; do
		refuses "'$name': it is there already" "$name"
	done
	refuses "one name is wanted, not 2" packet05-foo bar
	[ -z "$(ls -A packet07-here)" ]
	[ "$(<packet08-file)" = mine ]
	for name in "" packet07-here 'a b'; do
		run -2 --separate-stderr make new-lesson NAME="$name"
		[[ ${stderr_lines[0]} == "error: "* ]]
	done
	[ "$(ls -A)" = "$there" ]
}

@test "the script itself does it, from anywhere, configured or not" {
	rm config.mk
	cd "$BATS_TEST_TMPDIR"
	run -0 "a tree/template/new-lesson.sh" packet05-foo
	[ -f "a tree/packet05-foo/xdp_foo_user.c" ]
	cd "a tree/packet05-foo"
	run -0 ../template/new-lesson.sh advanced03-AF_XDP
	run -0 make -s new-lesson -C .. NAME=basic07-7
	run -0 ls ../advanced03-AF_XDP ../basic07-7
	has xdp_af_xdp_kern.c
	has xdp_7_user.c
	[ ! -e ../config.mk ]
	for option in -h --help; do
		run -0 ../template/new-lesson.sh $option
		has 'usage: template/new-lesson.sh NAME'
	done
}

@test "what fails leaves nothing behind; of two at once one makes it" {
	there=$(ls -A)
	script "$BATS_TEST_TMPDIR/bin/sed" <<-'END'
		#!/bin/sh
		echo half
		case $* in *README*) exit 1 ;; esac
	END
	PATH=$BATS_TEST_TMPDIR/bin:$PATH new_lesson packet05-foo
	exits 1
	[[ $stderr == "error: cannot write the files of 'packet05-foo'" ]]
	[ "$(ls -A)" = "$there" ]
	for i in 1 2 3 4 5; do
		template/new-lesson.sh packet05-foo >"$BATS_TEST_TMPDIR/$i" 2>&1 &
	done
	wait
	[ "$(cat "$BATS_TEST_TMPDIR"/[1-5] | grep -c '^made')" -eq 1 ]
	[ "$(cat "$BATS_TEST_TMPDIR"/[1-5] | grep -c 'there already')" -eq 4 ]
	[ "$(files packet05-foo | wc -l)" -eq 6 ]
}
