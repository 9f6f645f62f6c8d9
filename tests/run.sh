#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Run the tests, all of them or the suites and files named, and count. Every
# program prints TAP, which tests/harness.pl reads. What changes interfaces runs in
# the sandbox.

set -u
# Messages are compared: in this language.
export LC_ALL=C.UTF-8
unset LANGUAGE

SUITES=(style build unit progrun live faults fuzz docs)
# What can be named like a suite: parts of live and docs; what runs with --all
# only, or only when it is asked for.
PARTS=(lessons readmes user vm)
export TEST_TIMEOUT=${TEST_TIMEOUT:-600}

TOP=$(cd "$(dirname "$0")/.." && pwd -P) || exit 1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

usage()
{
	cat <<-END
	usage: tests/run.sh [-j N] [--all] [--list] [SUITE | FILE]...

	Runs the tests: without arguments those of every suite that a change can be
	tried with in some minutes; those with the tag "slow" only with --all, or
	where their file is named.
	  SUITE        ${SUITES[*]}
	               lessons (a part of live), readmes (a part of docs), user
	               (the READMEs once more, as an ordinary user; with --all),
	               vm (the virtual machines of check-vm; not run unless named)
	  FILE         one program of a suite: a bats file, a lesson's README.org,
	               a script in tests/style, a program in tests/unit
	               or tests/progrun
	  --all        also what is slow
	  --tag NAME   of bats files only the tests with this tag
	  --only-failed  the programs that failed when they ran last
	  -j N         so many programs at once (one more than CPUs)
	  --list       show what would run
	  -v           show commands of failing bats tests as they run
	  --claim FOLDER
	               run what nobody has claimed there yet, so that several runs
	               share the work
	  --built      build nothing: it was done just now
	  --left-out FILE
	               do not run the programs that FILE lists, "NAME REASON" a
	               line, but count each as skipped
	  --record FILE
	               say in FILE how each lesson fared, and on what
	  -h, --help   show this

	Environment: TEST_TIMEOUT, seconds a program may take (now $TEST_TIMEOUT);
	of fuzz: FUZZ_PACKETS, FUZZ_SEED, how many random packets and which
	(20000, always the same), FUZZ_SECONDS for each libFuzzer target (30);
	of tests/live/soak.bats: SOAK_SECONDS of traffic, and SOAK_SEED (20, always
	another).
	Exit status: 0 nothing failed, 1 something did, 2 unknown argument.
	END
}

bad_usage()
{
	printf "error: %s (see --help)\n" "$1" >&2
	exit 2
}

# slow FILE: all that it holds, as a line of it says.
slow()
{
	grep -qxE '# bats file_tags=(.*,)?slow(,.*)?' "$1"
}

# has_blocks FILE: is there anything to run in this org file?
has_blocks()
{
	grep -qisE '^[[:space:]]*#\+begin_src (sh|c)' "$1"
}

# is_own FILE: it is in a folder with a kernel side that is no lesson: a copy, or a
# program of somebody's own. A lesson's file needs names its folder.
is_own()
{
	local folder=${1%%/*} first=''

	case $folder in
	"$1" | tests | testenv | template | bench | doctor | common | headers | solutions | answers | docs)
		return 1
		;;
	esac
	! read -r first 2>/dev/null <"$folder/needs" || [ "$first" != "# lesson $folder" ]
}

# programs SUITE: its files, one a line, relative to the tree. A new lesson is
# found without an edit here.
programs()
{
	local file

	case $1 in
	style) set -- tests/style/*.sh tests/style/*.bats ;;
	build) set -- tests/build/*.bats ;;
	unit | progrun) set -- "tests/$1"/test_* ;;
	live)
		set -- [!.]*/*.bats solutions/*/*/*.bats \
			tests/live/*.bats
		;;
	lessons) set -- [!.]*/*.bats solutions/*/*/*.bats ;;
	faults) set -- tests/faults/*.bats ;;
	fuzz) set -- tests/fuzz/*.bats ;;
	vm) set -- tests/vm/*.bats ;;
	docs)
		set -- tests/docs/*.bats *.org [!.]*/README.org \
			[!.]*-*/[a-z]*.org docs/*.org
		;;
	readmes | user) set -- README.org REAL-CARD.org [!.]*/README.org [!.]*-*/[a-z]*.org ;;
	esac
	for file in "$@"; do
		! is_own "$file" || continue
		case $file in
		tests/unit/* | tests/progrun/*)
			[[ -x $file && $file != *.* ]] || continue
			;;
		tests/README.org) continue ;;
		*.org) has_blocks "$file" || continue ;;
		*)
			[ -f "$file" ] || continue
			[ -n "$all" ] || ! slow "$file" || continue
			;;
		esac
		printf '%s\n' "$file"
	done
}

# suite_of FILE: where a file named on the command line belongs.
suite_of()
{
	case $1 in
	tests/style/*.sh | tests/style/*.bats) echo style ;;
	tests/build/*.bats) echo build ;;
	tests/unit/*.* | tests/progrun/*.*) return 1 ;;
	tests/unit/test_*) echo unit ;;
	tests/progrun/test_*) echo progrun ;;
	tests/faults/*.bats) echo faults ;;
	tests/fuzz/*.bats) echo fuzz ;;
	tests/vm/*.bats) echo vm ;;
	tests/docs/*.bats | *.org) echo docs ;;
	tests/*.bats) [[ $1 == tests/live/* ]] && echo live ;;
	*/*.bats) echo live ;;
	*) return 1 ;;
	esac
}

