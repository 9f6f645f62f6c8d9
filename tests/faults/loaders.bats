#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What can go wrong with a loader, and that it leaves nothing behind then.

load ../helpers

setup_file()
{
	need_sandbox
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
	cd "$TOP/basic02-prog-by-name" || return
	LOADERS=("$TOP/basic01-xdp-pass/xdp_pass_user" ./xdp_prog_user)
	# What libxdp makes once and keeps is there before the first comparison.
	mkdir -p /sys/fs/bpf/xdp
	before=$(snapshot)
}

teardown()
{
	[ "$(stat -f -c %T /sys/fs)" != tmpfs ] || umount /sys/fs
	is_bpffs || mount -t bpf bpf /sys/fs/bpf
	./xdp_prog_user -q -d flt0 --unload-all
}

# fails STATUS TEXT COMMAND...: one error line with TEXT, and nothing changed.
fails()
{
	local want=$1 text=$2

	shift 2
	run --separate-stderr "$@"
	[ "$status" -eq "$want" ] || { echo "status $status of $*: $stderr" >&2; return 1; }
	[ -z "$output" ]
	one_line_error "$text"
	unchanged "$before"
}

# refuses TEXT COMMAND...: a mistake in the options: the hint follows the error.
refuses()
{
	local text=$1

	shift
	run --separate-stderr "$@"
	[ "$status" -eq 2 ] || { echo "status $status of $*: $stderr" >&2; return 1; }
	[[ ${stderr_lines[0]} == "error: "*"$text"* ]]
	[ "${stderr_lines[1]}" = "see ${1##*/} --help" ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ -z "$output" ]
	unchanged "$before"
}

# id_of OUTPUT: the id that a loader printed.
id_of()
{
	sed -n 's/^attached .*: id \([0-9]*\), .*/\1/p' <<<"$1"
}

attached()
{
	ip -d link show dev flt0 | grep -o 'prog/xdp id [0-9]*'
}

@test "interface missing, unknown, too long" {
	for cmd in "${LOADERS[@]}"; do
		refuses "missing --dev IFNAME" "$cmd"
		refuses "no such interface" "$cmd" -d nosuchdev0
		refuses "no interface can have this name" "$cmd" -d sixteen_bytes_xx
		refuses "no interface can have this name" "$cmd" -d ''
	done
}

@test "interface down: attached, and said that no packet comes" {
	ip link set dev flt0 down
	wait_for grep -q lowerlayerdown /sys/class/net/flt1/operstate
	before=$(snapshot)
	for cmd in "${LOADERS[@]}"; do
		run --separate-stderr "$cmd" -d flt0
		[ "$status" -eq 0 ]
		[[ $stderr == *"note: 'flt0' is down"* ]]
		"$cmd" -q -d flt0 --unload
	done
	unchanged "$before"
	ip link set dev flt0 up
}

@test "not root" {
	for cmd in "${LOADERS[@]}"; do
		# Where the user may not enter the tree the command still can be run.
		mkdir /run/tmp/user
		cp "$cmd" ./*.o ../basic01-xdp-pass/*.o /run/tmp/user
		chmod -R a+rX /run/tmp/user
		cd /run/tmp/user
		run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups \
			"./${cmd##*/}" -d flt0
		cd "$OLDPWD"
		rm -r /run/tmp/user
		[ "$status" -eq 1 ]
		one_line_error "cannot attach to 'flt0': not permitted" "as root"
		unchanged "$before"
	done
}

@test "not root, and detaching" {
	./xdp_prog_user -q -d flt0
	before=$(snapshot)
	mkdir /run/tmp/user
	cp ./xdp_prog_user /run/tmp/user
	chmod -R a+rX /run/tmp/user
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups \
		/run/tmp/user/xdp_prog_user -d flt0 --unload
	rm -r /run/tmp/user
	[ "$status" -eq 1 ]
	one_line_error "cannot detach from 'flt0': not permitted"
	unchanged "$before"
}

