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

# in_answer: a lab named grade, and the folder of the answer; for setup(). With FIRST_ONLY in
# the environment nothing is checked behind a check that has failed.
in_answer()
{
	need_sandbox
	[ -z "${FIRST_ONLY-}" ] || [ ! -e "$BATS_FILE_TMPDIR/failed" ] ||
		skip "a check before this one has failed"
	# To make one takes longer than to remove what was attached.
	[ -e /run/netns/grade ] || lab grade
	cd "$ANSWER" || return
	# shellcheck disable=SC2034 # for the check
	status=0 out=$BATS_TEST_TMPDIR/out
	runner=''
}

# out_of_answer: for teardown()
out_of_answer()
{
	[ -n "${BATS_TEST_COMPLETED-}" ] || : >"$BATS_FILE_TMPDIR/failed"
	[ -n "${out-}" ] || return 0
	end "${runner-}"
	"$TOP/testenv/testenv.sh" reset --name grade >/dev/null 2>&1 ||
		"$TOP/testenv/testenv.sh" teardown --name grade >/dev/null
}

# patience: seconds to wait for an answer: one, when another check has waited in vain.
patience()
{
	[ -e "$BATS_FILE_TMPDIR/late" ] && echo 1 || echo "$ANSWER_SECONDS"
}

# answer COMMAND...: the learner's command, to its end; status and output as with run. Into
# a file: a process that it leaves would keep a pipe open.
answer()
{
	status=0
	(ulimit -f $((OUTPUT_MAX / 1024)) && exec timeout -k 1 "$(patience)" "$@" \
		</dev/null >"$out" 2>&1 3>&-) || status=$?
	[[ $status != 124 && $status != 137 ]] || : >"$BATS_FILE_TMPDIR/late"
	# shellcheck disable=SC2034 # for the check
	output=$(tr -d '\0' <"$out")
}

# start_answer COMMAND...: one that stays; its output goes to $out.
start_answer()
{
	: >"$out"
	(ulimit -f $((OUTPUT_MAX / 1024)) && exec timeout -k 1 $((ANSWER_SECONDS * 2)) \
		"$TOP/testenv/lab_user" run "$@" >"$out" 2>&1 3>&-) &
	runner=$!
}

# wait_answer COMMAND...: until that succeeds. False, with what the answer has printed, when
# it ends before that, or does not come to it in time.
wait_answer()
{
	local end=$((SECONDS + $(patience)))

	until "$@" >/dev/null 2>&1; do
		if has_ended "$runner" || [ "$SECONDS" -gt "$end" ]; then
			has_ended "$runner" || : >"$BATS_FILE_TMPDIR/late"
			show "$(tr -d '\0' <"$out")"
			return 1
		fi
		sleep 0.05
	done
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

# deliver COUNT ARGUMENT...: as send; they have arrived, and what runs there has seen them.
deliver()
{
	local counter=/sys/class/net/grade/statistics/rx_packets before

	before=$(<"$counter")
	send "${@:2}" --count "$1"
	wait_for at_least $((before + $1)) "$counter"
}

# at_least NUMBER FILE: the number in it
at_least()
{
	[ "$(<"$2")" -ge "$1" ]
}

# show TEXT: for the learner, what came and what was expected: twenty lines at most.
show()
{
	head -c 2000 <<<"$1" | head -n 20 | tr -d '\0' | sed 's/^/show: /'
}

# hints TEXT...: the check has failed; up to three, a nudge first.
hints()
{
	printf 'hint: %s\n' "$@"
	return 1
}
