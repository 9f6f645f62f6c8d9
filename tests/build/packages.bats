#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The table of package names, and how the distribution is found out.

load build

setup()
{
	# shellcheck source=packages.sh disable=SC1091
	. "$TOP/packages.sh"
	export OS_RELEASE=$BATS_TEST_TMPDIR/os-release
}

# manager LINE...: the package manager of a distribution that says so.
manager()
{
	printf '%s\n' "$@" >"$OS_RELEASE"
	package_manager
}

@test "every row of the package table is complete" {
	bad=$(package_table | awk '
		NF != 8 ||
		!/^#/ && $1 !~ /^(build|run|optional|lesson|test|vm)$/ ||
		!/^#/ && $3 !~ /^(pkg|cmd:.+)$/')
	[ -z "$bad" ] || fail "bad rows:" "$bad"
	double=$(package_table | awk '{ print $2 }' | sort | uniq -d)
	[ -z "$double" ] || fail "twice: $double"
}

@test "distributions and their kin are told by /etc/os-release" {
	[ "$(manager 'ID=debian')" = apt ]
	[ "$(manager 'NAME="x"' 'ID=ubuntu' 'ID_LIKE=debian')" = apt ]
	[ "$(manager 'ID=linuxmint' 'ID_LIKE="ubuntu debian"')" = apt ]
	[ "$(manager 'ID=fedora')" = dnf ]
	[ "$(manager 'ID="rhel"')" = dnf ]
	[ "$(manager 'ID="rocky"' 'ID_LIKE="rhel centos fedora"')" = dnf ]
	[ "$(manager 'ID=arch')" = pacman ]
	[ "$(manager 'ID=manjaro' "ID_LIKE='arch'")" = pacman ]
	[ "$(manager 'ID="opensuse-leap"' 'ID_LIKE="suse opensuse"')" = zypper ]
	[ "$(manager 'ID=alpine')" = apk ]
	run -1 manager 'ID=plan9' 'ID_LIKE="unix bell"'
	rm "$OS_RELEASE"
	run -1 package_manager
}

@test "a thing has its own package name on each distribution" {
	printf 'ID=fedora\n' >"$OS_RELEASE"
	[ "$(package_name libelf)" = elfutils-libelf-devel ]
	printf 'ID=alpine\n' >"$OS_RELEASE"
	[ "$(package_name libelf)" = elfutils-dev ]
	printf 'ID=debian\n' >"$OS_RELEASE"
	[ "$(package_name libelf)" = libelf-dev ]
	[ "$(package_name bpftool)" = bpftool ]
	printf 'ID=ubuntu\n' >"$OS_RELEASE"
	[ "$(package_name bpftool)" = linux-tools-generic ]
}

@test "this machine's package manager knows every name in the table" {
	export OS_RELEASE=/etc/os-release
	[ "$(package_manager)" = apt ] || skip "looks names up with apt only"
	[ -n "$(apt-cache search --names-only '^libxdp-dev$')" ] ||
		skip "no package lists here"
	wanted=$(package_column apt | awk '{ print $4 }' | sort -u)
	# shellcheck disable=SC2086 # a list of words
	known=$(apt-cache show $wanted 2>/dev/null |
		sed -n 's/^Package: //p' | sort -u)
	unknown=$(comm -23 <(echo "$wanted") <(echo "$known"))
	[ -z "$unknown" ] || fail "unknown: $unknown"
}

@test "a command is found by its versioned name, the highest one" {
	dir="$BATS_TEST_TMPDIR/a b"
	for name in tool-9 tool-19 tool-x-99 other; do
		echo true | script "$dir/$name"
	done
	PATH="$dir:$PATH"
	[ "$(find_command tool)" = tool-19 ]
	echo true | script "$dir/tool"
	[ "$(find_command tool)" = tool ]
	run -1 find_command no-such-tool
	[ -z "$output" ]
}