@test "object file missing" {
	for cmd in "${LOADERS[@]}"; do
		fails 40 "cannot open 'nosuch.o': not in the current folder, nor in" \
			"$cmd" -d flt0 --filename nosuch.o
		fails 40 "cannot open './nosuch.o': No such file" \
			"$cmd" -d flt0 --filename ./nosuch.o
	done
}

@test "object file that is none" {
	for cmd in "${LOADERS[@]}"; do
		fails 40 "as a BPF object file" "$cmd" -d flt0 --filename xdp_prog_kern.c
		fails 40 "as a BPF object file" "$cmd" -d flt0 --filename /dev/null
		fails 40 "as a BPF object file" "$cmd" -d flt0 --filename /
		fails 40 "as a BPF object file" "$cmd" -d flt0 --filename ./xdp_prog_user
	done
}

@test "object file without XDP programs" {
	for cmd in "${LOADERS[@]}"; do
		fails 40 "no XDP program in '../tests/faults/noxdp_kern.o'" \
			"$cmd" -d flt0 --filename ../tests/faults/noxdp_kern.o
	done
}

@test "wrong program name: the error lists the right ones" {
	fails 40 "no XDP program 'xdp_foo' in 'xdp_prog_kern.o'; there is: xdp_pass_func, xdp_drop_func, xdp_abort_func" \
		./xdp_prog_user -d flt0 --progname xdp_foo
	fails 40 "there is: xdp_prog_simple" \
		"${LOADERS[0]}" -d flt0 --progname xdp_foo
	fails 40 "there is: none" ./xdp_prog_user -d flt0 \
		--filename ../tests/faults/noxdp_kern.o --progname tc_pass_func
}

# rejected STATUS-AND-OUTPUT of the last run: the error, then the decisive lines.
rejected()
{
	[ "$status" -eq 40 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == "error: cannot load 'xdp_unchecked_func' from '../tests/faults/reject_kern.o': the verifier rejects it" ]]
	[[ ${stderr_lines[1]} == "  ; "*"return data[0] ? XDP_PASS : XDP_DROP;"* ]]
	[[ ${stderr_lines[2]} =~ ^'  '[0-9]+': (71) r' ]]
	[[ $stderr == *"invalid access to packet"* ]]
	[ "${#stderr_lines[@]}" -le 6 ]
	[[ $stderr != *processed* && $stderr != *libbpf* ]]
}

@test "rejected program: the verifier's lines with the C source line" {
	for cmd in "${LOADERS[@]}"; do
		for quiet in "" -q; do
			run --separate-stderr "$cmd" -d flt0 $quiet \
				--filename ../tests/faults/reject_kern.o
			rejected
			unchanged "$before"
		done
	done
}

# object NAME <SOURCE: compiles it to /run/tmp/NAME.o
object()
{
	local flags

	flags=$(sed -n 's/^BPF_INCLUDES := *//p; s/^BPF_CPU := *//p' "$TOP/config.mk")
	{
		echo '#include <linux/bpf.h>'
		echo '#include <bpf/bpf_helpers.h>'
		cat
		echo 'char _license[] SEC("license") = "GPL";'
	} >"/run/tmp/$1.c"
	# shellcheck disable=SC2086 # flags are words
	"$(sed -n 's/^CLANG := *//p' "$TOP/config.mk")" -O2 -g -target bpf $flags \
		-c "/run/tmp/$1.c" -o "/run/tmp/$1.o"
}

