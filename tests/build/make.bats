#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The Makefiles: every build happens in a copy whose path has a space.

# bats file_tags=slow

load build

# A built tree that nobody changes: a test that needs one copies it.
setup_file()
{
	export BUILT="$BATS_FILE_TMPDIR/built tree"
	export SOURCE="$BATS_FILE_TMPDIR/sources only"
	copy_sources "$SOURCE"
	cp -a "$SOURCE" "$BUILT"
	make -C "$BUILT" -j 4 >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/log" >&2; return 1; }
}

setup()
{
	tree="$BATS_TEST_TMPDIR/a tree"
}

use()
{
	cp -a "$1" "$tree"
	cd "$tree" || return
}

# is_built DIR: the sources of a lesson have what is made of them beside them.
is_built()
{
	local source

	for source in "$1"/*_kern.c; do
		[ ! -e "$source" ] || [ -s "${source%.c}.o" ] ||
			fail "no ${source%.c}.o"
	done
	for source in "$1"/*_user.c; do
		[ ! -e "$source" ] || [ -x "${source%.c}" ] ||
			fail "no ${source%.c}"
	done
}

@test "make -j builds every lesson" {
	cd "$BUILT"
	[ -n "$(lessons .)" ]
	for lesson in $(lessons .); do
		grep -q "^left out: $lesson:" "$BATS_FILE_TMPDIR/log" ||
			is_built "$lesson"
	done
	output=$(<"$BATS_FILE_TMPDIR/log")
	has "BPF      basic02-prog-by-name/xdp_prog_kern.o"
	has "LINK     basic02-prog-by-name/xdp_prog_user"
	has_no "warning"
	has_no "-target bpf"
}

@test "a second make does nothing" {
	use "$BUILT"
	before=$(files .)
	run -0 make V=1
	did=$(grep -v '^left out: ' <<<"$output" || true)
	[ -z "$did" ] || fail "it did: $did"
	[ "$(files .)" = "$before" ] ||
		fail "changed:" "$(diff <(echo "$before") <(files .))"
	for lesson in $(lessons .); do
		run -0 make -C "$lesson"
		[ "$(files .)" = "$before" ] || fail "changed by $lesson"
	done
}

@test "a lesson builds alone, before anyone ran configure" {
	use "$SOURCE"
	[ ! -e config.mk ]
	(cd basic02-prog-by-name && make) >log 2>&1
	grep "checking libbpf" log
	[ -s config.mk ]
	is_built basic02-prog-by-name
	# No other lesson was built.
	for lesson in $(lessons .); do
		[ "$lesson" = basic02-prog-by-name ] ||
			[ -z "$(ls "$lesson"/*.o 2>/dev/null)" ] ||
			fail "$lesson was built as well"
	done
	# And so does each of the others.
	for lesson in $(lessons .); do
		run -0 make -C "$lesson"
		[[ $output == *"left out: $lesson:"* ]] || is_built "$lesson"
	done
}

@test "V=1 shows the command lines" {
	use "$BUILT"
	cd basic02-prog-by-name
	touch ./*_kern.c ./*_user.c
	run -0 make V=1
	has "-target bpf"
	has "-O2 -g -mcpu=v3"
	has "-Wall -Wextra -Werror"
	touch ./*_kern.c ./*_user.c
	run -0 make
	has_no "-target bpf"
	has_no "-Wall"
}

@test "clean leaves the tree as it was" {
	use "$BUILT"
	mkdir tests-of-mine && echo mine >tests-of-mine/notes.txt
	run -0 make clean
	rm -r tests-of-mine
	[ "$(contents .)" = "$(contents "$SOURCE")" ] ||
		fail "$(diff <(contents .) <(contents "$SOURCE"))"
	run -0 make clean
}

# lose_sources: the sources of some things that are built are gone, or elsewhere.
# Beside them are files of the user's, which nobody has built.
lose_sources()
{
	mv basic02-prog-by-name/xdp_prog_user.c basic02-prog-by-name/xdp_mine_user.c
	mv basic02-prog-by-name/xdp_prog_kern.c basic02-prog-by-name/xdp_mine_kern.c
	mv common/net/route.c common/route.c
	mkdir packet09-new
	find packet02-rewriting -mindepth 1 -maxdepth 1 ! -name '*.[od]' ! -name '*_user' \
		-exec mv -t packet09-new {} +
	[ -e packet09-new/Makefile ]
	rm tests/progrun/test_csum.c tests/fuzz/fuzz_address.c doctor/doctor_tools.c
	echo mine | tee basic01-xdp-pass/notes_user basic01-xdp-pass/xdp_pass_kern \
		doctor/doctor_system common/log packet03-redirecting/d tests/progrun/test_mine >/dev/null
}

@test "clean removes what was built of sources that are gone, and nothing else" {
	use "$BUILT"
	make -s -C basic02-prog-by-name debug
	make -s -C tests/progrun test_csum
	make -s -C tests/fuzz fuzz_address || echo "no libFuzzer here"
	# As they were in another folder of common/, and in none.
	mkdir common/former
	cp common/net/*.[od] common/former
	cp common/net/*.[od] common
	lose_sources
	[ -x packet02-rewriting/xdp_rewrite_user ]
	run -0 make clean
	[ ! -e packet02-rewriting ]
	mv "$tree" "$tree.built"
	use "$SOURCE"
	lose_sources
	cd "$tree.built"
	[ "$(contents .)" = "$(contents "$tree")" ] ||
		fail "$(diff <(contents .) <(contents "$tree"))"
}

@test "clean and help need no configure" {
	use "$SOURCE"
	run -0 make clean help
	has "make check"
	has "make demo"
	has "./configure --help"
	has_no "checking"
	run -0 make -C basic02-prog-by-name clean
	[ "$(contents .)" = "$(contents "$SOURCE")" ]
}

@test "cp -r of a lesson builds at once" {
	use "$BUILT"
	cp -r basic02-prog-by-name my-lesson
	rm my-lesson/*.[od] my-lesson/*_user
	run -0 make
	has "my-lesson/"
	has_no "basic"
	is_built my-lesson
	# A copy that was built before: it is its own, and alone.
	cp -r basic02-prog-by-name another
	cd another
	run -0 make
	touch xdp_prog_kern.c
	run -0 make
	has "another/xdp_prog_kern.o"
	has_no "user"
}

@test "a source, a header and an option that change are built anew" {
	use "$BUILT"
	cd basic02-prog-by-name
	echo '#define MINE 1' >mine.h
	sed -i '1i #include "mine.h"' xdp_prog_kern.c xdp_prog_user.c
	run -0 make
	for changed in mine.h ../config.mk Makefile ../common/common.mk; do
		touch "$changed"
		run -0 make
		has "basic02-prog-by-name/xdp_prog_kern.o"
		has "basic02-prog-by-name/xdp_prog_user"
	done
	# The library's: rebuilt wherever somebody builds.
	touch ../common/attach.c
	run -0 make
	has "common/attach.o"
	has "basic02-prog-by-name/xdp_prog_user"
	touch ../common/options.h
	run -0 make
	has "common/options.o"
	has "basic02-prog-by-name/xdp_prog_user"
	has_no "xdp_prog_kern.o"
}

@test "a header of headers/ that changes rebuilds the programs" {
	use "$BUILT"
	mkdir -p headers
	cd basic02-prog-by-name
	echo '#define MINE 1' >../headers/mine.h
	sed -i '1i #include "mine.h"' xdp_prog_kern.c
	run -0 make
	touch ../headers/mine.h
	run -0 make
	has "xdp_prog_kern.o"
	has_no "xdp_prog_user"
	# One that is gone is no reason to stop.
	sed -i 1d xdp_prog_kern.c
	rm ../headers/mine.h
	run -0 make
}

@test "a newer configure is run again" {
	use "$BUILT"
	touch configure
	run -0 make
	has "checking libbpf"
	has "basic02-prog-by-name/xdp_prog_user"
}

@test "a warning is an error, on both sides, and leaves no file" {
	use "$BUILT"
	cd basic02-prog-by-name
	for side in kern user; do
		echo 'static int unused_here(void) { return 0; }' \
			>>"xdp_prog_$side.c"
	done
	rm xdp_prog_user xdp_prog_kern.o
	run -2 make xdp_prog_kern.o
	has "unused_here"
	run -2 make xdp_prog_user
	has "unused_here"
	[ ! -e xdp_prog_user ]
	[ ! -e xdp_prog_kern.o ]
	# The one at the top fails as well, whatever else there is to build.
	run -2 make -C .. -j 4
	has "unused_here"
	echo 'static int unused_here(void) { return 0; }' >>../common/log.c
	run -2 make -C ../common
	has "unused_here"
}

@test "two files of common/ with one name are an error that says so" {
	use "$BUILT"
	cp common/log.c common/net/log.c
	run -2 make -C basic02-prog-by-name
	has "two files of common/ are called log.c: rename one"
	rm common/net/log.c
	run -0 make -C basic02-prog-by-name
}

@test "gcc and clang both build the commands" {
	use "$SOURCE"
	for cc in gcc clang; do
		command -v $cc >/dev/null || continue
		./configure CC=$cc >/dev/null
		run -0 make -j 4
		has_no "warning"
		is_built basic02-prog-by-name
	done
}

@test "EXTRA_CFLAGS reaches the compiler" {
	use "$BUILT"
	./configure EXTRA_CFLAGS=-DEXTRA_FLAG=1 >/dev/null
	run -0 make -C basic02-prog-by-name V=1
	has "-DEXTRA_FLAG=1"
}

@test "a lesson that needs what is missing is left out and named" {
	use "$BUILT"
	cp -r basic02-prog-by-name my-lesson
	rm my-lesson/*.[od] my-lesson/*_user
	sed -i '/^include/i NEEDS := bpftool' my-lesson/Makefile
	./configure BPFTOOL=/no/such >/dev/null
	package=$(sed -n 's/^PKG_bpftool := //p' config.mk)
	line="left out: my-lesson: needs bpftool (install $package)"
	run -0 make
	has "$line"
	is_built basic02-prog-by-name
	[ ! -e my-lesson/xdp_prog_kern.o ]
	run -0 make -s skips
	has "$line"
	[ "$(grep -c my-lesson <<<"$output")" -eq 1 ]
	run -0 make -C my-lesson
	has "$line"
	# With it, the lesson is built.
	printf '#!/bin/sh\necho bpftool v9.9\n' | script ./my-bpftool
	./configure BPFTOOL=./my-bpftool >/dev/null
	run -0 make
	has_no "my-lesson: needs"
	is_built my-lesson
}

@test "without libpcap all is built but the lessons that read captures, and --filter" {
	use "$BUILT"
	package=$(sed -n 's/^PKG_libpcap := //p' config.mk)
	sed -i 's/^HAVE_LIBPCAP.*/HAVE_LIBPCAP :=/; s/^PCAP_LIBS.*/PCAP_LIBS :=/' config.mk
	find . -name '*_pcap.o' -delete
	mkdir common/pcap
	echo '#error "who includes this?"' >common/pcap/pcap.h
	run -0 make
	has "left out: testing01-prog-run: needs libpcap (install $package)"
	[ ! -e common/packets/capfile_pcap.o ]
	is_built basic02-prog-by-name
	# A part of a lesson: what stands in says what is missing.
	has "left out: a part of tracing02-sample-pkts: takes libpcap (install $package)"
	[ "$(grep -c tracing02 <<<"$output")" -ge 2 ]
	has_no "left out: tracing02"
	is_built tracing02-sample-pkts
	command=tracing02-sample-pkts/xdp_sample_pkts_user
	run -0 ldd $command
	has_no "libpcap"
	run -77 $command --dev lo --filter icmp
	has "error: cannot filter by 'icmp': built without libpcap (install $package, then "
	[ "${#lines[@]}" -eq 1 ]
	# Without the option it is as good as any.
	run $command --dev lo --sample 0
	has "for --sample"
	run -0 make -n V=1 -C tests/unit
	has "-o test_options"
	has_no "capfile_pcap"
	# Where it is there, that lesson takes it, and nothing stands in.
	sed -i 's/^HAVE_LIBPCAP.*/HAVE_LIBPCAP := y/; s/^PCAP_LIBS.*/PCAP_LIBS := -lpcap/' config.mk
	run -0 make -n V=1 -C tracing02-sample-pkts
	has "-lpcap"
	has "filter_pcap.o"
	has_no "filter_none"
	run -0 make -s -C tracing02-sample-pkts skips
	[ -z "$output" ]
	run -0 make -n V=1 -B -C tracing01-xdp-monitor
	has_no "-lpcap"
}