# in_tree PATH: PATH relative to the tree, given relative to where we were
# called from, or to the tree.
in_tree()
{
	local path=$1

	case $path in
	"$TOP"/*) path=${path#"$TOP"/} ;;
	/*) return 1 ;;
	*)
		if [ -e "$called_from/$path" ] &&
		   path=$(cd "$called_from/$(dirname "$path")" &&
			printf '%s/%s' "$(pwd -P)" "${path##*/}") &&
		   [[ $path == "$TOP"/* ]]; then
			path=${path#"$TOP"/}
		else
			path=${1#./}
		fi
		;;
	esac
	printf '%s\n' "$path"
}

# prepare SUITE: what its programs need built.
prepare()
{
	local what

	case $1 in
	unit | progrun)
		[ -f "tests/$1/Makefile" ] || return 0
		what=(-C "tests/$1")
		;;
	live | lessons | faults | fuzz | docs | user | readmes | vm)
		[ -z "$built" ] && [ -f Makefile ] || return 0
		what=(all)
		! grep -q '^tests-build:' Makefile || what=(tests-build)
		built=y
		;;
	*) return 0 ;;
	esac
	make -s "${what[@]}" </dev/null && return
	printf 'failed: make %s\n0 passed, 1 failed, 0 skipped\n' "${what[*]}"
	exit 1
}

# select_programs ARGUMENT...: fills wanted, the lines "SUITE FILE" (a whole
# suite has no FILE).
select_programs()
{
	local argument path suite

	[ $# -gt 0 ] || set -- "${SUITES[@]}" ${all:+user}
	for argument in "$@"; do
		if [[ " ${SUITES[*]} ${PARTS[*]} " == *" $argument "* ]]; then
			wanted+=("$argument ")
		elif path=$(in_tree "$argument") &&
		     suite=$(suite_of "$path") && { [ -f "$path" ] ||
		     [[ $suite =~ ^(unit|progrun)$ && -f $path.c ]]; }; then
			wanted+=("$suite $path")
		else
			bad_usage "no suite and no test '$argument'"
		fi
	done
}

# list_all: fills entries, a "SUITE FILE" for each program that is wanted, once.
list_all()
{
	mapfile -t entries < <(list_wanted | awk '!seen[$0]++')
}

list_wanted()
{
	local entry suite file

	for entry in "${wanted[@]}"; do
		suite=${entry%% *}
		file=${entry#* }
		if [ -n "$file" ]; then
			printf '%s %s\n' "$suite" "$file"
		else
			programs "$suite" | sed "s/^/$suite /"
		fi
	done
}

# clang_version: of the one that the tree is built with.
clang_version()
{
	local clang

	clang=$(sed -n 's/^CLANG *:*= *//p' config.mk)
	${clang:-clang} --version |
		sed -n 's/.*clang version \([0-9.]*\).*/\1/p;T;q'
}

called_from=$(pwd -P)
shopt -s nullglob
# A run started by a bats test is a run of its own, with the bats that users
# have: what its tests find first in PATH is a part of it.
PATH=${PATH//"${BATS_LIBEXEC:-/no/bats}:"/}
unset "${!BATS_@}" MAKEFLAGS MAKELEVEL MFLAGS

# What run-one asks for.
export TEST_CLAIMS='' TEST_NOT_HERE='' TEST_LEFT_OUT='' TEST_BATS_OPTIONS=''
wanted=() arguments=() harness=() entries=()
skip_build='' built='' list_only='' all='' only_failed='' tag=''
# One more than CPUs: tests wait for packets more than they compute.
jobs=$(($(nproc 2>/dev/null || echo 1) + 1))

while [ $# -gt 0 ]; do
	case $1 in
	-h | --help)
		usage
		exit 0
		;;
	--list) list_only=y ;;
	--all) all=y ;;
	--only-failed) only_failed=y ;;
	-v)
		TEST_BATS_OPTIONS+=" --show-output-of-passing-tests --trace"
		harness+=(--verbose)
		;;
	-j)
		[[ ${2-} =~ ^[1-9][0-9]{0,2}$ ]] ||
			bad_usage "-j needs a number from 1 to 999"
		jobs=$2
		shift
		;;
	--built) skip_build=y ;;
	--claim)
		[ -d "${2-}" ] || bad_usage "--claim needs a folder"
		TEST_CLAIMS=$(realpath "$2")
		shift
		;;
	--tag)
		[[ ${2-} =~ ^[a-z]+$ ]] || bad_usage "--tag needs a name"
		tag=$2
		shift
		;;
	--left-out)
		[ -r "${2-}" ] || bad_usage "--left-out cannot read '${2-}'"
		TEST_NOT_HERE=$(<"$2")
		shift
		;;
	--record)
		[ -n "${2-}" ] || bad_usage "--record needs a file"
		harness+=(--record "$(realpath -m "$2")" --clang "$(clang_version)" --system
			"${KERNEL_SYSTEM:-$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release | tr -d '"')}")
		shift
		;;
	-*) bad_usage "unknown option '$1'" ;;
	*) arguments+=("$1") ;;
	esac
	shift