@test "objects that libbpf refuses: its reason is shown" {
	object section <<-'END'
		SEC("xdp_foo") int old_func(struct xdp_md *ctx) { return XDP_PASS; }
	END
	object legacy <<-'END'
		struct { unsigned int type, a, b, c, d; } m SEC("maps") = { 1, 4, 4, 1 };
		SEC("xdp") int a_func(struct xdp_md *ctx) { return XDP_PASS; }
	END
	object nomap <<-'END'
		struct {
			__uint(type, BPF_MAP_TYPE_HASH);
			__type(key, int);
			__type(value, int);
		} no_room_map SEC(".maps");
		SEC("xdp") int a_func(struct xdp_md *ctx)
		{
			int key = 0;
			return bpf_map_lookup_elem(&no_room_map, &key) ? 1 : 2;
		}
	END
	object devmap <<-'END'
		SEC("xdp/devmap") int b_func(struct xdp_md *ctx) { return XDP_PASS; }
	END
	before=$(snapshot)
	for cmd in "${LOADERS[@]}"; do
		fails 40 "libbpf does not know section 'xdp_foo' of 'old_func' (use SEC(\"xdp\"))" \
			"$cmd" -d flt0 --filename /run/tmp/section.o
		fails 40 "legacy map definitions in 'maps' section" \
			"$cmd" -d flt0 --filename /run/tmp/legacy.o
		fails 40 "map 'no_room_map': failed to create" \
			"$cmd" -d flt0 --filename /run/tmp/nomap.o
		fails 40 "no XDP program in '/run/tmp/devmap.o'" \
			"$cmd" -d flt0 --filename /run/tmp/devmap.o
		# The same beside a program: it is not that one's fault.
		"$cmd" -q -d flt0
		run --separate-stderr "$cmd" -d flt0 --force --filename /run/tmp/nomap.o
		[ "$status" -eq 40 ]
		one_line_error "map 'no_room_map': failed to create"
		[ -n "$(attached)" ]
		"$cmd" -q -d flt0 --unload
	done
	rm /run/tmp/{section,legacy,nomap,devmap}.*
}

@test "options that exclude each other" {
	./xdp_prog_user -q -d flt0
	before=$(snapshot)
	fails 2 "missing --dev IFNAME" ./xdp_prog_user --list --unload-all
	fails 2 "--unload and --unload-all exclude each other" \
		./xdp_prog_user -d flt0 -U 99999 --unload-all
	fails 2 "--list and --unload exclude each other" \
		./xdp_prog_user -d flt0 --list --unload-all
}

@test "in a mount namespace without bpffs none is mounted: it would not stay" {
	umount /sys/fs/bpf
	run --separate-stderr unshare --mount "$PWD/xdp_prog_user" -d flt0 \
		--progname xdp_drop_func
	[ "$status" -eq 0 ]
	[[ $stderr == *"note: no bpffs at '/sys/fs/bpf' in this mount namespace"* ]]
	[[ $stderr == *"no bpffs is mounted"* ]]
	[ -n "$(attached)" ]
	run ./xdp_prog_user -d flt0 --unload
	[[ $output == *"('xdp_drop_func')"* ]]
}

@test "an ignored signal is ignored" {
	# From the beginning: it may come before the subshell has set a trap.
	trap '' HUP
	for ((i = 0; i < 10; i++)); do
		(
			exec ./xdp_prog_user -d flt0 >/run/tmp/said 2>/dev/null
		) &
		pid=$!
		sleep "0.00$i"
		kill -HUP "$pid" 2>/dev/null || echo "it was faster"
		wait "$pid"
		grep -q '^remove it' /run/tmp/said
		[ -n "$(attached)" ]
		./xdp_prog_user -q -d flt0 --unload
	done
	trap - HUP
	rm /run/tmp/said
}

@test "rejected program with --force: what was attached still is" {
	for cmd in "${LOADERS[@]}"; do
		"$cmd" -q -d flt0
		before=$(snapshot)
		id=$(attached)
		run --separate-stderr "$cmd" -d flt0 --force \
			--filename ../tests/faults/reject_kern.o
		rejected
		[ "$(attached)" = "$id" ]
		unchanged "$before"
		"$cmd" -q -d flt0 --unload-all
	done
}

@test "bpffs not mounted: mounted, and said" {
	for cmd in "${LOADERS[@]}"; do
		umount /sys/fs/bpf
		run --separate-stderr "$cmd" -d flt0
		[ "$status" -eq 0 ]
		[[ $stderr == *"note: mounted bpffs at '/sys/fs/bpf'"* ]]
		is_bpffs
		"$cmd" -q -d flt0 --unload-all
	done
}

