#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make export: a lesson in a folder of its own, with what it uses and nothing
# else. That its command loads its object is tested in tests/live/export.bats.
# shellcheck disable=SC2016 # what is in single quotes is for another shell

# bats file_tags=slow

load build

# Every lesson is exported to a folder whose path has a space, and built there
# while the tree is away. Tests that change something copy it.
setup_file()
{
	export TREE="$BATS_FILE_TMPDIR/the tree" OUT="$BATS_FILE_TMPDIR/out of it"
	export LOGS="$BATS_FILE_TMPDIR/logs"
	local lesson

	copy_sources "$TREE"
	mkdir "$OUT" "$LOGS"
	LESSONS=$(make -s -C "$TREE" lessons)
	export LESSONS
	for lesson in $LESSONS; do
		"$TREE/template/export.sh" "$lesson" "$OUT/$lesson" \
			>"$LOGS/$lesson.export" 2>&1
		contents "$OUT/$lesson" >"$LOGS/$lesson.contents"
	done
	mv "$TREE" "$TREE.away"
	for lesson in $LESSONS; do
		printf '%s\0' "$lesson"
	done | xargs -0 -P 2 -I '{}' env -i PATH="$PATH" HOME=/ sh -c \
		'make -C "$1/$2" >"$3/$2.make" 2>&1' sh "$OUT" '{}' "$LOGS" || :
	mv "$TREE.away" "$TREE"
}

setup()
{
	dest="$BATS_TEST_TMPDIR/new folder/mine"
}

export_it()
{
	run --separate-stderr "$TREE/template/export.sh" "$@"
}

# refuses STATUS TEXT LESSON FOLDER: one line that says so, nothing else.
refuses()
{
	export_it "${@:3}"
	refused "$1" "$2"
}

# helpers DIR: what is there of common/ and headers/.
helpers()
{
	(cd "$1" && find common headers -name '*.[ch]' 2>/dev/null | sort)
}

