#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# advanced03-AF_XDP under the highest rate that the lab gives, started and
# stopped at random (soak_user): the build that checks each frame and the normal
# one, spinning and in poll(2). Every report has all frames; what was steered is
# received or counted by the kernel, what was received is answered or counted,
# what was sent arrives at the far end; memory and descriptors stay as many. The
# environment may set SOAK_SECONDS, of traffic in all (20; with many,
# TEST_TIMEOUT has to be longer), and SOAK_SEED.

# bats file_tags=slow

load ../helpers

LESSON=$TOP/advanced03-AF_XDP
# What a process may grow by between the first traffic and the last: some pages.
# A debug build's allocator keeps a MB of what was freed, which is more in all.
GROWS_KB=64
DEBUG_GROWS_KB=2048
RUNS=9 # of the tests below

setup_file()
{
	need_sandbox
	[ "${VM_GUEST-}" != tcg ] || : "${SOAK_SECONDS:=8}"
	export SOAK_SECONDS=${SOAK_SECONDS:-20} SOAK_SEED=${SOAK_SEED:-$RANDOM}
	printf '# %s seconds, SOAK_SEED=%s\n' "$SOAK_SECONDS" "$SOAK_SEED" >&3
	# The far end looks at what comes back, so it has no other program. No
	# IPv6 addresses, so that no neighbour is asked for: the frames of
	# tests/packets need none.
	lab soak --queues 4 --bare --ipv4-only
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --all
}

setup()
{
	need_feature live_frames
	need_cmd jq
	[ -d "$LESSON" ] || skip "this tree has no ${LESSON##*/}"
	cd "$LESSON" || return
	# What would grow until it is full, to no more than this: what was freed,
	# and (with gcc from 13 on) the frames of functions that have returned.
	export ASAN_OPTIONS=quarantine_size_mb=1:thread_local_quarantine_size_kb=64
	ASAN_OPTIONS+=:max_uar_stack_size_log=16
	mkdir -p /sys/fs/bpf/xdp
	for file in report said sent asked; do
		: >"/run/tmp/$file"
	done
	before=$(snapshot)
}

teardown()
{
	end "${runner-}"
	end "${sender-}"
	# One that was aborted has left its program.
	./af_xdp_user -q -d soak --unload-all
	tail -n 3 /run/tmp/said
	rm -f /run/tmp/{report,said,sent,asked}
}

# memory: what the command has in KB
memory()
{
	awk '/^VmRSS:/ { print $2 }' "/proc/$runner/status"
}

# descriptors: how many it has open. A look at the interface takes one for a
# moment: the smallest of some numbers.
descriptors()
{
	local all i

	for ((i = 0; i < 10; i++)); do
		all=("/proc/$runner/fd/"*)
		printf '%d\n' "${#all[@]}"
	done | sort -n | head -n 1
}

# patiently COMMAND...: until it succeeds; a process that has ended, never
patiently()
{
	local i

	for ((i = 0; i < 600; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		[ -d "/proc/$runner" ] || break
		sleep 0.1
	done
	echo "never: $*; the last report: $(tail -n 1 /run/tmp/report)" >&2
	return 1
}

# Nothing has come since the report before; all that was steered is received or
# counted by the kernel; all that was sent is back.
settled()
{
	reported '.sum.rx.pps == 0 and (.queues | all(
		.steered == .rx.packets + .kernel.rx_dropped + .kernel.rx_ring_full and
		.frames.rx + .frames.tx + .frames.completion == 0))'
}

