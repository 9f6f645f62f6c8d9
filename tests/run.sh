#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Run the tests, all of them or the suites and files named, and count. Every
# program prints TAP; how it is read stands in tests/tap.awk. What changes
# interfaces runs in the sandbox.

set -u
# Messages are compared: in this language.
export LC_ALL=C.UTF-8
unset LANGUAGE

SUITES=(style build unit progrun live faults fuzz docs)
# What can be named like a suite: parts of live and docs; what is not run
# unasked.
PARTS=(lessons readmes vm)
TIME_LIMIT=${TEST_TIMEOUT:-600}

TOP=$(cd "$(dirname "$0")/.." && pwd -P) || exit 1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

usage()
{
	cat <<-END
	usage: tests/run.sh [-j N] [--list] [SUITE | FILE]...

	Runs the tests, without arguments all of them.
	  SUITE        ${SUITES[*]}
	               lessons (a part of live), readmes (a part of docs), vm
	               (the virtual machines of check-vm; not run unless named)
	  FILE         one program of a suite: a bats file, a lesson's README.org,
	               a script in tests/style, a program in tests/unit
	               or tests/progrun
	  -j N         so many programs of style and build at once (as many as CPUs)
	               (the others run one by one)
	  --list       show what would run
	  -v           show commands of failing bats tests as they run
	  --side-by-side  -j is for all suites, not only for style and build
	  --claim FOLDER  with --side-by-side: run what nobody has claimed there
	               yet, so that several runs share the work
	  --built      build nothing: it was done just now
	  --left-out FILE
	               do not run the programs that FILE lists, "NAME REASON" a
	               line, but count each as skipped
	  --record FILE
	               say in FILE how each lesson fared, and on what
	  -h, --help   show this

	Environment: TEST_TIMEOUT, seconds a program may take (now $TIME_LIMIT);
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

# has_blocks FILE: is there anything to run in this org file?
has_blocks()
{
	grep -qisE '^[[:space:]]*#\+begin_src (sh|c)' "$1"
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
		set -- tests/docs/*.bats README.org [!.]*/README.org \
			[!.]*-*/[a-z]*.org docs/*.org
		;;
	readmes) set -- README.org [!.]*/README.org [!.]*-*/[a-z]*.org ;;
	esac
	for file in "$@"; do
		case $file in
		tests/unit/* | tests/progrun/*)
			[[ -x $file && $file != *.* ]] || continue
			;;
		tests/README.org) continue ;;
		*.org) has_blocks "$file" || continue ;;
		*) [ -f "$file" ] || continue ;;
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

# execute SUITE FILE: becomes one program, with a limit to its time. Its own
# process group gets the signal; the sandbox then leaves nothing.
execute()
{
	local suite=$1 file=$2 box=() limit=(timeout -k 10 "$TIME_LIMIT")

	case $suite in
	progrun | live | lessons | faults | fuzz | docs | readmes)
		box=("$TOP/testenv/sandbox.sh")
		;;
	esac
	# What it wants of the network, which the sandbox has not. It knows why
	# that is not there.
	if [[ $file == *.bats && -x ${file%.bats}.fetch ]]; then
		NOT_FETCHED=$(timeout "$TIME_LIMIT" "${file%.bats}.fetch" 2>&1)
		export NOT_FETCHED
	fi
	case $file in
	*.bats) set -- bats --tap "${bats_options[@]}" "$file" ;;
	*.org) set -- python3 tests/docs/readme "$file" ;;
	*.sh) set -- bash "$file" ;;
	*) set -- "./$file" ;;
	esac
	# A shell's background jobs ignore these; tests must not.
	trap - INT QUIT
	exec "${limit[@]}" "${box[@]}" "$@" </dev/null 2>&1
}

# cannot_run SUITE FILE: prints why not, as TAP; fails if it can.
cannot_run()
{
	local reason

	if reason=$(not_here "$2"); then
		printf '1..1\nok 1 %s # skip %s\n' "$2" "$reason"
		return
	fi
	case $1 in
	progrun | live | lessons | faults | fuzz | docs | readmes)
		if [ "$(id -u)" -ne 0 ]; then
			printf '1..1\nok 1 %s # skip not root\n' "$2"
			return
		fi
		if reason=$(left_out "$2"); then
			printf '1..1\nok 1 %s # skip %s\n' "$2" "$reason"
			return
		fi
		;;
	esac
	case $2 in
	*.bats) set -- "$@" bats ;;
	*.org) set -- "$@" python3 ;;
	*) return 1 ;;
	esac
	type -P "$3" >/dev/null && return 1
	printf '1..1\nnot ok 1 %s\n# no %s here: install the package %s\n' \
		"$2" "$3" "$3"
}

# not_here FILE: prints the reason if --left-out names it.
not_here()
{
	[ -n "$not_here_list" ] || return 1
	awk -v name="$1" '$1 == name { sub(/^[^ \t]+[ \t]+/, ""); print; f = 1 }
		END { exit !f }' "$not_here_list"
}

# left_out FILE: prints the reason if make left its lesson out.
left_out()
{
	local name=${1%/*} line

	while IFS= read -r line; do
		[[ $line == "left out: ${name##*/}: "* ]] || continue
		printf '%s\n' "${line#left out: *: }"
		return 0
	done <<<"$left_out_list"
	return 1
}