# links_again: make in this built export, of which a file was removed.
links_again()
{
	rm -f common/libcommon.a ./*_user
	make >/dev/null 2>&1
}

@test "every lesson is exported, and built by plain make without a warning" {
	[ "$(wc -w <<<"$LESSONS")" -ge 2 ]
	for lesson in $LESSONS; do
		output=$(cat "$LOGS/$lesson.export" "$LOGS/$lesson.make")
		status=$lesson
		has "exported '$lesson' to '$OUT/$lesson'"
		has_no "warning"
		has_no "error"
		for source in "$TREE/$lesson"/*.c; do
			file="$OUT/$lesson/${source##*/}"
			case $file in
			*_none.c) other=${file%_none.c}_pcap.c ;;
			*_pcap.c) other=${file%_pcap.c}_none.c ;;
			*) other= ;;
			esac
			# One of the two, as it was built here.
			if [ -n "$other" ] && [ -f "$other" ]; then
				[ ! -f "$file" ] || fail "both $file and $other"
				continue
			fi
			[ -f "$file" ] || fail "no $source"
		done
		for source in "$OUT/$lesson"/*_kern.c; do
			[ -s "${source%.c}.o" ] || fail "no object of $source"
		done
		for source in "$OUT/$lesson"/*_user.c; do
			[ -x "${source%.c}" ] || fail "no command of $source"
		done
	done
}

@test "licenses and a README without gaps come along, nothing of the tree is named" {
	for lesson in $LESSONS; do
		cd "$OUT/$lesson"
		for file in LICENSE LICENSES/GPL-2.0.txt LICENSES/BSD-2-Clause.txt; do
			cmp "$TREE/$file" "$file"
		done
		output=$(<README.org)
		has "$lesson"
		cmp "$TREE/$lesson/needs" needs
		has "| =needs= | "
		has "of the kernel what [[file:needs][needs]] lists."
		for package in iproute2 libxdp-dev elfutils-libelf-devel libbpf zlib-devel musl-dev; do
			has "$package"
		done
		[[ ! $output =~ @[A-Z]+@ ]] || fail "a gap: ${BASH_REMATCH[0]}"
		output=$(grep -n '||\| |  *|$' README.org || true)
		[ -z "$output" ] || fail "an empty cell"
		# Each file is in its table.
		for file in *.[ch] common/*.[ch] common/*/*.[ch] headers/*.h; do
			[ ! -f "$file" ] || grep -qF "| =$file= | " README.org ||
				fail "README.org does not name $file"
		done
		output=$(grep -rnF -e "$TREE" -e '../' --include='*.[chd]' \
			--include=Makefile . || true)
		[ -z "$output" ] || fail "it points to the tree"
	done
}

@test "each helper that came along is needed, and none is missing" {
	for lesson in $LESSONS; do
		copy="$BATS_TEST_TMPDIR/a copy"
		rm -rf "$copy"
		cp -a "$OUT/$lesson" "$copy"
		cd "$copy"
		[ -n "$(helpers .)" ]
		# Without any removed it does build.
		links_again || fail "$lesson does not build again"
		for file in $(helpers .); do
			mv "$file" "$BATS_TEST_TMPDIR/removed"
			rm -f "${file%.c}.o"
			! links_again || fail "$lesson does not need $file"
			mv "$BATS_TEST_TMPDIR/removed" "$file"
		done
	done
}

@test "the check of the helpers finds one too many" {
	cp -a "$OUT/basic02-prog-by-name" "$BATS_TEST_TMPDIR/copy"
	cd "$BATS_TEST_TMPDIR/copy"
	echo 'int more(void);' >common/more.h
	printf '#include "more.h"\nint more(void) { return 1; }\n' >common/more.c
	make >/dev/null 2>&1
	rm common/more.[co]
	links_again
	rm common/more.h
	links_again
}

@test "a second make does nothing; clean leaves what was exported" {
	for lesson in $LESSONS; do
		copy="$BATS_TEST_TMPDIR/$lesson"
		cp -a "$OUT/$lesson" "$copy"
		before=$(files "$copy")
		run -0 make -s -C "$copy" V=1
		[ -z "$output" ] || fail "it did something"
		[ "$(files "$copy")" = "$before" ]
		run -0 make -s -C "$copy" clean
		[ "$(contents "$copy")" = "$(<"$LOGS/$lesson.contents")" ] ||
			fail "not as exported"
	done
}

@test "clean removes a command whose source has another name now" {
	cp -a "$OUT/basic02-prog-by-name" "$BATS_TEST_TMPDIR/copy"
	cd "$BATS_TEST_TMPDIR/copy"
	mv xdp_prog_user.c xdp_mine_user.c
	echo mine >notes_user
	make -s
	[ -x xdp_prog_user ] && [ -x xdp_mine_user ]
	make -s clean
	[ ! -e xdp_prog_user ] && [ ! -e xdp_mine_user ] && [ -e xdp_mine_user.c ]
	[ "$(cat notes_user)" = mine ]
	[ -z "$(find . -name '*.[oda]')" ]
}

@test "the commands say what they are, and find their object from elsewhere" {
	cd /
	for command in "$OUT"/*/*_user; do
		run -0 "$command" --help
		has "${command##*/}"
		[[ $output == *--list* ]] || continue
		run -0 --separate-stderr "$command" --list
		has " xdp "
	done
	# Not by way of the tree.
	rm -rf "$BATS_TEST_TMPDIR/copy"
	cp -a "$OUT/basic02-prog-by-name" "$BATS_TEST_TMPDIR/copy"
	rm "$BATS_TEST_TMPDIR/copy/xdp_prog_kern.o"
	run -40 "$BATS_TEST_TMPDIR/copy/xdp_prog_user" --list
}

@test "CC, CLANG, CFLAGS, LDFLAGS, CPPFLAGS are used" {
	cp -a "$OUT/basic02-prog-by-name" "$BATS_TEST_TMPDIR/copy"
	cd "$BATS_TEST_TMPDIR/copy"
	make -s clean
	run -0 make -n V=1 CC=my-cc CLANG=my-clang CFLAGS=-DMINE1 \
		LDFLAGS=-LMINE2 CPPFLAGS=-DMINE3
	has "my-clang -O2 -g -mcpu=v3 -target bpf -Wall"
	has "my-cc -std=gnu11 -Wall -Wextra -DMINE1"
	has "my-cc -DMINE1 -LMINE2 -o xdp_prog_user"
	[ "$(grep -c -e '-DMINE3' <<<"$output")" -eq \
		"$(grep -c -e '-MMD' <<<"$output")" ]
	# In the environment as well; and as strict as the tree's own.
	command -v clang >/dev/null || skip "no clang here"
	CC=clang CFLAGS="-O1 -g -Werror" run -0 make V=1
	has "clang -std=gnu11 -Wall -Wextra -O1 -g -Werror"
}

