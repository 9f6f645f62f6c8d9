#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# An exported lesson at work: its README holds, and its commands load the
# object that lies beside them. How it is made is tested in tests/build.

# bats file_tags=slow

load ../helpers

setup_file()
{
	need_sandbox
	ip link add dev exp0 type veth peer name exp1
	ip link set dev exp0 up
	ip link set dev exp1 up
	# What sends through exp0 wants a program on its other end.
	"$TOP/testenv/lab_user" attach exp1 "$TOP/testenv/lab_kern.o"
	mkdir -p "/run/tmp/out of it"
	for lesson in $(make -s -C "$TOP" lessons); do
		"$TOP/template/export.sh" "$lesson" "/run/tmp/out of it/$lesson" &&
			make -s -C "/run/tmp/out of it/$lesson" || return
	done
}

teardown_file()
{
	ip link del dev exp0
	rm -r "/run/tmp/out of it"
}

setup()
{
	cd "/run/tmp/out of it" || return
	mkdir -p /sys/fs/bpf/xdp
}

# loads COMMAND: it attaches a program to exp0 and takes it off again, called
# from another folder. One that would stay is told to report once, or to end
# soon; the others say what they attached.
loads()
{
	local args=() program said

	program=$("$1" --list | sed -n '2s/ .*//p')
	case $("$1" --help) in
	*--stats*) args=(--stats --count 1 --interval 0.1) ;;
	*--interval*) args=(--count 1 --interval 0.1) ;;
	*--duration*) args=(--duration 0.2) ;;
	esac
	said=$(cd / && timeout 20 "$1" --dev exp0 -v "${args[@]}" 2>&1) ||
		{ echo "$said" >&2; return 1; }
	[[ -n $program && ( ${#args[@]} -gt 0 || $said == *"attached '$program'"* ) ]] ||
		{ echo "$said" >&2; return 1; }
	"$1" -q --dev exp0 --unload-all
}

@test "each command that attaches loads its object, from its folder" {
	n=0
	for command in */*_user; do
		# xdp_ping_user has none of its object's programs to choose from.
		[ "$("./$command" --help | grep -c -e --unload-all -e ' --list')" -eq 2 ] ||
			continue
		before=$(snapshot)
		loads "$PWD/$command"
		unchanged "$before"
		n=$((n + 1))
	done
	[ "$n" -ge 2 ]
}

@test "without its object a command does not find the tree's" {
	cd basic02-prog-by-name
	mv xdp_prog_kern.o moved.o
	run --separate-stderr ./xdp_prog_user --dev exp0
	mv moved.o xdp_prog_kern.o
	[ "$status" -eq 40 ]
	one_line_error "'xdp_prog_kern.o'"
}

@test "what its README shows works" {
	need_cmd python3
	for lesson in *; do
		run -0 "$TOP/tests/docs/readme" "$lesson/README.org"
		[[ $output == *"ok 1 links and blocks are whole"* ]]
		[[ $output != *"not ok"* ]] || { echo "$output" >&2; return 1; }
	done
}
