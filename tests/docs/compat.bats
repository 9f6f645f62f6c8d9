#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The tables of kernels: what the texts of this tree say of kernels is what
# records and needs say; and how they say it, in a small tree made up here.

# bats file_tags=slow

load ../helpers

setup()
{
	TREE="$BATS_TEST_TMPDIR/a tree"
	mkdir -p "$TREE"/{tests/vm/results,doctor,one01-a,two01-b}
	cp "$TOP/Makefile" "$TREE/"
	cp -r "$TOP/template" "$TREE/"
	cp "$TOP"/tests/vm/{compat,records.py} "$TREE/tests/vm/"
	cp "$TOP/doctor/doctor_user" "$TREE/doctor/"
	cd "$TREE" || return
	printf '%s\n' Before. '# compatibility: begin' '# compatibility: end' \
		'' After. >COMPATIBILITY.org
	printf '%s\n' Before. '# kernels: begin' '# kernels: end' '' After. \
		>README.org
	for lesson in one01-a two01-b; do
		touch "$lesson/Makefile"
		printf '%s\n' Before. '# needs: begin' '# needs: end' '' \
			After. >"$lesson/README.org"
		needs "$lesson"
	done
	needs one01-a 'must xdp_native programs are attached' \
		'part  dispatcher  a second program' '' '# Not yet.' \
		'part	batch	a faster reader'
}

# needs LESSON LINE...: its file.
needs()
{
	printf '%s\n' "# lesson $1" "${@:2}" >"$1/needs"
}

# record NAME LINE...: a run of that name, with what it says of lessons.
record()
{
	local release=${1%-clang*} clang=${1##*-clang}

	case $release in
	6.1) release=6.1.0-56-amd64 ;;
	7.2) release=7.2.12+deb13-amd64 ;;
	*-fc) release+=-v657 ;;
	esac
	printf '%s\n' '# A comment' "kernel $release" 'system Debian 12' \
		"clang $clang.0.6" 'date 2026-11-21' "${@:2}" \
		>"tests/vm/results/$1"
}

# says LINE...: the record has each, once it was made.
says()
{
	run -0 tests/vm/compat
	has COMPATIBILITY.org "$@"
	run -0 tests/vm/compat --check
	[ -z "$output" ]
}

# has FILE LINE...: the file has each of these lines.
has()
{
	local line

	for line in "${@:2}"; do
		grep -qxF -e "$line" "$1" && continue
		printf "no '%s' in:\n%s\n" "$line" "$(<"$1")" >&2
		return 1
	done
}

# refuses TEXT: one line says so, and nothing was written.
refuses()
{
	local before option

	before=$(cat ./*.org ./*/README.org)
	for option in --check ''; do
		# shellcheck disable=SC2086 # or none
		run -2 --separate-stderr tests/vm/compat $option
		[ -z "$output" ]
		one_line_error "$1"
	done
	[ "$(cat ./*.org ./*/README.org)" = "$before" ]
}