done

cd "$TOP" || exit 1
if [ -n "$only_failed" ]; then
	[ "${#arguments[@]}" -eq 0 ] || bad_usage "--only-failed goes without names"
	[ -s tests/.failed ] || {
		echo "nothing has failed"
		exit 0
	}
	mapfile -t wanted <tests/.failed
	# What is gone meanwhile, with the folder of a copy, fails no more.
	for entry in "${!wanted[@]}"; do
		[ -e "${wanted[entry]#* }" ] || unset "wanted[entry]"
	done
	[ "${#wanted[@]}" -gt 0 ] || {
		echo "nothing has failed"
		exit 0
	}
else
	select_programs "${arguments[@]}"
fi
# Where a file is named, all of it is meant.
for entry in "${wanted[@]}"; do
	[ -z "${entry#* }" ] || all=y
done
list_all
if [ -n "$list_only" ]; then
	[ "${#entries[@]}" -eq 0 ] || printf '%s\n' "${entries[@]}"
	exit 0
fi
if [ -z "$skip_build" ]; then
	for entry in "${wanted[@]}"; do
		prepare "${entry%% *}"
	done
	# What make has just built is a program of its suite.
	list_all
	[ -z "$built" ] || TEST_LEFT_OUT=$(make -s skips 2>/dev/null </dev/null)
fi
perl -MTAP::Harness -e 1 2>/dev/null || {
	echo "error: no perl with TAP::Harness here: install it, ./setup.sh check does" >&2
	exit 1
}
if [ -n "$tag" ]; then
	TEST_BATS_OPTIONS+=" --filter-tags $tag"
elif [ -z "$all" ]; then
	TEST_BATS_OPTIONS+=" --filter-tags !slow"
fi
[ -n "$TEST_CLAIMS" ] || harness+=(--failed tests/.failed)
exec perl tests/harness.pl --jobs "$jobs" --limit "$TEST_TIMEOUT" \
	${TEST_CLAIMS:+--claims} "${harness[@]}" -- "${entries[@]}"
