#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# xdp_pass_user in a lab: what is attached, in which mode, and that it leaves.

load ../tests/helpers

setup_file()
{
	need_sandbox
	lab b01
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --name b01
}

setup()
{
	cd "$BATS_TEST_DIRNAME" || return
	mkdir -p /sys/fs/bpf/xdp
	before=$(snapshot)
}

teardown()
{
	./xdp_pass_user -q -d b01 --unload-all
}

# Name and mode of what the kernel has on the lab's outer end.
attached()
{
	ip -d link show dev b01 | sed -n 's/.*\(xdp[a-z]*\/id:[0-9]*\|prog\/xdp[a-z]* id [0-9]*\).*/\1/p'
}

ping_lab()
{
	"$TOP/testenv/testenv.sh" ping --name b01 "$1" -c 3 -i 0.05 -W 1
}

# bats test_tags=kernel
@test "it attaches, stays, says how to remove it, and that works" {
	run --separate-stderr ./xdp_pass_user --dev b01
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^"attached 'xdp_prog_simple' to 'b01': id "([0-9]+)", native mode"$ ]]
	id=${BASH_REMATCH[1]}
	ip link show dev b01 | grep -q 'prog/xdp id'
	[ "${lines[1]}" = "remove it with: ./xdp_pass_user --dev b01 --unload $id" ]
	run ${lines[1]#remove it with: }
	[ "$status" -eq 0 ]
	[ "$output" = "detached id $id ('xdp_prog_simple') from 'b01'" ]
	[ -z "$(attached)" ]
	unchanged "$before"
}

@test "under sudo the command that removes it has sudo" {
	SUDO_UID=1000 run --separate-stderr ./xdp_pass_user --dev b01
	[[ ${lines[1]} == "remove it with: sudo ./xdp_pass_user --dev b01 --unload "* ]]
}

@test "packets pass, IPv4 and IPv6, native and generic" {
	for mode in --native-mode --skb-mode --auto-mode; do
		./xdp_pass_user -q -d b01 $mode
		for family in -4 -6; do
			run ping_lab $family
			[ "$status" -eq 0 ]
			[[ $output == *" 3 received, 0% packet loss"* ]]
		done
		./xdp_pass_user -q -d b01 --unload
	done
	unchanged "$before"
}

@test "each mode is the one asked for" {
	run ./xdp_pass_user -d b01 -S
	[[ $output == *", generic mode"* ]]
	ip -d link show dev b01 | grep -q xdpgeneric
	run ./xdp_pass_user -d b01 -N -F
	[[ $output == *", native mode"* ]]
	[[ $(ip -d link show dev b01) != *xdpgeneric* ]]
	run ./xdp_pass_user -d b01 --auto-mode --force
	[[ $output == *", native mode"* ]]
}

# bats test_tags=kernel
@test "the state of the dispatcher is one calm line, or none" {
	run --separate-stderr ./xdp_pass_user -d b01
	if feature dispatcher; then
		[ -z "$stderr" ]
	else
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "note: one program at a time on 'b01': libxdp has no dispatcher here ("*")" ]]
	fi
}

@test "-q says nothing, -v shows the libraries, -vv more" {
	run ./xdp_pass_user -d b01 -q
	[ -z "$output" ]
	run --separate-stderr ./xdp_pass_user -d b01 -F -v
	[ "$status" -eq 0 ]
	few=${#stderr_lines[@]}
	run --separate-stderr ./xdp_pass_user -d b01 -F -vv
	[[ $stderr == *libbpf:* ]]
	[ "${#stderr_lines[@]}" -gt "$few" ]
}

@test "another object and program" {
	run --separate-stderr ./xdp_pass_user -d b01 \
		--filename ../basic02-prog-by-name/xdp_prog_kern.o --progname xdp_drop_func
	[[ ${lines[0]} == "attached 'xdp_drop_func' to 'b01'"* ]]
	run ping_lab -4
	[ "$status" -eq 1 ]
	[[ $output == *" 0 received, 100% packet loss"* ]]
}

@test "an object that is none, and a program that is not in it: one line, status 40" {
	run --separate-stderr ./xdp_pass_user -d b01 --filename xdp_pass_user.c
	[ "$status" -eq 40 ]
	one_line_error "cannot open 'xdp_pass_user.c' as a BPF object file: "
	run --separate-stderr ./xdp_pass_user -d b01 --progname nosuch
	[ "$status" -eq 40 ]
	one_line_error "no XDP program 'nosuch' in 'xdp_pass_kern.o'" "xdp_prog_simple"
	unchanged "$before"
}

@test "the object is found beside the command, from any folder" {
	cd /
	run "$BATS_TEST_DIRNAME/xdp_pass_user" -q -d b01
	[ "$status" -eq 0 ]
	cd "$BATS_TEST_DIRNAME"
}

@test "an object in the current folder comes first" {
	mkdir /run/tmp/here
	cp ../basic02-prog-by-name/xdp_prog_kern.o /run/tmp/here/xdp_pass_kern.o
	cd /run/tmp/here
	run "$BATS_TEST_DIRNAME/xdp_pass_user" --list
	cd "$BATS_TEST_DIRNAME"
	rm -r /run/tmp/here
	[[ $output == *xdp_drop_func* ]]
}

# bats test_tags=kernel
@test "two programs share the interface through the dispatcher" {
	need_feature dispatcher
	./xdp_pass_user -q -d b01
	run ./xdp_pass_user -d b01
	[ "$status" -eq 0 ]
	[[ $output == *"added beside id "*" ('xdp_prog_simple')"* ]]
	run --separate-stderr ./xdp_pass_user -d b01 --unload
	[ "$status" -eq 2 ]
	one_line_error "name one with --unload ID"
	run ./xdp_pass_user -d b01 --unload-all
	[ "$(grep -c ^detached <<<"$output")" -eq 2 ]
	unchanged "$before"
}