@test "what the READMEs of this tree say of kernels is not stale" {
	run "$TOP/tests/vm/compat" --check
	[ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
	[ -z "$output" ]
}

@test "without a record nothing was run" {
	says '| lesson | so far |' '|--------+--------|' \
		'| =one01-a= | not run |' '| =two01-b= | not run |'
	has README.org '| lesson | so far |' '| =one01-a= | untried |' Before. After.
	has COMPATIBILITY.org 'No run is recorded.' Before. After.
	rmdir tests/vm/results
	run -0 tests/vm/compat --check
	# A lesson that no record names, beside one that has a record.
	mkdir tests/vm/results
	record 6.1-clang14 'lesson one01-a passed 1 failed 0 skipped 0'
	says '| lesson | 6.1 |' '| =one01-a= | yes |' '| =two01-b= | not run |'
	has README.org 'Tested from Linux 6.1.' '| =one01-a= | yes |' '| =two01-b= | untried |'
	run ! grep -q 'Seen to' two01-b/README.org
}

@test "each kind of cell, and what a README makes of it" {
	local line='lesson one01-a passed 9 failed'

	record 6.1-clang14 "$line 0 skipped 0"
	says '| =one01-a= | yes |'
	has one01-a/README.org 'Seen to work on Linux 6.1.'

	# In the order of the file needs; what has no name there is told as well.
	record 6.1-clang14 "$line 0 skipped 3" 'skip one01-a no jq here' \
		'skip one01-a no batch here: Invalid argument' \
		"skip one01-a this kernel has no 'dispatcher': it is refused"
	says '| =one01-a= | all but =dispatcher=, =batch=, =jq= |'
	has one01-a/README.org \
		'Seen to work on Linux 6.1 without =dispatcher=, =batch= and =jq=.'

	has README.org '| =one01-a= | partly |'

	# Of what is only an aside the short table says nothing.
	needs one01-a 'must xdp_native programs are attached' 'aside batch a faster reader'
	record 6.1-clang14 "$line 0 skipped 1" 'skip one01-a no batch here'
	says '| =one01-a= | all but =batch= |'
	has README.org '| =one01-a= | yes |'
	has one01-a/README.org '- =batch=, only an aside :: a faster reader'

	record 6.1-clang14 "$line 0 skipped 1" 'skip one01-a no xdp_native here'
	says '| =one01-a= | no: =xdp_native= |'
	has one01-a/README.org 'Not on Linux 6.1, for want of =xdp_native=.'
	has README.org '| =one01-a= | no |'

	record 6.1-clang14 "$line 1 skipped 1" 'skip one01-a no xdp_native here'
	says '| =one01-a= | failed |'
	has one01-a/README.org 'Its tests failed on Linux 6.1.'
	has README.org '| =one01-a= | no |'

	record 6.1-clang14 "$line 0 skipped 1" 'skip one01-a there is no moon'
	says '| =one01-a= | all but those below |' \
		'- 6.1 :: 6.1.0-56-amd64 (Debian 12), tested on 2026-11-21 with clang 14.0.6. Tests skipped for' \
		'  other reasons: =one01-a= (=there is no moon=).'
	has one01-a/README.org 'Seen to work on Linux 6.1 without some tests.'
	has README.org '| =one01-a= | yes |'

	record 6.1-clang14 'lesson one01-a passed 0 failed 0 skipped 1' \
		'skip one01-a not root'
	says '| =one01-a= | not run |'
	grep -qF '=one01-a= (=not root=)' COMPATIBILITY.org
	has README.org '| =one01-a= | untried |'
}

@test "kernels by their age; of several compilers the worst, with its name" {
	local line='lesson one01-a passed 9 failed'

	record 7.2-clang14 "$line 0 skipped 0"
	record 6.18.44-fc-clang14 "$line 0 skipped 1" \
		'skip one01-a no dispatcher here'
	record 6.1-clang14 "$line 0 skipped 0"
	record 6.1-clang9 "$line 0 skipped 0"
	says '| lesson | 6.1 | 6.18.44-fc | 7.2 |' \
		'|--------+-----+------------+-----|' \
		'| =one01-a= | yes | all but =dispatcher= | yes |' \
		'- 6.1 :: 6.1.0-56-amd64 (Debian 12), tested on 2026-11-21 with clang 9.0.6 and 14.0.6.' \
		'- 6.18.44-fc :: 6.18.44-fc-v657 (Debian 12), tested on 2026-11-21 with clang 14.0.6.'
	has one01-a/README.org '- =xdp_native= :: programs are attached' \
		'- =dispatcher=, for a part of it :: a second program' \
		'Seen to work on Linux 6.1 and 7.2; on 6.18.44-fc without =dispatcher=.'
	# 6.12 is younger than 6.9.
	record 6.9-clang14
	record 6.12-clang14
	says '| lesson | 6.1 | 6.9 | 6.12 | 6.18.44-fc | 7.2 |'
	rm tests/vm/results/6.{9,12}-clang14
	# Other days, other releases.
	sed -i 's/^date.*/date 2026-12-01/; /^system/d' tests/vm/results/6.1-clang9
	says '- 6.1 :: 6.1.0-56-amd64, tested on 2026-12-01 with clang 9.0.6; 6.1.0-56-amd64 (Debian 12), tested' \
		'  on 2026-11-21 with clang 14.0.6.'

	record 6.1-clang9 "$line 2 skipped 0"
	record 6.1-clang19 "$line 2 skipped 0"
	says '| =one01-a= | failed with clang 9 and 19 | all but =dispatcher= | yes |'
	record 6.1-clang9
	record 6.1-clang19 "$line 0 skipped 0"
	says '| =one01-a= | yes with clang 14 and 19 | all but =dispatcher= | yes |'
	record 6.1-clang9 "$line 0 skipped 1" 'skip one01-a no xdp_native here'
	says '| =one01-a= | no: =xdp_native= with clang 9 | all but =dispatcher= | yes |'
	record 6.1-clang14 "$line 1 skipped 0"
	says '| =one01-a= | failed with clang 14 | all but =dispatcher= | yes |'
	has one01-a/README.org 'Seen to work on Linux 7.2; on 6.18.44-fc without =dispatcher=; its tests failed on 6.1 (clang 14).'
}

@test "what is stale is said, and make compat mends it" {
	run -0 tests/vm/compat
	[ "${lines[*]:0:4}" = "wrote 'README.org' wrote 'COMPATIBILITY.org' wrote 'one01-a/README.org' wrote 'two01-b/README.org'" ]
	stamp=$(stat -c %y README.org one01-a/README.org two01-b/README.org)
	run -0 tests/vm/compat
	[ -z "$output" ]
	[ "$(stat -c %y README.org ./*01-*/README.org)" = "$stamp" ]

	sed -i 's/| untried |/| yes |/' README.org
	run -1 tests/vm/compat --check
	[ "$output" = "README.org is stale: run make compat" ]
	sed -i '/No run is/d' COMPATIBILITY.org
	run -1 tests/vm/compat --check
	[ "$output" = "README.org is stale: run make compat
COMPATIBILITY.org is stale: run make compat" ]
	needs one01-a 'must xdp_generic programs are attached'
	needs template 'must xdp_native attached'
	printf '\nMore.\n' >>one01-a/README.org
	run -1 tests/vm/compat --check
	[ "$output" = "README.org is stale: run make compat
COMPATIBILITY.org is stale: run make compat
one01-a/README.org is stale: run make compat
template/README.org is stale: run make compat" ]
	run grep -q xdp_generic one01-a/README.org
	[ "$status" -eq 1 ]
	run -0 tests/vm/compat
	run -0 tests/vm/compat --check
	has one01-a/README.org '- =xdp_generic= :: programs are attached' More.
	has template/README.org '- =xdp_native= :: attached'
	# A lesson that came, and one that wants nothing.
	cp -r two01-b six01-c
	run -0 tests/vm/compat --check
	needs six01-c
	run -1 tests/vm/compat --check
	[ "$output" = "README.org is stale: run make compat
COMPATIBILITY.org is stale: run make compat" ]
	rm -r six01-c
	needs one01-a
	run -1 tests/vm/compat --check
	[ "$output" = "one01-a/README.org is stale: run make compat" ]
}

@test "a new lesson is not stale, and is in the table when it is complete" {
	needs template 'must xdp_native attached' 'part batch faster'
	# Where the skeleton ran says nothing of what is made of it.
	record 6.1-clang14 'lesson template passed 9 failed 0 skipped 0'
	run -0 tests/vm/compat
	template/new-lesson.sh packet05-foo >/dev/null
	run -0 tests/vm/compat --check
	has packet05-foo/README.org '- =batch=, for a part of it :: faster'
	sed -i '/^#+FILETAGS: :draft:/d' packet05-foo/README.org
	run -1 tests/vm/compat --check
	[ "$output" = "README.org is stale: run make compat
COMPATIBILITY.org is stale: run make compat" ]
	says '| =packet05-foo= | not run |'
}

@test "a need that makes no sense" {
	for line in 'must xdp_nativ reason' 'want xdp_native reason' must \
		'must xdp_native' 'part jq reason'; do
		needs one01-a 'part batch faster' "$line"
		refuses "one01-a/needs:3: "
	done
	refuses "there is no feature 'jq'"
	needs one01-a 'part batch faster' 'must batch faster'
	refuses "one01-a/needs:3: 'batch' is there twice"
	needs one01-a
	needs template 'part jq reason'
	refuses "template/needs:2: there is no feature 'jq'"
}

@test "a record that makes no sense" {
	local line='lesson one01-a passed 1 failed 0 skipped 0' name
	local file=tests/vm/results/6.1-clang14

	for bad in 'lesson one01-a passed 1 failed 0' 'lesson one01-a' kernel \
		'lesson one01-a passed -1 failed 0 skipped 0' 'skip one01-a' \
		'lesson two01-b passed 1 failed 0 skipped 0 more' 'hello there' \
		'date 2026-11-22' "$line"; do
		record 6.1-clang14 "$line" "$bad"
		refuses "$file:7: "
	done
	record 6.1-clang14 'lesson one01-a passed 1 failed 0 skipped 1'
	refuses "$file:6: 'one01-a' says skipped 1, and has 0 lines 'skip'"
	record 6.1-clang14 'skip one01-a not root'
	refuses "$file:6: 'one01-a' says skipped 0, and has 1 lines 'skip'"
	for name in kernel clang date; do
		record 6.1-clang14 "$line"
		sed -i "/^$name/d" "$file"
		refuses "$file:5: ends without a '$name'"
	done
	for bad in 'kernel 6.12.1' 'clang 15.0.0' 'clang 140' 'date 21.11.2026' \
		'date 2026-11-31'; do
		record 6.1-clang14 "$line"
		sed -i "s/^${bad%% *} .*/$bad/" "$file"
		refuses "$file:6: ${bad%% *} is '${bad#* }'"
	done
	: >"$file"
	refuses "$file:1: ends without a 'kernel'"
	printf '\377' >"$file"
	refuses "cannot read '$file': it is not UTF-8"
	rm "$file"
	for name in 6.1 6.1-gcc12 clang14 notes.txt; do
		record "$name" "$line"
		refuses "tests/vm/results/$name: not named like 6.1-clang14"
		rm "tests/vm/results/$name"
	done
}

@test "a README without its markers" {
	sed -i '/^# needs: end/d' two01-b/README.org
	refuses "two01-b/README.org:4: ends without a line '# needs: end'"
	printf '%s\n' '# needs: end' '# needs: begin' >two01-b/README.org
	refuses "two01-b/README.org:1: '# needs: end' is before"
	printf '%s\n' '# needs: begin' '# needs: begin' >two01-b/README.org
	refuses "two01-b/README.org:2: '# needs: begin' is there twice"
	rm two01-b/README.org
	refuses "cannot read 'two01-b/README.org': No such file"
	sed -i '/^# compat/d' COMPATIBILITY.org
	printf '%s\n' '# needs: begin' '# needs: end' >two01-b/README.org
	refuses "COMPATIBILITY.org:3: ends without a line '# compatibility: begin'"
	sed -i '/^# kernels/d' README.org
	refuses "README.org:3: ends without a line '# kernels: begin'"
}

@test "--compare: what the table would say else, not how often and when" {
	local line='lesson one01-a passed 9 failed' new

	record 6.1-clang14 "$line 0 skipped 1" 'skip one01-a no batch here'
	mkdir ../new
	new=$(cd ../new && pwd -P)/6.1-clang14
	cp tests/vm/results/6.1-clang14 "$new"
	sed -i 's/passed 9/passed 8/; s/^date.*/date 2026-12-24/
		s/^kernel.*/kernel 6.1.0-60-amd64/; s/batch here/&: why/' "$new"
	run -0 tests/vm/compat --compare "$new"
	[ -z "$output" ]
	cd ../new
	run -0 "$TREE/tests/vm/compat" --compare 6.1-clang14
	cd "$TREE"

	# Four ways to differ; of the last two the cells do not tell.
	printf 'lesson two01-b passed 1 failed 0 skipped 0\n' >>"$new"
	run -1 tests/vm/compat --compare "$new"
	[ "$output" = "6.1-clang14: two01-b: now 'yes', stored 'not run'" ]
	sed -i 's/no batch here/no dispatcher here/' "$new"
	run -1 tests/vm/compat --compare "$new"
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]}" = "6.1-clang14: one01-a: now 'all but =dispatcher=', stored 'all but =batch='" ]
	sed -i 's/no batch here/there is no moon/' tests/vm/results/6.1-clang14
	sed -i 's/no dispatcher here.*/there is no sun/; /two01-b/d' "$new"
	run -1 tests/vm/compat --compare "$new"
	[ "$output" = "6.1-clang14: one01-a: now 'all but those below; there is no sun', stored 'all but those below; there is no moon'" ]

	mv "$new" "${new%14}15"
	sed -i 's/^clang.*/clang 15.0.0/' "${new%14}15"
	run -1 tests/vm/compat --compare "${new%14}15"
	[ "$output" = "no stored record 'tests/vm/results/6.1-clang15' to compare with" ]
	echo hello >>"${new%14}15"
	run -2 --separate-stderr tests/vm/compat --compare "${new%14}15"
	one_line_error "${new%14}15:8: cannot make sense of 'hello'"
	run -2 --separate-stderr tests/vm/compat --compare "$new"
	one_line_error "cannot read '$new': No such file"
}

@test "options; a doctor that is not built" {
	run -0 tests/vm/compat --help
	[[ $output == "compat [--check | --compare FILE]: "* ]]
	for option in --what --compare '--check more' 'x'; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr tests/vm/compat $option
		one_line_error "cannot make sense of '$option' (see --help)"
	done
	rm doctor/doctor_user
	refuses "cannot list the features: 'doctor/doctor_user': No such file or directory (run make)"
}