@test "without libmicrohttpd a command says what is missing when it is asked to serve" {
	use "$BUILT"
	mkdir my-lesson
	printf 'USES := libmicrohttpd\ninclude ../common/common.mk\n' \
		>my-lesson/Makefile
	cat >my-lesson/my_user.c <<-'END'
		#include "metrics/metrics_http.h"

		int main(int argc, char **argv)
		{
			struct metrics_http *server;

			(void)argc;
			return metrics_http_start(&server, argv[1], 0, 0) ? 77 : 0;
		}
	END
	package=$(sed -n 's/^PKG_libmicrohttpd := //p' config.mk)
	sed -i 's/^HAVE_LIBMICROHTTPD.*/HAVE_LIBMICROHTTPD :=/; s/^MHD_LIBS.*/MHD_LIBS :=/' \
		config.mk
	find . -name '*_mhd.o' -delete
	run -0 make
	has "left out: a part of my-lesson: takes libmicrohttpd (install $package)"
	[ ! -e common/metrics/metrics_http_mhd.o ]
	run -0 my-lesson/my_user
	run -77 my-lesson/my_user 9100
	has "cannot serve metrics at '9100': built without libmicrohttpd (install $package, "
	run -0 make -n V=1 -C tests/unit
	has "-o test_metrics"
	has_no "_mhd"
	# Where it is there, that command takes it, and no other one.
	sed -i 's/^HAVE_LIBMICROHTTPD.*/HAVE_LIBMICROHTTPD := y/' config.mk
	sed -i 's/^MHD_LIBS.*/MHD_LIBS := -lmicrohttpd/' config.mk
	run -0 make -n V=1 -C my-lesson
	has "-lmicrohttpd"
	run -0 make -s -C my-lesson skips
	[ -z "$output" ]
	run -0 make -n V=1 -B -C basic01-xdp-pass
	has_no "-lmicrohttpd"
}

@test "when configure fails, so does make, with its words" {
	use "$SOURCE"
	export CLANG=/no/such
	run -2 make
	has "missing: clang"
	[ ! -e config.mk ]
	run -2 make -C basic02-prog-by-name
	has "missing: clang"
	[ -z "$(find . -name '*.[od]')" ]
}

@test "git ignores all that is built" {
	command -v git >/dev/null || skip "no git here"
	use "$BUILT"
	git init -q .
	for dir in tests/*/Makefile; do
		[ ! -e "$dir" ] || make -s -C "${dir%/*}" >/dev/null
	done
	git add -A
	listed=$(git ls-files | sort)
	wanted=$(cd "$SOURCE" && find . -type f | sed 's|^\./||' | sort)
	[ "$listed" = "$wanted" ] ||
		fail "$(diff <(echo "$listed") <(echo "$wanted"))"
}
