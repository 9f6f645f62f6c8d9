#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The fixtures, and packets made of them with faults (mutate.py), through the
# programs of the lessons: tshark has to find what headers/ finds, and no
# checksum may be wrong that was right. The environment may set FUZZ_PACKETS,
# how many, and FUZZ_SEED, which ones. Those that fail are kept in this folder.

# bats file_tags=slow

load ../helpers

export FUZZ_PACKETS=${FUZZ_PACKETS:-20000} FUZZ_SEED=${FUZZ_SEED:-20261121}
REWRITE=packet02-rewriting/xdp_rewrite_kern.o
REDIRECT=packet03-redirecting/xdp_redirect_kern.o
RUN=testing01-prog-run/xdp_run_user

setup_file()
{
	need_sandbox
	cd "$TOP" || return
	printf '# %s random packets, FUZZ_SEED=%s\n' "$FUZZ_PACKETS" \
		"$FUZZ_SEED" >&3
	python3 tests/fuzz/mutate.py "$FUZZ_PACKETS" "$FUZZ_SEED" \
		"$BATS_FILE_TMPDIR/random.pcap"
	python3 tests/fuzz/mutate.py --fixtures "$BATS_FILE_TMPDIR/fixtures.pcap"
}

setup()
{
	cd "$TOP" || return
}

# need_run: skips the test where xdp_run_user could not be built.
need_run()
{
	[ -x "$RUN" ] || skip "no libpcap here"
}

# judge SCRIPT ARGUMENT...: ends with its status; shows what it says, as TAP
# does, and keeps the packets that fail.
judge()
{
	local script=$1 rc=0

	shift
	python3 "tests/fuzz/$script.py" --keep \
		"tests/fuzz/failed-$script-$BATS_TEST_NUMBER-$FUZZ_SEED.pcap" \
		"$@" >"$BATS_TEST_TMPDIR/said" 2>&1 || rc=$?
	tail -n 40 "$BATS_TEST_TMPDIR/said" >&3
	return "$rc"
}

compare()
{
	need_cmd tshark
	tests/progrun/pcap_parsed "$1" >"$BATS_TEST_TMPDIR/parsed"
	judge compare "$BATS_TEST_TMPDIR/parsed" "$1"
}

# rewrite PROGRAM IN: as $BATS_TEST_TMPDIR/out.pcap
rewrite()
{
	need_run
	"$RUN" -q --in "$2" --out "$BATS_TEST_TMPDIR/out.pcap" \
		--filename "$REWRITE" --progname "$1"
}

# answer IN: the same for the tc program; its verdicts are in "verdicts".
answer()
{
	tests/progrun/pcap_tc packet02-rewriting/tc_return_kern.o \
		tc_return_ports_func "$1" "$BATS_TEST_TMPDIR/out.pcap" \
		>"$BATS_TEST_TMPDIR/verdicts"
}

@test "every fixture: tshark finds what the parsers find" {
	compare "$BATS_FILE_TMPDIR/fixtures.pcap"
}

@test "random packets: tshark finds what the parsers find" {
	compare "$BATS_FILE_TMPDIR/random.pcap"
}

@test "every XDP program takes every packet, with a verdict that there is" {
	need_cmd llvm-objdump
	need_run
	python3 tests/fuzz/programs.py "$RUN" "$BATS_FILE_TMPDIR/random.pcap" \
		[a-z]*[0-9][0-9]-*/*_kern.o >&3
}

@test "xdp_patch_ports_func: the port, and a checksum that tshark calls good" {
	need_cmd tshark
	rewrite xdp_patch_ports_func "$BATS_FILE_TMPDIR/random.pcap"
	judge rewritten destination "$BATS_FILE_TMPDIR/random.pcap" \
		"$BATS_TEST_TMPDIR/out.pcap"
}

@test "xdp_vlan_swap_func: a tag less, or one more" {
	rewrite xdp_vlan_swap_func "$BATS_FILE_TMPDIR/random.pcap"
	judge rewritten tag "$BATS_FILE_TMPDIR/random.pcap" \
		"$BATS_TEST_TMPDIR/out.pcap"
}

# forward WHAT PROGRAM NAME IN: what it answers or forwards, prepared as NAME.
forward()
{
	need_cmd tshark
	tests/progrun/pcap_prepared "$REDIRECT" "$2" "$3" "$4" \
		"$BATS_TEST_TMPDIR/out.pcap" >"$BATS_TEST_TMPDIR/verdicts"
	judge forwarded "$1" "$4" "$BATS_TEST_TMPDIR/out.pcap" \
		"$BATS_TEST_TMPDIR/verdicts"
}

@test "xdp_icmp_echo_func, every fixture: answered or left alone, good sums" {
	forward echo xdp_icmp_echo_func '' "$BATS_FILE_TMPDIR/fixtures.pcap"
}

@test "xdp_icmp_echo_func, random packets: the same" {
	forward echo xdp_icmp_echo_func '' "$BATS_FILE_TMPDIR/random.pcap"
}

@test "xdp_router_func, every fixture: forwarded or left alone, good sums" {
	forward route xdp_router_func routes "$BATS_FILE_TMPDIR/fixtures.pcap"
}

@test "xdp_router_func, random packets: the same" {
	forward route xdp_router_func routes "$BATS_FILE_TMPDIR/random.pcap"
}

@test "xdp_router_func with BPF_FIB_LOOKUP_DIRECT, random packets: the same" {
	forward route xdp_router_func routes-direct \
		"$BATS_FILE_TMPDIR/random.pcap"
}

@test "tc_return_ports_func, every fixture: the port, and a good checksum" {
	need_cmd tshark
	answer "$BATS_FILE_TMPDIR/fixtures.pcap"
	judge rewritten --verdicts "$BATS_TEST_TMPDIR/verdicts" source \
		"$BATS_FILE_TMPDIR/fixtures.pcap" "$BATS_TEST_TMPDIR/out.pcap"
}

@test "tc_return_ports_func, random packets: the same" {
	need_cmd tshark
	answer "$BATS_FILE_TMPDIR/random.pcap"
	judge rewritten --verdicts "$BATS_TEST_TMPDIR/verdicts" source \
		"$BATS_FILE_TMPDIR/random.pcap" "$BATS_TEST_TMPDIR/out.pcap"
}
