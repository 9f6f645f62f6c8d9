#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause

# shellcheck disable=SC2016 # what is in single quotes is for another shell

load ../helpers

setup_file()
{
	need_sandbox
}

setup()
{
	S=$TOP/testenv/sandbox.sh
	cd "$BATS_TEST_TMPDIR" || return 1
}

# start [COMMAND]...: a sandbox in the background, with SIGINT as at a prompt
# (a shell's background jobs ignore it).
start()
{
	"$TOP/testenv/lab_user" run "$S" "$@" 3>&- &
	sandbox=$!
}

# ended STATUS: the sandbox that was started ends with it.
ended()
{
	local rc=0

	wait "$sandbox" 2>/dev/null || rc=$?
	[ "$rc" -eq "$1" ] || {
		echo "status $rc, not $1" >&2
		return 1
	}
}

@test "what is in a sandbox" {
	run -0 "$S" sh -c '
		ip -br link | grep -c . && ip -o link show lo | grep -o LOOPBACK,UP
		find /sys/fs/bpf /run/netns -mindepth 1 ! -name "*.debug" | wc -l
		grep -c " /sys/fs/bpf bpf " /proc/self/mounts
		ls -d /sys/class/net/*
		echo "$IN_SANDBOX" "$TMPDIR" && mktemp | cut -d/ -f1-3 && pwd
		[ -e /sys/kernel/tracing/events ] && echo tracefs
		ls /proc/1/root/run/netns'
	[ "$output" = "1
LOOPBACK,UP
0
$(grep -c ' /sys/fs/bpf bpf ' /proc/self/mounts | awk '{ print $1 + 1 }')
/sys/class/net/lo
1 /run/tmp
/run/tmp
$PWD
tracefs" ]
}

@test "cgroup filesystems are there as outside" {
	outside=$(awk '$2 ~ "^/sys/fs/cgroup" && $3 ~ /^cgroup/ { print $2 }' \
		/proc/self/mounts | sort -u)
	[ -n "$outside" ] || skip "no cgroup filesystem here"
	run -0 "$S" awk '$2 ~ "^/sys/fs/cgroup" && $3 ~ /^cgroup/ { print $2 }' \
		/proc/self/mounts
	[ "$(sort -u <<<"$output")" = "$outside" ]
	for point in $outside; do
		run -0 "$S" test -e "$point/cgroup.procs"
	done
}

@test "exit status, arguments, standard input and error" {
	run -0 "$S" true
	run -7 "$S" sh -c 'exit 7'
	run -255 "$S" sh -c 'exit 255'
	run -127 --separate-stderr "$S" no-such-command
	one_line_error "'no-such-command'"
	run -137 --separate-stderr "$S" sh -c 'kill -KILL $$'
	[ -z "$stderr" ]
	run -143 "$S" sh -c 'kill -TERM $$'
	run -0 "$S" printf '<%s>' 'a b' '' "'" '*'
	[ "$output" = "<a b><><'><*>" ]
	run -0 sh -c 'echo words | "$1" cat' sh "$S"
	[ "$output" = words ]
	run -0 --separate-stderr "$S" sh -c 'echo out; echo err >&2'
	[ "$output" = out ]
	[ "$stderr" = err ]
}

@test "no command, an unknown option, help" {
	run -2 "$S"
	run -2 --separate-stderr "$S" --bogus true
	one_line_error "'--bogus'"
	run -0 "$S" --help
	[[ $output == usage:* ]]
}

@test "not root: one line, status 1" {
	need_cmd setpriv
	cp "$S" /run/tmp/
	chmod a+rx /run/tmp/sandbox.sh
	run -1 --separate-stderr setpriv --reuid=65534 --clear-groups \
		bash /run/tmp/sandbox.sh true
	rm /run/tmp/sandbox.sh
	one_line_error root
}

@test "nothing made in it is left" {
	before=$(snapshot)
	run -0 "$S" sh -c 'ip link add a type veth peer name b &&
		ip netns add n && mount -t tmpfs x /mnt &&
		mkdir /sys/fs/bpf/d && touch /run/f && sleep 100 & sleep 0.3'
	unchanged "$before"
}

@test "labs outside of it, which come and go, are not among its mounts" {
	ip netns add sb0
	run -0 "$S" cat /proc/self/mounts
	[[ $output != */run/netns* ]]
	run -0 ip netns exec sb0 true
	ip netns del sb0
}