@test "the headers of all protocols are found" {
	cp -a "$OUT/basic01-xdp-pass" "$BATS_TEST_TMPDIR/copy"
	cd "$BATS_TEST_TMPDIR/copy"
	sed -i 's|^#include <linux/bpf.h>|&\n#include <linux/if_ether.h>\
#include <linux/ip.h>\n#include <linux/ipv6.h>\n#include <linux/icmp.h>\
#include <linux/icmpv6.h>\n#include <linux/udp.h>\n#include <linux/tcp.h>|' \
		xdp_pass_kern.c
	grep -q linux/icmpv6.h xdp_pass_kern.c
	run -0 make CFLAGS=-Werror
	has "xdp_pass_kern.o"
	has_no "warning"
}

@test "two commands, a part, own headers, headers/, libraries" {
	cp -a "$TREE" "$BATS_TEST_TMPDIR/tree"
	TREE="$BATS_TEST_TMPDIR/tree"
	cd "$TREE"
	mkdir -p my-lesson headers
	{
		echo '# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause'
		echo 'EXTRA_LIBS := -lm'
		echo 'include ../common/common.mk'
	} >my-lesson/Makefile
	echo '/* Of the lesson. */' >my-lesson/mine.h
	echo '/* Not used. */' >my-lesson/other.h
	echo '#include "h3_deep.h"' >headers/h3_used.h
	echo '/* Deep | down. Not shown. */' >headers/h3_deep.h
	echo '/* Not used. */' >headers/h3_not_used.h
	printf 'int h3_%s(void);\nint h3_%s(void) { return 0; }\n' \
		a a >common/h3_a.c
	printf '#include "h3_used.h"\nint h3_a(void);\nint h3_b(void);\n%s\n' \
		'int h3_b(void) { return h3_a(); }' >common/h3_b.c
	printf 'int h3_%s(void);\nint h3_%s(void) { return 0; }\n' \
		c c >common/h3_c.c
	sed 's/#include <linux.bpf.h>/&\n#include "mine.h"/' \
		basic01-xdp-pass/xdp_pass_kern.c >my-lesson/one_kern.c
	printf '#include <math.h>\ndouble part(double);\n%s\n' \
		'double part(double x) { return cos(x); }' >my-lesson/part.c
	printf '#include "mine.h"\ndouble part(double);\n%s\n' \
		'int main(int c, char **v) { (void)v; return part(c) > 2; }' \
		>my-lesson/one_user.c
	printf 'int h3_b(void);\nint main(void) { return h3_b(); }\n' \
		>my-lesson/two_user.c
	export_it my-lesson "$dest"
	[ "$status" -eq 0 ] || fail "$stderr"
	[ "$(helpers "$dest")" = "common/h3_a.c
common/h3_b.c
headers/h3_deep.h
headers/h3_used.h" ] || fail "helpers:" "$(helpers "$dest")"
	[ ! -e "$dest/other.h" ]
	[ ! -e "$dest/needs" ]
	grep -qx 'Loading it needs root.' "$dest/README.org"
	grep -qF '| =headers/h3_deep.h= | Deep / down |' "$dest/README.org"
	rm -r "$TREE"
	run -0 make -C "$dest"
	has "LINK     two_user"
	"$dest/one_user" && "$dest/two_user"
}

@test "a part that stands in for a library comes along where that is missing" {
	[ -f "$OUT/tracing02-sample-pkts/filter_pcap.c" ] || skip "no libpcap here"
	grep -qF libpcap-dev "$OUT/tracing02-sample-pkts/README.org"
	cp -a "$TREE" "$BATS_TEST_TMPDIR/tree"
	TREE="$BATS_TEST_TMPDIR/tree"
	sed -i 's/^HAVE_LIBPCAP.*/HAVE_LIBPCAP :=/; s/^PCAP_LIBS.*/PCAP_LIBS :=/' "$TREE/config.mk"
	find "$TREE" -name '*_pcap.o' -delete
	export_it tracing02-sample-pkts "$dest"
	exits 0
	[ -f "$dest/filter_none.c" ]
	[ ! -e "$dest/filter_pcap.c" ]
	output=$(<"$dest/README.org")
	has_no "libpcap-dev"
	run -0 make -C "$dest" V=1
	has_no "-lpcap"
	run -77 "$dest/xdp_sample_pkts_user" --dev lo --filter icmp
	has "built without libpcap"
	refuses 1 "needs libpcap (install " testing01-prog-run "$BATS_TEST_TMPDIR/empty"
}

@test "the README says what is wanted of the kernel, if the lesson's does" {
	cp -a "$TREE" "$BATS_TEST_TMPDIR/tree"
	TREE="$BATS_TEST_TMPDIR/tree"
	readme="$TREE/basic01-xdp-pass/README.org"
	sed -i '/^# needs: begin$/,/^# needs: end$/{
		/^# needs/!d
		s/^# needs: begin$/&\n# Made.\nWanted:\n\n- the moon\n- a star\n\nSeen to rise./
	}' "$readme"
	export_it basic01-xdp-pass "$dest"
	exits 0
	output=$(<"$dest/README.org")
	has $'#+end_src\n\nWanted:\n\n- the moon\n- a star\n\nA command looks'
	has_no "# needs"
	has_no "Made"
	has_no "Seen"
	sed -i '/^# needs: begin$/,/^# needs: end$/{ /^# needs/!d; }' "$readme"
	export_it basic01-xdp-pass "$dest.2"
	exits 0
	output=$(<"$dest.2/README.org")
	has $'#+end_src\n\nA command looks'
	has_no "# needs"
}

