#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Commands on a kernel that lacks a feature: what is said, what is left behind.

load ../helpers

# Numbers of enum bpf_cmd, with the error of a kernel that does not know them
# (EINVAL).
TEST_RUN=10:22
LINK_CREATE=28:22

setup_file()
{
	need_sandbox
	mkdir -p /sys/fs/bpf/xdp
	ip link add dev flt0 type veth peer name flt1
	ip link set dev flt0 up
	ip link set dev flt1 up
}

teardown_file()
{
	ip link del dev flt0
}

setup()
{
	cd "$TOP" || return
	pinned=basic04-pinning-maps/xdp_pinned_user
	before=$(snapshot)
}

teardown()
{
	"$pinned" -q -d flt0 --unload-all
}

# lacks_it FEATURE COMMAND:ERRNO COMMAND...: status 77 and one line that names
# the feature; everything is as before.
lacks_it()
{
	run --separate-stderr old_kernel "${@:2}"
	[ "$status" -eq 77 ] || { echo "status $status: $stderr" >&2; return 1; }
	[ -z "$output" ]
	one_line_error "this kernel has no '$1': " "Invalid argument" "make doctor"
	unchanged "$before"
}

@test "xdp_pinned_user --link: no link for XDP" {
	lacks_it xdp_link $LINK_CREATE "$pinned" -d flt0 --link
	lacks_it xdp_link $LINK_CREATE "$pinned" -q -d flt0 --link --skb-mode
	# Without --link it needs none.
	run --separate-stderr old_kernel $LINK_CREATE "$pinned" -d flt0 --skb-mode
	[ "$status" -eq 0 ]
	"$pinned" -q -d flt0 --unload-all
	unchanged "$before"
}

@test "a link that fails although the kernel has them: the reason, status 30" {
	# In the driver a program takes no packet of several pages.
	ip link set dev flt1 mtu 9000
	before=$(snapshot)
	run --separate-stderr "$pinned" -d flt0 --link --native-mode
	[ "$status" -eq 30 ]
	one_line_error "cannot attach 'xdp_pinned_func' to 'flt0'" "MTU"
	unchanged "$before"
	ip link set dev flt1 mtu 1500
}

@test "xdp_compare_user: programs cannot be run on a given packet" {
	lacks_it prog_run $TEST_RUN basic03-map-counter/xdp_compare_user -r 100
	run -0 basic03-map-counter/xdp_compare_user -r 100
	[ "${#lines[@]}" -eq 4 ]
}
