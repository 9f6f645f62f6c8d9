#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make doctor: that each probe is right. Whether a kernel has a feature is found
# out here a second time, with other tools.
# shellcheck disable=SC2016 # what is in single quotes is for another shell

# bats file_tags=kernel

load doctor

# agrees NAME COMMAND...: the probe finds what COMMAND finds.
agrees()
{
	local name=$1 probe=0 other=0

	shift
	"$D" --probe "$name" >"$BATS_TEST_TMPDIR/probe" 2>&1 || probe=$?
	"$@" >"$BATS_TEST_TMPDIR/other" 2>&1 || other=$?
	case $probe in
	0) [ "$other" -ne 0 ] || return 0 ;;
	77) [ "$other" -eq 0 ] || return 0 ;;
	esac
	printf '%s: the probe ends with %s, %s with %s\n' "$name" "$probe" \
		"$*" "$other" >&2
	tail -n 5 "$BATS_TEST_TMPDIR/probe" "$BATS_TEST_TMPDIR/other" >&2
	return 1
}

veths()
{
	ip link add name left mtu 9000 type veth peer name right mtu 9000
	ip link set left up
	ip link set right up
}

# since VERSION: the kernel is that new. For what no other tool can try.
since()
{
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]
}

# compiled_in FUNCTION: the kernel has it.
compiled_in()
{
	grep -qw "$1" /proc/kallsyms
}

@test "agrees: XDP modes, links, large packets" {
	need_cmd xdp-loader bpftool
	local object=basic01-xdp-pass/xdp_pass_kern.o

	veths
	ip link set left mtu 1500
	ip link set right mtu 1500
	agrees xdp_native xdp-loader load -m native left "$object"
	xdp-loader unload left --all >/dev/null 2>&1
	agrees xdp_generic xdp-loader load -m skb left "$object"
	xdp-loader unload left --all >/dev/null 2>&1
	agrees xdp_link compiled_in bpf_xdp_link_attach
	ip link set left mtu 9000
	ip link set right mtu 9000
	bpftool prog loadall tests/live/lab_test_kern.o "$PINS"
	agrees frags bpftool net attach xdpdrv pinned "$PINS/frags_func" dev left
	bpftool net detach xdpdrv dev left 2>/dev/null || true
}

@test "agrees: running programs, tc" {
	need_cmd bpftool
	mkdir "$PINS"
	bpftool prog load basic01-xdp-pass/xdp_pass_kern.o "$PINS/pass"
	head -c 64 /dev/zero >"$BATS_TEST_TMPDIR/packet"
	agrees prog_run bpftool prog run pinned "$PINS/pass" data_in \
		"$BATS_TEST_TMPDIR/packet" repeat 1
	agrees live_frames compiled_in bpf_test_run_xdp_live
	agrees tcx compiled_in tcx_link_attach
}

@test "agrees: maps and memory" {
	need_cmd bpftool setpriv prlimit
	mkdir "$PINS"
	agrees pinning bpftool map create "$PINS/map" type array key 4 value 4 \
		entries 1 name doctor
	agrees memlock prlimit --memlock=0:0 \
		setpriv --bounding-set -sys_resource,-ipc_lock \
		bpftool map create "$PINS/large" type array key 4 value 4096 \
		entries 16 name doctor
	agrees batch since 5.13
	agrees cpumap bpftool map create "$PINS/cpus" type cpumap key 4 value 8 \
		entries 1 name doctor
	known=$(bpftool feature probe kernel)
	agrees ringbuf grep -q 'map_type ringbuf is available' <<<"$known"
	agrees perf_buffer grep -q 'map_type perf_event_array is available' \
		<<<"$known"
	xdp=$(sed -n '/program type xdp:/,/program type/p' <<<"$known")
	agrees bpf_loop grep -qw bpf_loop <<<"$xdp"
	agrees load_bytes grep -qw bpf_xdp_load_bytes <<<"$xdp"
	agrees dynptr grep -qw bpf_ringbuf_reserve_dynptr <<<"$xdp"
}

@test "agrees: tracing and extensions" {
	need_cmd bpftool
	mkdir "$PINS"
	agrees btf bpftool btf dump file /sys/kernel/btf/vmlinux format c
	agrees fentry bpftool prog load tests/live/doctor_fentry_kern.o "$PINS/f"
	agrees tp_btf bpftool prog load tests/live/doctor_tp_kern.o "$PINS/t"
	veths
	ip link set left mtu 1500
	ip link set right mtu 1500
	basic01-xdp-pass/xdp_pass_user -q -d left
	agrees dispatcher basic01-xdp-pass/xdp_pass_user -q -d left
	basic01-xdp-pass/xdp_pass_user -q -d left --unload-all
	agrees freplace "$D" --probe dispatcher
	packet02-rewriting/xdp_rewrite_user -q -d left --progname xdp_vlan_swap_func
	agrees dispatcher_resize packet02-rewriting/xdp_rewrite_user -q -d left \
		--progname xdp_vlan_swap_func
	packet02-rewriting/xdp_rewrite_user -q -d left --unload-all
}

@test "agrees: AF_XDP" {
	need_cmd python3
	agrees af_xdp python3 -c 'import socket; socket.socket(44, socket.SOCK_RAW)'
	# No kernel so far has it on a veth.
	agrees af_xdp_zc false
}

@test "every probe is compared" {
	for name in $("$D" --list | cut -d ' ' -f 1); do
		grep -q "^	agrees $name " "$BATS_TEST_FILENAME"
	done
}