# every FILTER: each report is so, as jq sees it
every()
{
	jq -e -n "[inputs | select($1 | not)] | . == [] or
		(\"not so: \(.[0])\" | halt_error)" /run/tmp/report
}

# total FILTER: of the last report, the sum over all queues
total()
{
	tail -n 1 /run/tmp/report | jq "[.queues[] | $1] | add"
}

# start COMMAND ARGUMENT...: it has sockets, and has reported so
start()
{
	"./$1" -d soak --native-mode --json -i 0.25 "${@:2}" \
		>/run/tmp/report 2>/run/tmp/said 3>&- &
	runner=$!
	patiently grep -q "queue 3 of 'soak': copy mode" /run/tmp/said
	patiently reported .queues
}

# generate ARGUMENT...: traffic until the time is over
generate()
{
	ip netns exec soak "$TOP/tests/live/soak_user" -d veth0 \
		--packets "$TOP/tests/packets" --seed "$SOAK_SEED" \
		--seconds "$(jq -n "$SOAK_SECONDS / $RUNS")" "$@" \
		>/run/tmp/sent 2>/run/tmp/asked 3>&- &
	sender=$!
}

all_sent()
{
	grep -q 'all is sent' /run/tmp/asked
}

# finish: the sender is ended and has counted, then the command
finish()
{
	kill "$sender"
	wait "$sender"
	kill "$runner"
	wait "$runner"
	runner='' sender=''
}

# soak FRAMES COMMAND JOB ARGUMENT...: with so many frames of a queue. JOB is
# echo; mixed, where not all that it gets are requests; or its option.
soak()
{
	local frames=$1 command=$2 grows=$GROWS_KB job=() kind=() i
	local memory descriptors arrived

	[[ $command != *_debug ]] || grows=$DEBUG_GROWS_KB
	case $3 in
	echo) ;;
	mixed) job=(--progname xdp_sock_all_func) kind=(--mixed) ;;
	*) job=("--$3") kind=(--udp) ;;
	esac
	start "$command" --frames "$frames" "${job[@]}" "${@:4}"
	generate "${kind[@]}"
	patiently reported '.sum.rx.packets > 100'
	memory=$(memory)
	descriptors=$(descriptors)
	for ((i = 0; i < SOAK_SECONDS; i++)); do
		sleep 1
		! all_sent || break
	done
	patiently all_sent
	patiently settled
	[ "$(descriptors)" = "$descriptors" ]
	printf '# %s %s: %s KB at first, %s KB at last\n' "$command" "${*:3}" \
		"$memory" "$(memory)" >&3
	[ "$(memory)" -le "$((memory + grows))" ]
	finish

	# Every one of its frames, always; all are back.
	every ".queues | length == 4 and all(.frames | add == $frames)"
	settled
	reported ".queues | all(.frames | .free + .fill == $frames)"
	# All queues had something to do.
	reported '.queues | all(.rx.packets > 0)'
	# What comes in is answered, or counted as not.
	reported '.queues | all(.rx.packets == .tx.packets + .ignored)'
	case $3 in
	drop) reported '.sum.tx.packets == 0' ;;
	mixed) reported '.queues | all(.ignored > 0 and .tx.packets > 0)' ;;
	*) reported '.queues | all(.ignored == 0)' ;;
	esac
	# The kernel found no fault with what we wrote into the rings.
	reported '.queues | all(.kernel | .rx_invalid_descs + .tx_invalid_descs == 0)'
	# What was sent arrives, and is an answer.
	arrived=$(total '.tx.packets - .tx_dropped')
	printf '# %s received, %s lost, %s sent; %s\n' "$(total .rx.packets)" \
		"$(total '.kernel.rx_dropped + .kernel.rx_ring_full')" \
		"$arrived" "$(</run/tmp/sent)" >&3
	jq -e ".good == $arrived and .bad == 0" /run/tmp/sent
	run ! grep -vE '^note: ' /run/tmp/said
	unchanged "$before"
}

# A small number of frames: each is used often, and there are too few.
@test "each frame watched: echo, spinning, 64 frames with headroom" {
	soak 64 af_xdp_debug echo --headroom 256
}

@test "each frame watched: echo, in poll(2)" {
	soak 4096 af_xdp_debug echo --poll-mode
}

@test "each frame watched: echo requests among others" {
	soak 4096 af_xdp_debug mixed --poll-mode
}

@test "each frame watched: --l2fwd, in poll(2), frames of 2048 bytes" {
	soak 1000 af_xdp_debug l2fwd --poll-mode --frame-size 2048 --headroom 512
}

@test "each frame watched: --drop, spinning" {
	soak 512 af_xdp_debug drop
}

@test "the normal build: echo, spinning" {
	soak 4096 af_xdp_user echo
}

@test "the normal build: echo, in poll(2), 64 frames with headroom" {
	soak 64 af_xdp_user echo --poll-mode --headroom 256
}

@test "the normal build: --l2fwd, spinning" {
	soak 4096 af_xdp_user l2fwd
}

@test "the normal build: --drop, in poll(2), frames of 2048 bytes" {
	soak 16384 af_xdp_user drop --poll-mode --frame-size 2048
}
