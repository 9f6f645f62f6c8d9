#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# testenv.sh when things go wrong: bad input, things that vanished, two users at
# once, a setup that fails half way. teardown() of testenv.bash sees to it that
# nothing is left each time.

# shellcheck disable=SC2030,SC2031 # each test has its own status and output

load testenv

# refused STATUS TEXT ARGUMENT...: one line of error, and no lab
refused()
{
	local status_wanted=$1 text=$2

	run --separate-stderr "$T" "${@:3}"
	[ "$status" -eq "$status_wanted" ] || {
		echo "exit $status of: ${*:3}" >&2
		return 1
	}
	one_line_error "$text" || return 1
	[ -z "$output" ]
}

@test "bad names, values, options and commands: one line, exit 2" {
	local name

	for name in '' . .. a/b ../x -x 1abc 'a b' 'a;b' seventeen-letters veth0 lo \
		xdp $'a\nb'; do
		refused 2 "as a lab's name" setup "--name=$name"
		refused 2 "as a lab's name" teardown "--name=$name"
	done
	refused 2 "'0' for --vlan" setup --name t1 --vlan 0
	refused 2 "'4095' for --vlan" setup --name t1 --vlan 4095
	refused 2 "'-1' for --queues" setup --name t1 --queues -1
	refused 2 "'x' for --queues" setup --name t1 --queues x
	refused 2 "'65' for --queues" setup --name t1 --queues 65
	refused 2 "for --mtu" setup --name t1 --mtu 99999999999999999999
	refused 2 "for --mtu" setup --name t1 --mtu 67
	refused 2 "IPv6 needs 1280" setup --name t1 --mtu 1000
	refused 2 "--ipv4-only with" setup --ipv4-only --ipv6-only
	refused 2 "missing value for '--vlan'" setup --name t1 --vlan
	refused 2 "'--bare' a value" setup --bare=1
	refused 2 "unknown option '--mtux'" setup --mtux 3
	refused 2 "unknown argument 't1'" setup t1
	refused 2 "unknown option '--json'" setup --json
	refused 2 "unknown command 'fly'" fly
	refused 2 "unknown option '--fly'" --fly
	[ -z "$("$T" status --json)" ]
	[ ! -e /run/xdp-tutorial ]
}

@test "no lab, no such lab, several labs: one line, exit 2" {
	local cmd

	for cmd in reset "exec true" ping tcpdump load unload stats enter address "send udp"; do
		# shellcheck disable=SC2086 # words
		refused 2 "there is no lab" $cmd
		# shellcheck disable=SC2086
		refused 2 "no lab 't9'" --name t9 $cmd
	done
	refused 2 "there is no lab" teardown
	refused 2 "no lab 't9'" teardown --name t9
	refused 2 "no lab 't9'" status --name t9
	run "$T" teardown --all
	[ "$status" -eq 0 ]
	lab t1
	lab t2
	refused 2 "t1 t2" ping -c 1
	refused 2 "t1 t2" teardown
	"$T" teardown --name t1
	"$T" ping -q -c 1
}

@test "not root: one line, exit 1; help and alias work all the same" {
	need_cmd setpriv
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$T" setup --name t1
	[ "$status" -eq 1 ] || [ "$status" -eq 126 ]
	[ "$status" -ne 126 ] || skip "the tree is not readable for others"
	one_line_error "not root"
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$T" alias
	[ "$status" -eq 0 ]
	[[ $output == *"sudo "* ]]
}

@test "names that others have taken are left alone" {
	ip link add taken type veth peer name taken2
	refused 1 "an interface of that name" setup --name taken
	refused 2 "no lab 'taken'" teardown --name taken
	ip link show dev taken
	ip link del dev taken
	ip netns add theirs
	refused 1 "a namespace of that name" setup --name theirs
	refused 2 "no lab 'theirs'" teardown --name theirs
	"$T" teardown --all
	[ -e /run/netns/theirs ]
	ip netns del theirs
	umount /run/netns
	mkdir /sys/fs/bpf/pins
	refused 1 "/sys/fs/bpf/pins" setup --name pins
	rmdir /sys/fs/bpf/pins
}

# broken LAB TEXT: said by all that would use it; teardown puts it right
broken()
{
	refused 1 "$2" exec --name "$1" true
	refused 1 "$2" setup --name "$1"
	run "$T" status --name "$1"
	[ "$status" -eq 1 ]
	[[ $output == "lab $1: broken: $2"* ]]
	run "$T" status --name "$1" --json
	[ "$status" -eq 1 ]
	[[ $output == *'"up": false'* ]]
	run --separate-stderr "$T" teardown --name "$1"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ ! -e "/run/netns/$1" ]
	[ ! -e /sys/fs/bpf/"$1" ]
	! ip link show dev "$1" 2>/dev/null
}

@test "teardown after the namespace was deleted" {
	lab t1
	mkdir /sys/fs/bpf/t1
	ip netns del t1
	broken t1 "its namespace is gone"
}

@test "teardown after the link was deleted, and with a name that came after" {
	lab t1
	ip link del dev t1
	broken t1 "its outer end is gone"
	lab t1
	ip link del dev t1
	ip link add t1 type veth peer name other
	"$T" teardown --name t1
	ip link show dev other
	ip link del dev other
}

