#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# make doctor where something of the system is not as usual: mounts,
# privileges, tools, files.
# shellcheck disable=SC2016 # what is in single quotes is for another shell

load doctor

# in_mounts COMMANDS: runs them with mounts of their own; the doctor is $D.
in_mounts()
{
	D=$D unshare --mount --propagation unchanged bash -c "
		mount --make-rprivate / 2>/dev/null
		$(declare -f told)
		$1"
}

@test "bpffs: mounted, elsewhere, hidden, not at all" {
	[ "$(told system bpffs .value)" = "mounted at '/sys/fs/bpf'" ]
	run -0 in_mounts 'umount /sys/fs/bpf
		told system bpffs .ok
		told system bpffs .reason
		told feature pinning .ok
		"$D" --probe pinning && stat -f -c %T /sys/fs/bpf'
	[ "$output" = "false
not mounted
true
$(stat -f -c %T /sys/fs)" ]
	run -0 in_mounts 'mkdir /run/elsewhere
		umount /sys/fs/bpf
		mount -t bpf bpf /run/elsewhere
		told system bpffs .reason
		umount /run/elsewhere
		rmdir /run/elsewhere'
	[ "$output" = "mounted at '/run/elsewhere', but not at '/sys/fs/bpf'" ]
	run -0 in_mounts 'mount -t tmpfs tmpfs /sys/fs/bpf
		told system bpffs .ok'
	[ "$output" = false ]
}

@test "tracefs and cgroup2: there and not there" {
	[ "$(told system tracefs .value)" = "mounted at '/sys/kernel/tracing'" ]
	run -0 in_mounts 'mount -t tmpfs tmpfs /sys/kernel/tracing
		told system tracefs "\"\(.ok) \(.lessons[0])\""'
	[ "$output" = "false basic02-prog-by-name" ]
	run -0 in_mounts 'mkdir /run/elsewhere
		mount -t tracefs tracefs /run/elsewhere
		mount -t tmpfs tmpfs /sys/kernel
		told system tracefs .ok
		umount /run/elsewhere
		rmdir /run/elsewhere'
	[ "$output" = false ]
	# Any place will do for that one.
	run -0 in_mounts 'mount -t tmpfs tmpfs /sys/fs/cgroup
		told system cgroup2 .ok
		mkdir /sys/fs/cgroup/here
		mount -t cgroup2 none /sys/fs/cgroup/here
		told system cgroup2 .value'
	[ "$output" = "false
mounted at '/sys/fs/cgroup/here'" ]
}

@test "IPv6 switched off" {
	[ "$(told system ipv6 .ok)" = true ]
	echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
	run told system ipv6 '"\(.ok) \(.reason) \(.remedy)"'
	echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6
	[[ $output == "false switched off "*--ipv4-only*sysctl* ]]
}

@test "not root" {
	need_cmd setpriv
	mkdir -p /run/tmp/tree/doctor
	cp doctor/doctor_user /run/tmp/tree/doctor/
	cp --parents basic*/needs /run/tmp/tree/
	chmod -R a+rX /run/tmp/tree
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups \
		/run/tmp/tree/doctor/doctor_user
	json=$(setpriv --reuid 65534 --regid 65534 --clear-groups \
		/run/tmp/tree/doctor/doctor_user --json) || rc=$?
	rm -r /run/tmp/tree
	[ "$status" -eq 1 ]
	[ "$rc" -eq 1 ]
	one_line_error "the basic lessons cannot run here: " privileges xdp_native
	[[ $output == *"missing  privileges     user 65534 lacks CAP_SYS_ADMIN, "* ]]
	[[ $output == *"unknown  xdp_native     not permitted without CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_NET_RAW (try it as root, with sudo)"* ]]
	# The types of the kernel can be read by anyone.
	[ "$(jq -r 'select(.group == "feature" and .ok != null) | .name' \
		<<<"$json")" = btf ]
	[ "$(jq -r 'select(.group == "summary") | .ok' <<<"$json")" = false ]
	# Who may try nothing learns why, and not what is unknown for that.
	[[ $output == *$'\nlesson\n  not at all  all: without privileges\n\nOf 4 lessons '* ]]
}

# lacking [COMMAND]...: the features that the report of doctor_user, run by
# COMMAND, calls missing, one a line.
lacking()
{
	"$@" "$D" --json --group feature | jq -r 'select(.ok == false) | .name'
}

@test "root of a user namespace, or without all that root has: unknown" {
	need_cmd setpriv unshare
	for cap in SYS_ADMIN NET_ADMIN NET_RAW; do
		run --separate-stderr setpriv --bounding-set "-${cap,,}" \
			"$D" --probe af_xdp
		[ "$status" -eq 1 ]
		one_line_error "cannot try whether this kernel has 'af_xdp': not permitted" \
			"without CAP_$cap (" "as root"
	done
	unshare --user --map-root-user true || skip "no user namespaces here"
	run --separate-stderr unshare --user --map-root-user "$D" --probe xdp_native
	[ "$status" -eq 1 ]
	one_line_error "not permitted" "user namespace"
	[ -z "$(lacking unshare --user --map-root-user)" ]
	unshare --user --map-root-user "$D" --json --group system \
		>"$BATS_TEST_TMPDIR/json" || [ "$?" -eq 1 ]
	[ "$(jq -r 'select(.name == "privileges") | .ok' \
		<"$BATS_TEST_TMPDIR/json")" = false ]
}

@test "without /sys or /proc: unknown, not missing" {
	report -r 'select(.group == "feature" and .ok == false) | .name' \
		>"$BATS_TEST_TMPDIR/here"
	for folder in sys proc; do
		run -0 in_mounts "mount -t tmpfs tmpfs /$folder
			\"\$D\" --json >/run/tmp/json || echo \"status \$?\"
			\"\$D\" --probe btf 2>&1 || true"
		echo "$output"
		# Unknown, some of them, but none that is missing only now.
		! jq -r 'select(.group == "feature" and .ok == false) | .name' \
			/run/tmp/json | grep -vxf "$BATS_TEST_TMPDIR/here" || return 1
		[ "$folder" != sys ] || [[ $output == "status 1
error: cannot try whether this kernel has 'btf': "*"/sys"* ]]
	done
	# In what is now there without /proc.
	[ "$(jq -r 'select(.name == "ipv6") | .ok' /run/tmp/json)" = null ]
	[ "$(jq -r 'select(.name == "cgroup2") | .ok' /run/tmp/json)" = null ]
	rm /run/tmp/json
}

# bats test_tags=slow
@test "a tool that dies, fails or hangs says nothing of the kernel" {
	local bin=$BATS_TEST_TMPDIR/bin said

	mkdir "$bin"
	for said in 'kill -SEGV $$:signal 11' 'echo usage; exit 1:usage' \
		'sleep 4321:Timer expired'; do
		printf '#!/bin/sh\n%s\n' "${said%%:*}" >"$bin/ip"
		chmod +x "$bin/ip"
		PATH=$bin:$PATH run --separate-stderr "$D" --probe xdp_native
		[ "$status" -eq 1 ]
		one_line_error "cannot try whether this kernel has 'xdp_native': " \
			"'ip" "${said#*:}"
	done
	gone '^sleep 4321'
	# What it says and that it does not run is a matter of its own.
	printf '#!/bin/sh\nkill -SEGV $$\n' >"$bin/jq"
	chmod +x "$bin/jq"
	PATH=$bin:$PATH run -1 "$D" --group tool
	[[ $output == *"missing  jq "*"cannot be run (for: read JSON): signal 11"* ]]
}

@test "started by one that ignores SIGCHLD" {
	run -0 bash -c 'trap "" CHLD; exec "$1" --group tool' - "$D"
	[[ $output == *"  ok       cc "* ]]
}

@test "a kernel's own error number is put in words" {
	# BPF_MAP_LOOKUP_BATCH, ENOTSUPP
	run --separate-stderr old_kernel 24:524 "$D" --probe batch
	[ "$status" -eq 77 ]
	one_line_error "'batch'" "Operation not supported"
}

# small_tree: a tree in $BATS_TEST_TMPDIR/a tree; its doctor is $D.
small_tree()
{
	tree="$BATS_TEST_TMPDIR/a tree"
	mkdir -p "$tree/doctor" "$tree/"{one01,two01,template,.hidden}
	cp "$D" "$tree/doctor/"
	D=$tree/doctor/doctor_user
	needs one01 'must af_xdp_zc the one' 'part	xdp_native	the other'
	needs two01 'part af_xdp_zc a third'
	needs template 'must tcx why'
	needs .hidden 'must tcx why'
	echo 'must tcx why' >"$tree/needs"
}

needs()
{
	printf '%s\n' "# lesson $1" "${@:2}" >"$tree/$1/needs"
}

@test "the lessons that a feature affects are those that say so" {
	small_tree
	run -0 told feature xdp_native '.lessons | join(" ")'
	[ "$output" = one01 ]
	run -0 told feature af_xdp_zc '.lessons | join(" ")'
	[ "$output" = all ]
	run -0 told feature tcx '.lessons | join(" ")'
	[ -z "$output" ]
	# A copy of a lesson is none.
	cp -r "$tree/one01" "$tree/my-copy"
	run -0 told feature xdp_native '.lessons | join(" ")'
	[ "$output" = one01 ]
	needs two01 'aside af_xdp_zc a third'
	run -0 "$D" --group feature
	[[ $output == *"  missing  af_xdp_zc "*$'\n'*"  affects: one01"$'\n'* ]]
}

@test "the lessons that a tool or a file system affects are those whose README runs it" {
	small_tree
	printf '%s\n' 'strace shows it.' '#+begin_src sh' 'sudo strace -f ls' \
		'ls /sys/kernel/tracing/instances not-jq jq.txt' '#+end_src' 'tcpdump' \
		>"$tree/one01/README.org"
	printf '%s\n' '#+begin_src c' 'tcpdump();' '#+end_src' \
		'#+begin_src sh :needs jq' 'ls | jq .' '#+end_src' >"$tree/two01/README.org"
	cp "$tree/one01/README.org" "$tree/template/"
	"$D" --json >"$BATS_TEST_TMPDIR/json"
	for name in strace:one01 jq:two01 tcpdump: tracefs:one01 bpffs: cgroup2: cc:all; do
		[ "$(jq -r 'select(.name == "'"${name%:*}"'") | .lessons | join(" ")' \
			<"$BATS_TEST_TMPDIR/json")" = "${name#*:}" ]
	done
}

# summary: what the report has of lessons.
summary()
{
	"$D" | sed '1,/^lesson$/d'
}

@test "which lessons run in full, in part and not at all, and what they are without" {
	small_tree
	run summary
	[ "$output" = "  in part     two01: without af_xdp_zc
  not at all  one01: without af_xdp_zc

Of 2 lessons this machine runs 0 in full, 1 in part, 1 not at all." ]
	# An aside does not count; nor what stops a lesson twice, or a part of it.
	needs two01 'aside af_xdp_zc a third' 'must batch why'
	echo 'HAVE_LIBPCAP :=' >"$tree/config.mk"
	mkdir "$tree/six01"
	needs six01 'part af_xdp_zc why'
	printf 'NEEDS := libpcap\n' >"$tree/six01/Makefile"
	run summary
	[ "$output" = "  in full     two01
  not at all  one01: without af_xdp_zc
  not at all  six01: without libpcap

Of 3 lessons this machine runs 1 in full, 0 in part, 2 not at all." ]
	run -0 jq -r 'select(.group == "lesson") | "\(.name) \(.ok) \(.value)\(.reason)"' <<<"$("$D" --json)"
	[ "$output" = "one01 false without af_xdp_zc
six01 false without libpcap
two01 true in full" ]
	sed -i s/NEEDS/USES/ "$tree/six01/Makefile"
	run -0 jq -r 'select(.name == "six01") | "\(.ok) \(.value)"' <<<"$("$D" --json)"
	[ "$output" = "true in part, without libpcap, af_xdp_zc" ]
	run -0 told tool libpcap '"\(.ok) \(.lessons) \(.remedy)"'
	[ "$output" = "false [\"six01\"] install the package libpcap, then run ./configure and make" ]
	echo 'HAVE_LIBPCAP := y' >"$tree/config.mk"
	needs one01 'must xdp_native why'
	needs six01
	run summary
	[ "${lines[0]}" = "  in full     all" ]
}

@test "what a basic lesson must have is missed by the basic lessons" {
	small_tree
	run -0 "$D"
	mkdir "$tree/basic09"
	needs basic09 'part af_xdp_zc why'
	run -0 "$D"
	[[ ${lines[-1]} == "Of 3 lessons "* ]]
	needs basic09 'must af_xdp_zc why'
	run --separate-stderr "$D"
	[ "$status" -eq 1 ]
	one_line_error "the basic lessons cannot run here: see af_xdp_zc above"
	# With --quiet there is nothing above.
	run --separate-stderr "$D" --quiet
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	one_line_error "the basic lessons cannot run here: af_xdp_zc (without --quiet it says why)"
}

@test "files 'needs' that cannot be read: a line for each, status 1, the rest is told" {
	local line text n=0

	small_tree
	while IFS=: read -r line text; do
		n=$((n + 1))
		mkdir "$tree/bad$n"
		needs "bad$n" 'part batch why' "$line"
		echo "error: cannot read 'bad$n/needs', line 3: $text"
	done >"$BATS_TEST_TMPDIR/expected" <<-'END'
		maybe tcx why:it does not begin with 'must', 'part' or 'aside'
		:it does not begin with 'must', 'part' or 'aside'
		must:it names no feature
		must nothing why:there is no feature 'nothing' (doctor_user --list has them)
		must tcx:it has no reason
		part batch why:'batch' is there twice
	END
	mkdir -p "$tree/bad7"
	printf '# lesson bad7\nmust tcx why' >"$tree/bad7/needs"
	run --separate-stderr "$D" --group feature
	[ "$status" -eq 1 ]
	{
		cat "$BATS_TEST_TMPDIR/expected"
		echo "error: cannot read 'bad7/needs', line 2: it is too long, or does not end"
	} | diff - <(printf '%s\n' "$stderr")
	[[ $output == *"  missing  af_xdp_zc "*"  affects: one01"* ]]
}

@test "without its tree it does without, and takes nothing of what is there" {
	small_tree
	echo 'CC := touch run-by-doctor; true' >"$tree/config.mk"
	echo 'touch run-by-doctor' >"$tree/packages.sh"
	mv "$tree/doctor" "$tree/other"
	D=$tree/other/doctor_user
	cd "$BATS_TEST_TMPDIR"
	mkdir bin
	printf '#!/bin/sh\nexit 3\n' >bin/jq
	chmod +x bin/jq
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run --separate-stderr "$D"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == *"install the package jq"* ]]
	[[ $output != *one01* && $output != *two01* ]]
	[ ! -e run-by-doctor ]
}

@test "ip cannot be found: unknown, not missing" {
	local hide='for f in $(type -P -a ip) /sbin/ip /usr/sbin/ip; do
			[ ! -e "$f" ] || mount --bind /dev/null "$f"
		done'

	run --separate-stderr in_mounts "$hide; \"\$D\" --probe xdp_native"
	[ "$status" -eq 1 ]
	one_line_error "cannot try whether this kernel has 'xdp_native'" "'ip'"
	run in_mounts "$hide; \"\$D\" --json"
	[ "$status" -eq 1 ]
	[ "$(jq -c 'select(.name == "ip") | [.ok, .lessons]' <<<"$output")" = \
		'[false,["all"]]' ]
	[ "$(jq -c 'select(.name == "xdp_native") | .ok' <<<"$output")" = null ]
	[[ $(jq -r 'select(.group == "summary") | .reason' <<<"$output") == "ip, "* ]]
}

@test "a tool that is not installed: the package, by the name it has here" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	for cmd in sh sed awk ip tc; do
		ln -s "$(type -P "$cmd")" "$BATS_TEST_TMPDIR/bin/"
	done
	PATH=$BATS_TEST_TMPDIR/bin "$D" --json >"$BATS_TEST_TMPDIR/json" || rc=$?
	[ "$rc" -eq 1 ]
	[ "$(jq -c 'select(.name == "jq") | [.ok, .reason, .remedy]' \
		<"$BATS_TEST_TMPDIR/json")" = \
		"[false,\"not installed (for: read JSON)\",\"install the package $(. ./packages.sh; package_name jq)\"]" ]
	[[ $(jq -r 'select(.group == "summary") | .reason' \
		<"$BATS_TEST_TMPDIR/json") == *make* ]]
	# A tool that hangs or dies is no reason to.
	rm "$BATS_TEST_TMPDIR/bin/ip"
	printf '#!/bin/sh\nkill -SEGV $$\n' >"$BATS_TEST_TMPDIR/bin/jq"
	chmod +x "$BATS_TEST_TMPDIR/bin/jq"
	[ "$(PATH=$BATS_TEST_TMPDIR/bin:$PATH "$D" --json --group tool |
		"$(type -P jq)" -r 'select(.name == "jq") | .ok')" = false ]
}

# bats test_tags=slow
@test "valgrind finds nothing" {
	need_cmd valgrind
	for args in '' '--json --group system' --list '--probe nonsense'; do
		# shellcheck disable=SC2086 # words
		run valgrind --quiet --log-file="$BATS_TEST_TMPDIR/valgrind" \
			--error-limit=no --leak-check=full \
			--show-leak-kinds=definite,indirect "$D" $args
		report=$(awk -f tests/live/valgrind.awk "$BATS_TEST_TMPDIR/valgrind")
		printf '%s' "$report"
		[ -z "$report" ]
	done
}

@test "feature and need_feature" {
	feature xdp_native
	feature bash
	! feature no-such-command || return 1
	run -1 feature af_xdp_zc
	feature af_xdp_zc || rc=$?
	[ "$rc" -eq 1 ]
	[[ $lacking == ": a veth has none"* ]]
	# Where it cannot be told, that is a failure and not a skip.
	mount --bind /dev/null "$D"
	run -2 feature xdp_native
	umount "$D"
	[[ $output == "cannot tell if there is 'xdp_native'"* ]]
}
