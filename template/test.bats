#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_stem_user in a lab: what a user sees, on real packets.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab t00
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --name t00
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	mkdir -p /sys/fs/bpf/xdp
	before=$(snapshot)
}

teardown()
{
	./xdp_stem_user -q -d t00 --unload-all
}

# received FAMILY: how many of three echo requests are answered.
received()
{
	"$TOP/testenv/testenv.sh" ping --name t00 "$1" -c 3 -i 0.05 -W 1 |
		sed -n 's/.* \([0-9]*\) received.*/\1/p'
}

# bats test_tags=kernel
@test "IPv6 is dropped, IPv4 is not, in every mode; afterwards all is as before" {
	[ "$(received -6)" = 3 ]
	for mode in -N -S; do
		run --separate-stderr ./xdp_stem_user -d t00 $mode
		[ "$status" -eq 0 ]
		[[ ${lines[0]} == "attached 'xdp_stem_func' to 't00': id "* ]]
		[ "$(received -4)" = 3 ]
		[ "$(received -6)" = 0 ]
		run ./xdp_stem_user -d t00 --unload
		[[ $output == "detached id "*" ('xdp_stem_func') from 't00'" ]]
	done
	[ "$(received -4)" = 3 ]
	unchanged "$before"
}

@test "--list names the program" {
	run --separate-stderr ./xdp_stem_user --list
	[ "$status" -eq 0 ]
	[[ ${lines[1]} =~ ^'xdp_stem_func '.*' xdp ' ]]
}

@test "an interface that is not there" {
	run --separate-stderr ./xdp_stem_user -d nosuch0
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} == "error: bad value 'nosuch0' for --dev: "* ]]
	unchanged "$before"
}
