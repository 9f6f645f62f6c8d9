#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Assignments: begins one, judges an answer by packets, gives hints, lists all. A learner
# edits a copy in answers/, which nothing else in this tree looks at.

set -u
export LC_ALL=C.UTF-8
unset MAKEFLAGS MAKELEVEL MFLAGS CDPATH
cd "$(dirname "$0")/.." || exit 1

HINTS_MAX=3
SECONDS_MAX=60 # for the judgement of one answer

usage()
{
	cat <<-'END'
	usage: grader/grade.sh COMMAND [--json] [ASSIGNMENT]

	  start A      copy the starter of assignment A to answers/
	  grade A      build the answer, run the packets of the checks through it, report
	  hint A       the same, with one hint more for the first check that fails
	  reset A      copy the starter anew; the old answer is kept as its folder's .bak
	  progress     list all assignments: done, failing, not started
	  next [A]     name the first that is not done, of those behind A

	An ASSIGNMENT is LESSON/NUMBER, or how the two names begin: basic03/02. grade and
	hint start it, if need be; they need root for the packets, and ask for it with sudo.
	--json prints one JSON object a line.

	Exit status: 0 done, 1 not done, or failure, 2 bad argument.
	END
}

die()
{
	printf 'error: %s\n' "${2//[^[:print:]]/?}" >&2
	exit "$1"
}

# all_assignments: LESSON/NN-name, one a line, in the order of README.org.
all_assignments()
{
	local lesson

	sed -nE 's/^\| \[\[file:([^]/]*)\/README\.org\].*/\1/p' README.org |
		while IFS= read -r lesson; do
			(cd "$lesson/assignments" 2>/dev/null && for folder in [0-9]*/; do
				[ ! -f "$folder/README.org" ] ||
					printf '%s/%s\n' "$lesson" "${folder%/}"
			done)
		done
}

# use LESSON/NAME: sets what the rest is about.
use()
{
	lesson=${1%%/*}
	name=${1#*/}
	assignment=$lesson/assignments/$name
	answer=answers/$lesson/$name
}