# bats test_tags=slow
@test "teardown with a state that is garbage, or gone, or half-made" {
	local text

	for text in '' 'number 1' $'number x\nfamily ;reboot' \
		$'\x00\xff$(touch pwned)' "$(seq 1000)"; do
		lab t1
		printf '%s\n' "$text" >/run/xdp-tutorial/labs/t1
		broken t1 "its state makes no sense"
	done
	[ ! -e pwned ]
	lab t1
	sed -i 's/ready 1/ready 0/' /run/xdp-tutorial/labs/t1
	broken t1 "its setup has not ended"
	lab t1
	rm /run/xdp-tutorial/labs/t1
	refused 1 "left over" setup --name t1
	"$T" teardown --name t1
	lab t1
	rm -r /run/xdp-tutorial
	"$T" teardown --all
	umount /run/netns # what the lost state would have said
}

@test "teardown after a reboot: files without what they stand for" {
	lab t1
	cp -a /run/xdp-tutorial saved
	"$T" teardown --all
	cp -a saved /run/xdp-tutorial
	mkdir -p /run/netns
	: >/run/netns/t1
	sed -i 's/home .*/home 1/' /run/xdp-tutorial/labs/t1
	refused 1 "another network namespace" ping -c 1
	"$T" teardown --name t1
}

@test "teardown while a program runs inside: both ends go, it stays" {
	lab t1
	"$T" exec --name t1 sleep 30 3>&- &
	sleep 0.5
	"$T" teardown --name t1
	[ ! -e /sys/class/net/t1 ]
	kill -0 $!
	kill $!
	wait $! || true
}

@test "from inside another namespace a lab is not touched by accident" {
	lab t1
	run --separate-stderr inside t1 "$T" reset
	[ "$status" -eq 1 ]
	one_line_error "another network namespace"
	pings t1
}

# fails_half_way COMMAND: setup, with this command failing, undoes everything
fails_half_way()
{
	mkdir -p bin
	cat >bin/ip <<-END
		#!/bin/sh
		case "\$*" in $1) echo "refused by the test" >&2; exit 1 ;; esac
		exec $(type -P ip) "\$@"
	END
	chmod +x bin/ip
	run --separate-stderr env PATH="$PWD/bin:$PATH" "$T" setup --name t1
	[ "$status" -eq 1 ]
	one_line_error "refused by the test"
	rm -r bin
	same_as_before
}

@test "a setup that fails half way undoes all, wherever it fails" {
	fails_half_way '"netns add"*'
	fails_half_way '"link add"*'
	fails_half_way '*alias*veth*|"link set dev t1 alias"*'
	fails_half_way '"link set dev veth0"*'
	fails_half_way '"neigh replace"*dev*veth0*'
}

# bats test_tags=slow
@test "a setup that is interrupted undoes all; one that is killed is torn down" {
	local sig delay

	for sig in INT TERM HUP; do
		for delay in 0.1 0.3; do
			env --default-signal=INT "$T" setup --name t1 3>&- &
			sleep "$delay"
			kill "-$sig" $!
			wait $! || true
			same_as_before
		done
	done
	for delay in 0.05 0.1 0.15 0.2 0.3; do
		"$T" setup --name t1 3>&- &
		sleep "$delay"
		kill -KILL $!
		wait $! || true
		"$T" teardown --all
		[ ! -e /run/xdp-tutorial ]
	done
}

# bats test_tags=slow
@test "several users at once: no number twice, no half-made lab" {
	local i pids=()

	for i in 1 2 3 4 5; do
		"$T" setup --name "p$i" >/dev/null 3>&- &
		pids+=($!)
	done
	"$T" setup --name p1 >/dev/null
	for i in "${pids[@]}"; do
		wait "$i"
	done
	[ "$("$T" status --json | grep -c '"up": true')" -eq 5 ]
	[ "$(cat /run/xdp-tutorial/labs/* | grep '^number' | sort -u | wc -l)" -eq 5 ]
	pids=()
	for i in 1 2 3 4 5; do
		"$T" teardown --name "p$i" >/dev/null 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	"$T" setup --name p1 >/dev/null
	pings p1
}

@test "bpffs: mounted if none is there, and unmounted by the last teardown" {
	umount /sys/fs/bpf
	lab t1
	lab t2
	[ "$(stat -f -c %T /sys/fs/bpf)" = bpf_fs ]
	"$T" teardown --name t1
	[ "$(stat -f -c %T /sys/fs/bpf)" = bpf_fs ]
	"$T" teardown --name t2
	[ "$(stat -f -c %T /sys/fs/bpf)" != bpf_fs ]
	mount -t bpf -o mode=0700 bpf /sys/fs/bpf
	# shellcheck disable=SC2034 # for teardown
	before=$(snapshot "$TOP/testenv")
}

@test "numbers that the machine uses are left out" {
	ip link add other type veth peer name other2
	ip addr add 10.11.1.77/24 dev other
	ip addr add fc00:dead:cafe:2::77/64 dev other2
	lab t1
	[ "$(number_of t1)" -eq 3 ]
	ip link del dev other
}