@test "bpffs not mounted, and the load fails: not mounted afterwards" {
	umount /sys/fs/bpf
	for cmd in "${LOADERS[@]}"; do
		run "$cmd" -d flt0 --filename ../tests/faults/reject_kern.o
		[ "$status" -eq 40 ]
		run ! is_bpffs
	done
}

@test "bpffs not mountable: attached without dispatcher, and said" {
	umount /sys/fs/bpf
	mount -t tmpfs none /sys/fs
	for cmd in "${LOADERS[@]}"; do
		run --separate-stderr "$cmd" -d flt0
		[ "$status" -eq 0 ]
		[[ $stderr == *"note: cannot mount bpffs at '/sys/fs/bpf': No such file"* ]]
		[[ $stderr == *"one program at a time on 'flt0'"*"no bpffs is mounted"* ]]
		[ -n "$(attached)" ]
		"$cmd" -q -d flt0 --unload
		[ -z "$(attached)" ]
	done
}

@test "a program is already attached" {
	run ./xdp_prog_user -d flt0
	first=$(id_of "$output")
	before=$(snapshot)
	if feature dispatcher; then
		run --separate-stderr "${LOADERS[0]}" -d flt0
		[ "$status" -eq 0 ]
		[[ $output == *"added beside id $first ('xdp_pass_func')"* ]]
	else
		fails 30 "id $first ('xdp_pass_func') is there, in native mode (--force replaces it)" \
			"${LOADERS[0]}" -d flt0
	fi
}

@test "a program of somebody without libxdp is already attached" {
	ip link set dev flt0 xdpdrv obj xdp_prog_kern.o sec xdp
	before=$(snapshot)
	for cmd in "${LOADERS[@]}"; do
		fails 30 "('xdp_pass_func') is there, in native mode (--force replaces it)" \
			"$cmd" -d flt0
	done
}

@test "--force replaces what is attached, in either mode, and says so" {
	for old in -N -S; do
		for new in -N -S; do
			run ./xdp_prog_user -d flt0 $old
			first=$(id_of "$output")
			run --separate-stderr ./xdp_prog_user -d flt0 $new --force \
				--progname xdp_drop_func
			[ "$status" -eq 0 ]
			[[ $stderr == *"replaced id $first ('xdp_pass_func'), which is not put back later"* ]]
			run ./xdp_prog_user -d flt0 --unload
			[[ $output == *"('xdp_drop_func')"* ]]
			[ -z "$(attached)" ]
		done
	done
	unchanged "$before"
}

# bats test_tags=slow
@test "--force lets no packet through between two programs of one mode" {
	lab flt5
	cd "$TOP/basic02-prog-by-name"
	for mode in -N -S; do
		./xdp_prog_user -q -d flt5 $mode --progname xdp_drop_func
		"$TOP/testenv/testenv.sh" exec --name flt5 \
			ping -4 -f -c 1000000 -w 3 10.11.1.1 >/run/tmp/flood 3>&- &
		flood=$!
		for ((i = 0; i < 10; i++)); do
			./xdp_prog_user -q -d flt5 $mode --force --progname xdp_drop_func
		done
		wait "$flood" || true
		cat /run/tmp/flood >&2
		grep -q '[1-9][0-9]* packets transmitted, 0 received' /run/tmp/flood
		./xdp_prog_user -q -d flt5 --unload-all
	done
	rm /run/tmp/flood
	"$TOP/testenv/testenv.sh" teardown --name flt5
}

