#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# libFuzzer on what reads input: addresses, capture files, lines of a trace, packets, answers. Each
# has FUZZ_SECONDS, 30 unless the environment says otherwise.

# bats file_tags=slow

load ../helpers

@test "any address, capture file, trace line, packet: read or refused" {
	run make -s -C "$TOP/tests/fuzz" run SECONDS="${FUZZ_SECONDS:-30}"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *'left out:'* ]] || skip "clang has no libFuzzer here"
}
