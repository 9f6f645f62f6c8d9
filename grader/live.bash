# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What the live checks of assignments share: `load ../../../grader/live` in a checks.bats.
# grade.sh runs that in a sandbox, with ANSWER, the folder of the built answer. Each test is
# a check; its name is the report's line. The learner's command may do anything: it has
# ten seconds, its output ends at a megabyte, and the sandbox takes along what it leaves.

# shellcheck source=tests/helpers.bash
. "${BASH_SOURCE[0]%/*}/../tests/helpers.bash"

ANSWER_SECONDS=10
OUTPUT_MAX=1000000

# in_answer: a lab named grade, and the folder of the answer; for setup().
in_answer()
{
	need_sandbox
	lab grade
	cd "$ANSWER" || return
	out=$BATS_TEST_TMPDIR/out
	runner=''
}

# out_of_answer: for teardown()
out_of_answer()
{
	end "${runner-}"
	"$TOP/testenv/testenv.sh" teardown --name grade >/dev/null
}

# answer COMMAND...: the learner's command, to its end; status and output as with run.
answer()
{
	# shellcheck disable=SC2016 # for the inner shell
	run bash -c 'timeout -k 1 "$1" "${@:3}" 2>&1 | head -c "$2"; exit "${PIPESTATUS[0]}"' \
		answer "$ANSWER_SECONDS" "$OUTPUT_MAX" "$@"
}

# start_answer COMMAND...: one that stays; its output goes to $out.
start_answer()
{
	: >"$out"
	(ulimit -f $((OUTPUT_MAX / 1024)) && exec timeout -k 1 $((ANSWER_SECONDS * 2)) \
		"$TOP/testenv/lab_user" run "$@" >"$out" 2>&1 3>&-) &
	runner=$!
}

# stop_answer: as Ctrl-C does; its status is in $status.
stop_answer()
{
	status=0
	kill -INT "$runner"
	# shellcheck disable=SC2034 # for the check
	wait "$runner" || status=$?
	runner=''
}

# send ARGUMENT...: packets from the lab's inner end (testenv/testenv.sh).
send()
{
	"$TOP/testenv/testenv.sh" send --name grade "$@" >/dev/null
}

# show TEXT: a line for the learner, of what came and what was expected.
show()
{
	local line

	while IFS= read -r line; do
		echo "show: $line"
	done <<<"$1"
}

# hints TEXT...: the check has failed; up to three, a nudge first.
hints()
{
	printf 'hint: %s\n' "$@"
	return 1
}
