# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What the testenv*.bats files share.

load ../helpers

export T=$TOP/testenv/testenv.sh
export LOADER=$TOP/tests/live/lab_test_user

setup_file()
{
	need_sandbox
	make -s -C "$TOP/testenv" >&2
	make -s -C "$TOP/tests/live" >&2
}

setup()
{
	before=$(snapshot "$TOP/testenv")
	cd "$BATS_TEST_TMPDIR" || return 1
}

same_as_before()
{
	unchanged "$before" "$TOP/testenv"
}

# Whatever a test did: teardown succeeds, and leaves nothing.
teardown()
{
	"$T" teardown --all
	same_as_before
}

# attach DEV PROGRAM [IFINDEX NUMBER]: on an outer end
attach()
{
	"$LOADER" -d "$@"
}

# inside LAB COMMAND...
inside()
{
	"$T" exec --name "$@"
}

# pings LAB [ARGUMENT]...: ten of ten answers, quickly
pings()
{
	local out

	out=$("$T" ping --name "$1" -q -c 10 -i 0.01 -W 1 "${@:2}") || {
		printf '%s\n' "$out" >&2
		return 1
	}
	[[ $out == *" 10 received"* ]]
}

no_pings()
{
	! "$T" ping --name "$1" -q -c 2 -i 0.01 -W 0.2 "${@:2}" >/dev/null
}

# number_of LAB
number_of()
{
	"$T" status --name "$1" --json | sed 's/.*"number": \([0-9]*\),.*/\1/'
}

# holds LAB END: the program there, as MODE NAME, or nothing
holds()
{
	local line

	line=$("$T" status --name "$1" --json)
	line=${line#*"\"$2\": "}
	line=${line%%\}, \"inner\"*}
	sed -n 's/.*"name": "\([^"]*\)", "mode": "\([^"]*\)".*/\2 \1/p' <<<"$line"
}

# holds_alone LAB NAME: that program and no other is on the outer end, in native
# mode, behind libxdp's dispatcher or not
holds_alone()
{
	local line

	line=$("$T" status --name "$1" --json)
	line=${line#*'"outer": '}
	line=${line%%\}, \"inner\"*}
	line=${line#*'"name": "xdp_dispatcher"'}
	[[ $line == *'"name": "'"$2"'", '* && ${line%'"name": '*} != *'"name": '* ]]
}

# moved DEV [COMMAND...]: packets received and sent by an interface
moved()
{
	"${@:2}" sed -n "s/^ *$1: *//p" /proc/net/dev | awk '{ print $2, $10 }'
}