@test "a sandbox in a sandbox, and in a tree and folder below /run" {
	run -4 "$S" "$S" "$S" sh -c 'exit 4'
	mkdir -p '/run/tree here/testenv' '/run/else where'
	cp "$S" '/run/tree here/testenv/'
	touch '/run/else where/file'
	cd '/run/else where'
	run -0 '../tree here/testenv/sandbox.sh' \
		sh -c 'ls; pwd; ls "../tree here/testenv" ..'
	rm -r '/run/tree here' '/run/else where'
	[ "$output" = "file
/run/else where
..:
else where
lock
mount
netns
tmp
tree here

../tree here/testenv:
sandbox.sh" ]
}

@test "INT, TERM and HUP reach the command" {
	for signal in INT TERM HUP; do
		start sh -c "trap 'echo $signal; exit 5' $signal
			touch $PWD/$signal; while :; do sleep 0.05; done" >out
		wait_for test -e "$signal"
		kill -s "$signal" "$sandbox"
		ended 5
		[ "$(<out)" = "$signal" ]
	done
}

@test "a signal ends a command that has no handler, with 128 + n" {
	for signal in INT:130 TERM:143 HUP:129; do
		start sleep 987
		wait_for running '^sleep 987'
		kill -s "${signal%:*}" "$sandbox"
		ended "${signal#*:}"
		gone 'sleep 987'
	done
}

@test "killed while it works: no process, namespace or interface is left" {
	start sleep 986
	wait_for running '^sleep 986'
	ip link add outer type veth peer name inner \
		netns "$(running '^sleep 986')"
	kill -KILL "$sandbox"
	ended 137
	gone 'sleep 986'
	wait_for sh -c '! ip link show outer'
}

# bats test_tags=slow
@test "killed at any moment: nothing is left" {
	before=$(snapshot)
	for ((i = 0; i < 30; i++)); do
		start sleep 985
		sleep "0.0$(printf %02d "$((i * 3))")"
		kill -KILL "$sandbox"
		ended 137
	done
	gone 'sleep 985'
	unchanged "$before"
}

@test "unshare killed: nothing is left" {
	start sleep 984
	wait_for running '^sleep 984'
	kill -KILL "$(running '^unshare .*sleep 984')"
	ended 137
	gone 'sleep 984'
}

@test "the dead are buried" {
	run -0 "$S" sh -c '(sleep 0.1 & sleep 0.05 & ) ; sleep 0.4
		grep -s "^State:.*zombie" /proc/[0-9]*/status || echo none'
	[ "$output" = none ]
}

@test "two at once have the same names" {
	start sh -c "ip link add t1 type veth peer name t2; echo 1 >/run/who
		touch $PWD/1; while [ ! -e $PWD/2 ]; do sleep 0.05; done
		cat /run/who"
	wait_for test -e 1
	run -1 "$S" sh -c 'ip link add t1 type veth peer name t2 && cat /run/who'
	[[ $output == *"No such file"* ]]
	touch 2
	ended 0
}

# in_chroot COMMAND...: in a chroot whose root is no mount point. Its folder
# is on the tmpfs of /run.
in_chroot()
{
	local root=/run/chroot dir

	mkdir -p "$root$TOP" "$root/proc" "$root/sys" "$root/run" "$root/tmp"
	for dir in bin sbin lib lib64 etc; do
		[ -e "/$dir" ] || continue
		if [ -L "/$dir" ]; then
			cp -d "/$dir" "$root/"
		else
			mkdir "$root/$dir" && mount --bind "/$dir" "$root/$dir"
		fi
	done
	mkdir "$root/usr" "$root/dev"
	mount --bind /usr "$root/usr"
	mount --rbind /dev "$root/dev"
	mount --bind "$TOP" "$root$TOP"
	mount -t proc proc "$root/proc"
	chroot "$root" "$@"
}

@test "in a chroot whose root is no mount point" {
	run -0 "$S" bash -c "$(declare -f in_chroot); TOP='$TOP'; S='$S'
		in_chroot sh -c '! unshare --mount true 2>/dev/null' &&
		rm -rf /run/chroot2 && before=\$(cat /proc/self/mounts) &&
		chroot /run/chroot '$S' sh -c 'ip -br link | grep -c . &&
			mount -t tmpfs x /tmp && ls /sys/fs/bpf /run/netns &&
			ls -d /sys/fs/cgroup' &&
		diff <(echo \"\$before\") /proc/self/mounts && echo same"
	[[ $output == 1* ]]
	[[ $output == *same ]]
}

@test "in such a chroot on a shared mount it refuses and leaves nothing" {
	run -0 --separate-stderr "$S" bash -c "
		$(declare -f in_chroot); TOP='$TOP'; S='$S'
		mount --make-shared /run && in_chroot true &&
		before=\$(cat /proc/self/mounts) &&
		chroot /run/chroot '$S' echo never && exit 9
		[ \$? -eq 1 ] && diff <(echo \"\$before\") /proc/self/mounts"
	one_line_error chroot
}