@test "the export of a copy claims nothing about the kernel, nor to be the lesson" {
	cp -a "$TREE" "$BATS_TEST_TMPDIR/tree"
	TREE="$BATS_TEST_TMPDIR/tree"
	cp -r "$TREE/basic01-xdp-pass" "$TREE/my-filter"
	export_it my-filter "$dest"
	exits 0
	[ ! -e "$dest/needs" ]
	output=$(<"$dest/README.org")
	has "#+TITLE: my-filter"
	has "Loading it needs root."
	for claim in Wanted Seen "the lesson ="; do
		has_no "$claim"
	done
}

@test "an unknown lesson, or none: the lessons are listed" {
	for name in "" nothing common testenv template basic01 / ../x 'a b' -x; do
		refuses 2 "no lesson '${name%/}'; there is: advanced03-AF_XDP, advanced04-xdp-ping, " \
			"$name" "$dest"
	done
	[ ! -e "${dest%/*}" ]
	refuses 2 "not 3 things" basic01-xdp-pass "$dest" more
	run -2 --separate-stderr make -C "$TREE" export DEST="$dest"
	[[ ${stderr_lines[0]} == "error: no lesson ''; there is: advanced03-AF_XDP, advanced04-xdp-ping, basic01"* ]]
	[ ! -e "${dest%/*}" ]
	run -0 make -C "$TREE" help
	has "make export LESSON="
}

@test "folders that cannot be used" {
	lesson=basic01-xdp-pass
	before=$(contents "$TREE")
	here="$BATS_TEST_TMPDIR/here"
	mkdir "$here" "$here/full" "$here/empty"
	echo mine >"$here/full/.mine"
	ln -s "$TREE" "$here/link"
	ln -s nowhere "$here/dangling"
	refuses 2 "no folder to export to" $lesson
	refuses 2 "no folder to export to" $lesson ""
	refuses 2 "it is not empty" $lesson "$here/full"
	refuses 2 "it is not empty" $lesson "$here/full//"
	refuses 2 "it is not empty" $lesson /
	refuses 2 "is not a folder" $lesson "$here/full/.mine"
	refuses 2 "is not a folder" $lesson "$here/full/.mine/x"
	refuses 2 "is not a folder" $lesson "$here/dangling"
	refuses 2 "it has a '.' or '..'" $lesson "$here/no/../x"
	for inside in "" /new /basic01-xdp-pass/new /template/../new; do
		refuses 2 "it is inside of this tree" $lesson "$TREE$inside"
		refuses 2 "it is inside of this tree" $lesson \
			"$here/link$inside"
	done
	cd "$TREE/basic01-xdp-pass"
	refuses 2 "it is inside of this tree" $lesson ../new
	[ "$(contents "$TREE")" = "$before" ]
	run ls "$here"
	[ "$output" = $'dangling\nempty\nfull\nlink' ]
	[ "$(ls -A "$here/full")" = .mine ]
}