# account SUITE FILE STATUS OUTPUT: reads the TAP, adds up.
account()
{
	local kind text

	while IFS=$'\t' read -r kind text; do
		case $kind in
		passed)
			passed=$((passed + 1))
			of_lesson "$2" passed
			;;
		failed)
			failed=$((failed + 1))
			failures+=("$2: $text")
			of_lesson "$2" failed
			;;
		broken)
			failed=$((failed + 1))
			failures+=("$2: $text")
			of_lesson "$2" failed
			printf 'not ok - %s: %s\n' "$2" "$text"
			;;
		skipped)
			skipped=$((skipped + 1))
			skips+=("$2: $text")
			of_lesson "$2" skipped "$text"
			;;
		*)
			failed=$((failed + 1))
			failures+=("$2: cannot count its tests")
			;;
		esac
	done < <(awk -v status="$3" -v limit="$TIME_LIMIT" \
		-f "$TOP/tests/tap.awk" "$4" || echo "error")
}

# of_lesson FILE KIND [TEXT]: for the record, if FILE is a lesson's.
of_lesson()
{
	local lesson=${1%/*} reason=${3-}

	[[ $1 == */* && $lesson != */* && -f $lesson/Makefile ]] || return
	[[ $lesson != template ]] || return
	lesson_counts[$lesson.$2]=$((${lesson_counts[$lesson.$2]:-0} + 1))
	lessons[$lesson]=1
	# The text begins with the name of the test.
	[[ ! $reason =~ (: )(no [a-z0-9_]+ here.*)$ ]] ||
		reason=${BASH_REMATCH[2]}
	[ "$2" != skipped ] || lesson_skips+=("$lesson $reason")
}

# one_by_one SUITE FILE...: shows the lines as they come.
one_by_one()
{
	local suite=$1 file rc started

	shift
	[ -p "$work/pipe" ] || mkfifo "$work/pipe" || exit 1
	for file in "$@"; do
		printf '# %s %s\n' "$suite" "$file"
		started=$SECONDS
		if cannot_run "$suite" "$file" >"$work/out"; then
			cat "$work/out"
			rc=0
		else
			# A shell takes signals while it waits, and only then.
			tee "$work/out" <"$work/pipe" &
			execute "$suite" "$file" >"$work/pipe" &
			wait "$!"
			rc=$?
			wait
		fi
		took "$((SECONDS - started))"
		account "$suite" "$file" "$rc" "$work/out"
	done
}

# side_by_side ENTRY...: several at once, each entry "SUITE FILE"; the lines of
# each are kept together and shown in this order.
side_by_side()
{
	local entries=("$@") shown=0 next=0 running=0 suite file

	while [ "$shown" -lt "${#entries[@]}" ]; do
		while [ "$next" -lt "${#entries[@]}" ] &&
		      [ "$running" -lt "$jobs" ]; do
			if ! claim "$next"; then
				echo taken >"$work/out.$next.status"
				next=$((next + 1))
				continue
			fi
			suite=${entries[next]%% *}
			file=${entries[next]#* }
			background "$suite" "$file" "$work/out.$next" &
			next=$((next + 1))
			running=$((running + 1))
		done
		if [ "$running" -gt 0 ]; then
			wait -n
			running=$((running - 1))
		fi
		# Whoever was killed could not say so.
		[ "$running" -gt 0 ] || [ "$next" -eq "$shown" ] ||
			[ -s "$work/out.$shown.status" ] ||
			echo 137 >"$work/out.$shown.status"
		while [ -s "$work/out.$shown.status" ]; do
			show "$shown" "${entries[shown]%% *}" \
				"${entries[shown]#* }"
			: >"$work/out.$shown.status"
			shown=$((shown + 1))
		done
	done
}

# claim NUMBER: true if it is for us to run.
claim()
{
	[ -z "$claims" ] || mkdir "$claims/$1" 2>/dev/null
}

# show NUMBER SUITE FILE: what it printed, unless somebody else ran it.
show()
{
	local status

	status=$(<"$work/out.$1.status")
	[ "$status" != taken ] || return 0
	printf '# %s %s\n' "$2" "$3"
	cat "$work/out.$1"
	account "$2" "$3" "$status" "$work/out.$1"
}

# took SECONDS: says it of what takes long.
took()
{
	[ "$1" -lt 30 ] || printf '# took %d s\n' "$1"
}

# background SUITE FILE OUTPUT: in a shell of its own; OUTPUT.status is there
# when it has ended.
background()
{
	local child='' rc=0

	# The run is interrupted: so is what it waits for.
	trap 'kill $child 2>/dev/null; exit 143' TERM
	SECONDS=0
	if ! cannot_run "$1" "$2" >"$3"; then
		execute "$1" "$2" >"$3" &
		child=$!
		wait "$child"
		rc=$?
		took "$SECONDS" >>"$3"
	fi
	echo "$rc" >"$3.status"
}

# prepare SUITE: what its programs need built. A failure is a failed test.
prepare()
{
	local what

	[ -z "$skip_build" ] || return 0
	case $1 in
	unit | progrun)
		[ -f "tests/$1/Makefile" ] || return 0
		what=(-C "tests/$1")
		;;
	live | lessons | faults | fuzz | docs | readmes | vm)
		[ -z "$built" ] && [ -f Makefile ] || return 0
		what=(all)
		! grep -q '^tests-build:' Makefile || what=(tests-build)
		built=y
		;;
	*) return 0 ;;
	esac

	if ! make -s "${what[@]}" >"$work/out" 2>&1 </dev/null; then
		printf '# %s make %s\n' "$1" "${what[*]}"
		sed 's/^/# /' "$work/out"
		printf '1..1\nnot ok 1 make\n' | tee "$work/out"
		account "$1" "make ${what[*]}" 1 "$work/out"
	fi
	if [ -n "$built" ]; then
		left_out_list=$(make -s skips 2>/dev/null </dev/null)
	fi
}

# run_suite SUITE [FILE]...: without files all of it.
run_suite()
{
	local suite=$1

	shift
	prepare "$suite"
	# What make has just built is a program of the suite.
	if [ $# -eq 0 ]; then
		mapfile -t found < <(programs "$suite")
		set -- "${found[@]}"
	fi
	if [ $# -eq 0 ]; then
		printf '# %s has no tests\n' "$suite"
		return
	fi
	case $suite$together in
	*y) pool+=("${@/#/$suite }") ;;
	style | build) side_by_side "${@/#/$suite }" ;;
	*) one_by_one "$suite" "$@" ;;
	esac
}

# select_programs ARGUMENT...: fills wanted, the lines "SUITE FILE" (a whole
# suite has no FILE).
select_programs()
{
	local argument path suite

	[ $# -gt 0 ] || set -- "${SUITES[@]}"
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

list()
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

summary()
{
	printf '\n'
	[ "${#failures[@]}" -eq 0 ] || printf 'failed: %s\n' "${failures[@]}"
	[ "${#skips[@]}" -eq 0 ] || printf 'skipped: %s\n' "${skips[@]}"
	printf '%d passed, %d failed, %d skipped\n' \
		"$passed" "$failed" "$skipped"
}

# record: how each lesson fared here.
record()
{
	local lesson skip kind system=

	system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release | tr -d '"')
	printf '# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause\n'
	printf 'kernel %s\n' "$(uname -r)"
	printf 'system %s\n' "${KERNEL_SYSTEM:-$system}"
	printf 'clang %s\n' "$(clang_version)"
	printf 'date %s\n' "$(date -u +%F)"
	for lesson in "${!lessons[@]}"; do
		printf 'lesson %s' "$lesson"
		for kind in passed failed skipped; do
			printf ' %s %d' "$kind" "${lesson_counts[$lesson.$kind]:-0}"
		done
		printf '\n'
	done | sort
	for skip in "${lesson_skips[@]}"; do
		printf 'skip %s\n' "$skip"
	done | sort
}

# clang_version: of the one that the tree is built with.
clang_version()
{
	local clang

	clang=$(sed -n 's/^CLANG *:*= *//p' config.mk)
	${clang:-clang} --version |
		sed -n 's/.*clang version \([0-9.]*\).*/\1/p;T;q'
}

clean_up()
{
	local pids=()

	mapfile -t pids < <(jobs -p)
	[ "${#pids[@]}" -eq 0 ] || kill "${pids[@]}" 2>/dev/null
	rm -rf "$work"
}

called_from=$(pwd -P)
shopt -s nullglob
# A run started by a bats test is a run of its own, with the bats that users
# have: what its tests find first in PATH is a part of it.
PATH=${PATH//"${BATS_LIBEXEC:-/no/bats}:"/}
unset "${!BATS_@}" MAKEFLAGS MAKELEVEL MFLAGS

passed=0 failed=0 skipped=0
failures=() skips=() wanted=() arguments=() bats_options=() lesson_skips=()
declare -A lessons=() lesson_counts=()
pool=() claims='' skip_build='' together='' not_here_list='' record_file=''
built='' left_out_list='' list_only='' jobs=$(nproc 2>/dev/null || echo 1)

while [ $# -gt 0 ]; do
	case $1 in
	-h | --help)
		usage
		exit 0
		;;
	--list) list_only=y ;;
	-v) bats_options=(--show-output-of-passing-tests --trace) ;;
	-j)
		[[ ${2-} =~ ^[1-9][0-9]{0,2}$ ]] ||
			bad_usage "-j needs a number from 1 to 999"
		jobs=$2
		shift
		;;
	--side-by-side) together=y ;;
	--built) skip_build=y ;;
	--claim)
		[ -d "${2-}" ] || bad_usage "--claim needs a folder"
		claims=$(realpath "$2")
		shift
		;;
	--left-out | --record)
		[ -n "${2-}" ] || bad_usage "$1 needs a file"
		case $1 in
		--record) record_file=$(realpath -m "$2") ;;
		*)
			[ -r "$2" ] || bad_usage "cannot read '$2'"
			not_here_list=$(realpath "$2")
			;;
		esac
		shift
		;;
	-*) bad_usage "unknown option '$1'" ;;
	*) arguments+=("$1") ;;
	esac
	shift
done

[ -z "$claims" ] || [ -n "$together" ] ||
	bad_usage "--claim goes with --side-by-side"
cd "$TOP" || exit 1
select_programs "${arguments[@]}"
if [ -n "$list_only" ]; then
	list
	exit 0
fi

work=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

for entry in "${wanted[@]}"; do
	if [ -n "${entry#* }" ]; then
		run_suite "${entry%% *}" "${entry#* }"
	else
		run_suite "${entry%% *}"
	fi
done
[ "${#pool[@]}" -eq 0 ] || side_by_side "${pool[@]}"
[ "$((passed + failed + skipped))" -gt 0 ] || [ -n "$claims" ] || {
	failed=1
	failures=("no tests were found")
}
if [ -n "$record_file" ] && ! record >"$record_file"; then
	failed=$((failed + 1))
	failures+=("cannot write '$record_file'")
fi
summary
[ "$failed" -eq 0 ]
