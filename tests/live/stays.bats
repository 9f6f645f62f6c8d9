#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Commands that stay: what they say of it, and when the first report comes.

load ../helpers

setup_file()
{
	need_sandbox
	lab stay
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --name stay
}

setup()
{
	need_cmd jq
	mkdir -p /sys/fs/bpf/xdp
	commands=0
}

# each_that_stays FUNCTION: called for each command that attaches a program and then
# stays, with the arguments that make it do so for a moment. (Of options alone:
# xdp_ping_user has operands.)
each_that_stays()
{
	local command help args

	for command in "$TOP"/{basic,packet,tracing,testing,advanced}[0-9]*/*_user; do
		[[ $command != *_bare_user ]] || continue
		help=$("$command" --help)
		args=(-d stay)
		[[ $help == *--unload-all* ]] || continue
		[[ $help != *--stats* ]] || args+=(--stats)
		case $help in
		*DEST*) continue ;;
		*--interval*) args+=(--count 1 --interval 60) ;;
		*--duration*) args+=(--duration 0.1) ;;
		*) continue ;;
		esac
		echo "$command ${args[*]}"
		"$1" "$command" "${args[@]}"
		commands=$((commands + 1))
	done
	[ "$commands" -ge 9 ]
}

# says COMMAND...: attached, and detached; standard output has only the report
says()
{
	local id

	run --separate-stderr timeout 20 "$@" --json
	echo "$stderr"
	[ "$status" -ne 77 ] || return 0
	[ "$status" -eq 0 ]
	jq -e . <<<"${output:-"{}"}" >/dev/null
	id=$(sed -n "s/^note: attached '.*' to 'stay': id \([0-9]*\), native mode; Ctrl-C ends it$/\1/p" \
		<<<"$stderr")
	grep -q "^note: detached id ${id:-none} ('.*') from 'stay'$" <<<"$stderr"
}

says_nothing()
{
	run --separate-stderr timeout 20 "$@" --quiet
	echo "$stderr"
	[ "$status" -ne 77 ] || return 0
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

# bats test_tags=slow
@test "it attached, how it ends, that it detached; the first report does not wait for a minute" {
	each_that_stays says
}

# bats test_tags=slow
@test "with --quiet none of it" {
	each_that_stays says_nothing
}