# find_assignment NAME: uses the one that NAME is the beginning of.
find_assignment()
{
	local found=() one

	while IFS= read -r one; do
		[[ ${one%%/*} != "${1%%/*}"* || ${one#*/} != "${1#*/}"* || $1 != */* ]] ||
			found+=("$one")
	done < <(all_assignments)
	[ "${#found[@]}" -ne 0 ] || die 2 "no assignment '$1' (make progress lists them)"
	[ "${#found[@]}" -eq 1 ] || die 2 "'$1' may be ${found[*]}"
	use "${found[0]}"
}

# short: how it is named on a command line
short()
{
	echo "${lesson%%-*}/${name%%-*}"
}

# title: what the assignment is called, from its README.
title()
{
	sed -n 's/^#+TITLE: *//p;T;q' "$assignment/README.org" 2>/dev/null
}

# starter_files: what the learner gets.
starter_files()
{
	(cd "$assignment" && ls -- *.[ch])
}

copy_starter()
{
	local file

	mkdir -p "$answer" || die 1 "cannot make folder '$answer'"
	for file in $(starter_files); do
		cp "$assignment/$file" "$answer/" || die 1 "cannot write '$answer/$file'"
	done
	printf '%s\n' '# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause' \
		'include ../../../grader/answer.mk' >"$answer/Makefile"
}

start()
{
	[ ! -d "$answer" ] || return 0
	copy_starter
	printf 'started %s: edit the files in %s (%s)\n' "$lesson/$name" "$answer" \
		"$(starter_files | paste -sd ' ')"
}

reset()
{
	if [ -d "$answer" ]; then
		rm -rf "$answer.bak"
		mv "$answer" "$answer.bak" || die 1 "cannot move '$answer'"
		echo "kept the old answer as $answer.bak"
	fi
	start
}

# is_started: there is a copy, and it is not as it was.
is_started()
{
	local file

	[ -d "$answer" ] || return 1
	for file in $(starter_files); do
		cmp -s "$assignment/$file" "$answer/$file" || return 0
	done
	return 1
}

# sum_of_answer: changes with its sources.
sum_of_answer()
{
	(cd "$answer" && cat -- *.[ch] | cksum)
}

# as_root COMMAND...
as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# report_failure CHECK WHY: a check that was not grader_user's
report_failure()
{
	local why=${2//\\/\\\\}

	why=${why//\"/\\\"}
	why=${why//$'\t'/ }
	if [ -n "$json" ]; then
		printf '{"check": "%s", "ok": false, "why": "%s"}\n' "$1" "${why//$'\n'/\\n}"
	else
		printf '  FAIL  %s\n' "$1"
		[ -z "$2" ] || printf '%s\n' "$2"
	fi
}

# build: the engine, and the answer; its compiler's words where it cannot be.
build()
{
	make -s -C grader >/dev/null || die 1 "cannot build grader/"
	# Live checks use the lab and other commands.
	[ ! -f "$assignment/checks.bats" ] || make -s build >/dev/null ||
		die 1 "cannot build the lessons: see make"
	log=$(make -s -C "$answer" 2>&1) && return 0
	report_failure "it builds, and the verifier accepts it" \
		"$(grep -vE '^make|^  (BPF|CC|LINK|AR) ' <<<"$log")"
	return 1
}

# judge_live HINTS: the assignment's checks.bats, of a command, in a sandbox: whatever it
# does ends with it. The report and the status are those of grader_user. What is skipped,
# and what never came to its end, is not judged, and so not done.
judge_live()
{
	[ -f "$assignment/checks.bats" ] || return 0
	type -P bats >/dev/null || die 1 "no bats here: ./setup.sh installs it"
	as_root timeout -k 5 "$SECONDS_MAX" testenv/sandbox.sh env ANSWER="$PWD/$answer" \
		FIRST_ONLY=y bats --tap "$assignment/checks.bats" </dev/null 2>&1 |
		awk -v most="$1" -v json="$json" -v limit="$SECONDS_MAX" '
		function quoted(text) {
			gsub(/[\\"]/, "\\\\&", text)
			gsub(/\n/, "\\n", text)
			gsub(/\t/, "\\t", text)
			return "\"" text "\""
		}
		function print_check() {
			if (title == "")
				return
			if (!good && !told)
				text = other
			if (json != "")
				printf "{\"check\": %s, \"ok\": %s, \"why\": %s}\n", quoted(title),
					good ? "true" : "false", quoted(good || failed ? "" : text)
			else
				printf "  %-4s  %s\n%s", good ? "ok" : "FAIL", title,
					good || failed ? "" : text
			if (!good && !failed)
				more = hints > most
			failed += !good
			title = ""
		}
		/^1\.\.[0-9]+$/ { plan = substr($0, 4) + 0 }
		/^(not )?ok [0-9]+ / {
			print_check()
			seen++
			good = !/^not/
			sub(/^(not )?ok [0-9]+ /, "")
			title = $0
			text = other = ""
			hints = told = 0
			if (title ~ /# skip/) {
				# After a failure the rest is left out.
				if (!failed && json == "")
					printf "  ----  %s\n", title
				skipped += !failed
				title = ""
			}
		}
		/^# hint: / { told = 1; if (hints++ < most) text = text "        " substr($0, 3) "\n" }
		/^# show: / { told = 1; text = text "        " substr($0, 9) "\n" }
		/^# / { other = other "        " substr($0, 3) "\n" }
		END {
			print_check()
			if (!failed && seen < plan + !plan)
				print "  FAIL  stopped before the last check: longer than " limit " s, perhaps"
			else if (!failed && skipped)
				print "  what is skipped cannot be judged on this machine (make doctor)"
			exit !failed && seen && seen == plan && !skipped ? 0 : !failed || more ? 1 : 3
		}'
}

# conclude STATUS: what is next, for a learner
conclude()
{
	case $1 in
	0) echo "  done: compare it with solutions/$lesson/$name, if you like" ;;
	1) echo "  not done: make hint A=$(short) has more" ;;
	3)
		echo "  not done: that was the last hint; the worked answer is shown by"
		echo "    diff -u $answer solutions/$lesson/$name"
		;;
	4) echo "  not done: these are the compiler's words" ;;
	*) echo "  not judged" ;;
	esac
}

# grade HINTS: builds and judges; remembers what came of it.
grade()
{
	local status=0

	start >&2
	[ -n "$json" ] || printf '%s: %s\n' "$lesson/$name" "$(title)"
	build || status=4
	if [ "$status" -eq 0 ] && [ -f "$assignment/checks.txt" ]; then
		as_root timeout -k 5 "$SECONDS_MAX" grader/grader_user --hints "$1" $json \
			"$assignment" "$answer" </dev/null || status=$?
		# timeout(1) has ended it.
		[ "$status" -lt 124 ] || report_failure "it is judged within $SECONDS_MAX s" ''
	fi
	if [ "$status" -eq 0 ]; then
		judge_live "$1" || status=$?
	fi
	{
		[ "$status" -eq 0 ] && echo "done" || echo failing
		sum_of_answer
	} >"$answer/.graded"
	[ "$status" -ne 0 ] || rm -f "$answer/.hints"
	[ -n "$json" ] || conclude "$status"
	[ "$status" -eq 0 ] && return 0
	return 1
}

hint()
{
	local given=1

	[ ! -f "$answer/.hints" ] || read -r given <"$answer/.hints"
	[ "$given" -ge "$HINTS_MAX" ] || given=$((given + 1))
	start >&2
	echo "$given" >"$answer/.hints"
	grade "$given"
}

# state: of one assignment.
state()
{
	local state sum

	is_started || { echo "not started"; return; }
	{ read -r state && read -r sum; } 2>/dev/null <"$answer/.graded" || state=''
	if [ -n "$state" ] && [ "$sum" = "$(sum_of_answer)" ]; then
		echo "$state"
	else
		echo "not graded"
	fi
}

progress()
{
	local one state next='' done=0 all=0

	while IFS= read -r one; do
		use "$one"
		state=$(state)
		all=$((all + 1))
		[ "$state" != "done" ] || done=$((done + 1))
		[ "$state" = "done" ] || next=${next:-$(short)}
		if [ -n "$json" ]; then
			printf '{"assignment": "%s", "title": "%s", "state": "%s"}\n' \
				"$one" "$(title)" "$state"
		else
			printf '%-12s %-50s %s\n' "$(short)" "$(title)" "$state"
		fi
	done < <(all_assignments)
	[ -z "$json" ] || return 0
	echo "$done of $all done"
	[ -z "$next" ] || echo "next: make grade A=$next"
}

# next [AFTER]: the first that is not done behind that one, and then from the beginning.
next()
{
	local one rest=() before=()

	while IFS= read -r one; do
		use "$one"
		if [ "$(state)" = "done" ] || [ "$one" = "${1-}" ]; then
			[ "$one" != "${1-}" ] || { before+=("${rest[@]}"); rest=(); }
		else
			rest+=("$one")
		fi
	done < <(all_assignments)
	rest+=(${before[@]+"${before[@]}"})
	[ "${#rest[@]}" -ne 0 ] || return 1
	echo "${rest[0]}"
}

command=${1-} json='' log='' lesson='' name='' assignment='' answer=''
[ $# -eq 0 ] || shift
case $command in
-h | --help)
	usage
	exit 0
	;;
start | grade | hint | reset | progress | next) ;;
*) die 2 "no command '$command' (see grader/grade.sh --help)" ;;
esac
if [ "${1-}" = --json ]; then
	json=--json
	shift
fi
if [ "$command" = progress ]; then
	progress
	exit
elif [ "$command" = next ]; then
	next "${1-}"
	exit
fi
[ -n "${1-}" ] || die 2 "no assignment (A=basic03/02; make progress lists them)"
find_assignment "$1"
case $command in
grade) grade 1 ;;
start)
	start
	sed -n '/^#+TITLE/!p' "$assignment/README.org" | sed '/^# SPDX/d'
	;;
*) "$command" ;;
esac