@test "a relative folder is one from where the user is; an empty one is taken" {
	mkdir -p "$BATS_TEST_TMPDIR/the user/empty"
	cd "$BATS_TEST_TMPDIR/the user"
	export_it basic01-xdp-pass/ empty
	exits 0
	[ -f empty/Makefile ]
	run -0 make -s -C "$TREE" export LESSON=basic01-xdp-pass DEST="of make/x"
	has "to '$PWD/of make/x'"
	[ -f "of make/x/Makefile" ]
	cd "$TREE"
	run -0 make export LESSON=basic01-xdp-pass DEST=../beside
	[ -f ../beside/Makefile ]
	rm -r ../beside
	# Of a make that has no idea where the user is, and many jobs.
	run -0 env -u PWD make -j 4 export LESSON=basic01-xdp-pass DEST="$dest"
	[ -f "$dest/Makefile" ]
	has_no warning
}

@test "what fails leaves nothing behind" {
	cp -a "$TREE" "$BATS_TEST_TMPDIR/tree"
	TREE="$BATS_TEST_TMPDIR/tree"
	export TMPDIR="$BATS_TEST_TMPDIR/tmp"
	mkdir "$TMPDIR" "$BATS_TEST_TMPDIR/empty"
	# A disk that is full half way.
	script "$BATS_TEST_TMPDIR/bin/cp" <<-'END'
		#!/bin/sh
		for last; do :; done
		echo x >"$last/Makefile"
		mkdir "$last/common"
		echo "cp: cannot write 'x': No space left on device" >&2
		exit 1
	END
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	refuses 1 "cannot write '$dest': No space left" basic01-xdp-pass "$dest"
	[ ! -e "${dest%/*}" ]
	refuses 1 "No space left" basic01-xdp-pass "$BATS_TEST_TMPDIR/empty"
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/empty")" ]
	# A lesson that does not build: after what the compiler says.
	rm "$BATS_TEST_TMPDIR/bin/cp"
	echo 'syntax error' >>"$TREE/basic01-xdp-pass/xdp_pass_user.c"
	export_it basic01-xdp-pass "$dest"
	exits 1
	[[ ${stderr_lines[-1]} == \
		"error: cannot export 'basic01-xdp-pass': it does not build"* ]]
	[[ $stderr == *"xdp_pass_user.c:"* ]]
	# One that is left out here.
	sed -i '/^include/i NEEDS := bpftool' "$TREE/basic02-prog-by-name/Makefile"
	sed -i 's/^HAVE_BPFTOOL.*/HAVE_BPFTOOL :=/' "$TREE/config.mk"
	refuses 1 "'basic02-prog-by-name': needs bpftool (install " \
		basic02-prog-by-name "$dest"
	[ ! -e "${dest%/*}" ]
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "a user who may not write to the tree can export from it" {
	[ "$(id -u)" -eq 0 ] || skip "not root: all of the other tests are this one"
	command -v setpriv >/dev/null || skip "no setpriv here"
	home=$(mktemp -d)
	chmod 755 "$home"
	cp -a "$TREE" "$home/tree"
	mkdir -m 777 "$home/mine"
	cd "$home/mine"
	TMPDIR=$home/mine run -0 setpriv --reuid=65534 --regid=65534 --clear-groups \
		make -C ../tree export LESSON=basic02-prog-by-name DEST="my own"
	run -0 setpriv --reuid=65534 --regid=65534 --clear-groups \
		make -C "$home/mine/my own"
	[ -x "$home/mine/my own/xdp_prog_user" ]
	[ "$(ls "$home/mine")" = "my own" ]
	rm -r "$home"
}