@test "--force replaces a program that a bpf_link holds" {
	mkfifo /run/tmp/hold
	../tests/faults/hold_link_user flt0 ../basic01-xdp-pass/xdp_pass_kern.o \
		<>/run/tmp/hold >/run/tmp/held 3>&- &
	holder=$!
	for ((i = 0; i < 50; i++)); do
		[ -s /run/tmp/held ] && break
		sleep 0.1
	done
	run --separate-stderr ./xdp_prog_user -d flt0
	[ "$status" -eq 30 ]
	run --separate-stderr ./xdp_prog_user -d flt0 --force --progname xdp_drop_func
	kill "$holder"
	rm /run/tmp/hold /run/tmp/held
	[ "$status" -eq 0 ]
	run ./xdp_prog_user -d flt0 --unload
	[[ $output == *"('xdp_drop_func')"* ]]
}

@test "attached in another mode" {
	run ./xdp_prog_user -d flt0 -S
	first=$(id_of "$output")
	before=$(snapshot)
	fails 30 "id $first ('xdp_pass_func') is there, in generic mode" \
		./xdp_prog_user -d flt0 -N
}

@test "no native mode on this interface: the hint says what to do" {
	ip link add dev flt9 type bridge
	before=$(snapshot)
	fails 30 "(use --skb-mode: this driver has no native XDP)" ./xdp_prog_user -d flt9 -N
	ip link del dev flt9
}

@test "MTU too large for native mode: the kernel's reason and the hint" {
	ip link set dev flt1 mtu 9000
	before=$(snapshot)
	fails 30 "Peer MTU is too large" ./xdp_prog_user -d flt0 -N
	[[ $stderr == *"(use --skb-mode, or a smaller MTU)"* ]]
	ip link set dev flt1 mtu 1500
}

@test "no offload" {
	for cmd in "${LOADERS[@]}"; do
		fails 30 "to 'flt0': device has no offload" "$cmd" -d flt0 --offload-mode
	done
}

@test "unload: nothing there, a wrong id, and --unload-all" {
	for cmd in "${LOADERS[@]}"; do
		fails 30 "cannot detach from 'flt0': no XDP program is attached" "$cmd" -d flt0 -U
		run "$cmd" -d flt0 --unload-all
		[ "$status" -eq 0 ]
		[ "$output" = "nothing is attached to 'flt0'" ]
	done
	run ./xdp_prog_user -d flt0
	id=$(id_of "$output")
	before=$(snapshot)
	fails 30 "cannot detach id 4294967295 from 'flt0': attached there is $id" \
		./xdp_prog_user -d flt0 --unload 4294967295
	[ -n "$(attached)" ]
}

@test "unload: not a number, negative, huge" {
	for value in x 0 12x 4294967296 99999999999999999999; do
		refuses "'$value' for --unload: not a program id" \
			./xdp_prog_user -d flt0 --unload "$value"
	done
	refuses "'-3' for --unload" ./xdp_prog_user -d flt0 --unload=-3
}

@test "somebody else's program in the place of ours is left alone" {
	run ./xdp_prog_user -d flt0
	ours=$(id_of "$output")
	run ./xdp_prog_user -d flt0 --force --progname xdp_drop_func
	theirs=$(id_of "$output")
	before=$(snapshot)
	fails 30 "cannot detach id $ours from 'flt0': attached there is $theirs ('xdp_drop_func')" \
		./xdp_prog_user -d flt0 --unload "$ours"
	[ -n "$(attached)" ]
}

@test "one of two programs is detached in generic mode as well" {
	need_feature dispatcher
	./xdp_prog_user -q -d flt0 -S
	run ./xdp_prog_user -d flt0 -S --progname xdp_drop_func
	run ./xdp_prog_user -d flt0 --unload "$(id_of "$output")"
	[ "$status" -eq 0 ]
	run ./xdp_prog_user -d flt0 --unload
	[[ $output == *"('xdp_pass_func')"* ]]
	unchanged "$before"
}

