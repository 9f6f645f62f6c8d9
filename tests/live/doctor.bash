# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=bash
#
# What the doctor*.bats files share.

load ../helpers

export D=$TOP/doctor/doctor_user
export PINS=/sys/fs/bpf/doctor

setup_file()
{
	need_sandbox
	make -s -C "$TOP" build-doctor
	make -s -C "$TOP/tests/live"
	# Elsewhere a report may take half a minute: one for all that only read.
	"$D" --json >"$BATS_FILE_TMPDIR/json" 2>"$BATS_FILE_TMPDIR/stderr" ||
		[ "$?" -eq 1 ]
}

setup()
{
	cd "$TOP" || return 1
	before=$(snapshot)
}

teardown()
{
	# libxdp leaves its folder.
	rm -rf "$PINS" /sys/fs/bpf/xdp
	ip link del left 2>/dev/null || true
	unchanged "$before"
}

# report [JQ OPTION]... FILTER: what jq makes of the whole report.
report()
{
	jq "$@" "$BATS_FILE_TMPDIR/json"
}

# told GROUP NAME FILTER: what jq makes of the object NAME, as it is now.
told()
{
	"$D" --json --group "$1" | jq -r "select(.name == \"$2\") | $3"
}