@test "what somebody puts in our place while we run is left alone" {
	mkfifo /run/tmp/full
	exec 5<>/run/tmp/full
	head -c 65536 /dev/zero >&5
	# Nobody reads: the loader attaches, and then waits for room to say so.
	./xdp_prog_user -d flt0 >/run/tmp/full 2>/run/tmp/said 3>&- 5>&- &
	loader=$!
	wait_for attached
	sleep 0.2
	./xdp_prog_user -q -d flt0 --unload-all
	ip link set dev flt0 xdpdrv obj ../basic01-xdp-pass/xdp_pass_kern.o sec xdp
	theirs=$(attached)
	exec 5>&-
	rc=0
	wait "$loader" || rc=$?
	cat /run/tmp/said >&2
	[ "$rc" -eq 1 ]
	[ "$(attached)" = "$theirs" ]
	grep -q "^warning: id [0-9]* is no longer attached to 'flt0', id ${theirs##* } ('xdp_prog_simple') is: left alone" /run/tmp/said
	rm /run/tmp/full /run/tmp/said
}

@test "two loaders at once: added beside each other, or exactly one wins" {
	for ((i = 0; i < 5; i++)); do
		./xdp_prog_user -q -d flt0 2>/run/tmp/one &
		one=$!
		./xdp_prog_user -q -d flt0 2>/run/tmp/two &
		two=$!
		one_status=0
		two_status=0
		wait "$one" || one_status=$?
		wait "$two" || two_status=$?
		cat /run/tmp/one /run/tmp/two >&2
		if feature dispatcher; then
			[ "$one_status/$two_status" = 0/0 ]
		else
			[[ $one_status/$two_status == @(0/30|30/0) ]]
			[ "$(cat /run/tmp/one /run/tmp/two | grep -c '^error: cannot attach')" -eq 1 ]
		fi
		./xdp_prog_user -q -d flt0 --unload-all
	done
	rm /run/tmp/one /run/tmp/two
	unchanged "$before"
}

# into_nothing COMMAND...: prints the status of COMMAND, whose standard output
# nobody reads.
into_nothing()
{
	{
		{
			sleep 0.1
			"$@" 3>&-
			echo "$?" >&3
		} | true
	} 3>&1
}

into_closed()
{
	"$@" >&-
}

into_full()
{
	"$@" >/dev/full
}

@test "output to a closed pipe or a full disk: an error, and nothing attached" {
	for cmd in "${LOADERS[@]}"; do
		run --separate-stderr into_nothing "$cmd" -d flt0
		[ "$output" = 1 ]
		[[ $stderr == *"error: cannot write to standard output: Broken pipe"* ]]
		run --separate-stderr into_full "$cmd" -d flt0
		[ "$status" -eq 1 ]
		[[ $stderr == *"error: cannot write to standard output: No space left"* ]]
		run into_full "$cmd" --help
		[ "$status" -eq 1 ]
		run into_full "$cmd" --list
		[ "$status" -eq 1 ]
		run into_closed "$cmd" -d flt0
		[ "$status" -eq 1 ]
	done
	unchanged "$before"
}

@test "output to a full disk with --force: what was there is put back" {
	feature dispatcher && skip "a dispatcher is not taken apart again"
	for modes in "-N -N" "-S -S" "-N -S"; do
		./xdp_prog_user -q -d flt0 "${modes% *}"
		id=$(attached)
		run into_full ./xdp_prog_user -d flt0 "${modes#* }" --force --progname xdp_drop_func
		[ "$status" -eq 1 ]
		[ "$(attached)" = "$id" ]
		./xdp_prog_user -q -d flt0 --unload-all
	done
	unchanged "$before"
}

@test "a signal at any moment: attached and said, or not attached" {
	for ((i = 0; i < 20; i++)); do
		# Whoever ends before its redirection leaves what was there.
		: >/run/tmp/said
		./xdp_prog_user -d flt0 >/run/tmp/said 2>/dev/null &
		pid=$!
		sleep "0.00$i"
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" || true
		if grep -q '^remove it' /run/tmp/said; then
			[ -n "$(attached)" ]
		else
			[ -z "$(attached)" ]
		fi
		./xdp_prog_user -q -d flt0 --unload-all
	done
	rm /run/tmp/said
	unchanged "$before"
}
