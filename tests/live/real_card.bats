#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# What REAL-CARD.org promises to somebody who is connected through the card: its
# timed detach survives the loader and the terminal, and a command that stays
# detaches when its terminal is closed. Here it is a veth; the text itself is
# typed in a guest.

# bats file_tags=slow

load ../helpers

setup_file()
{
	need_sandbox
	lab card
}

teardown_file()
{
	"$TOP/testenv/testenv.sh" teardown --name card
}

setup()
{
	need_cmd python3 setsid
	cd "$TOP" || return
	mkdir -p /sys/fs/bpf/xdp
	recipe=$(grep -m 1 '^sudo setsid ' REAL-CARD.org)
	recipe=${recipe//eth1/card}
	loader='basic02-prog-by-name/xdp_prog_user --dev card --progname xdp_drop_func'
}

teardown()
{
	basic01-xdp-pass/xdp_pass_user --dev card --unload-all >/dev/null
}

# typed LINE...: into a shell on a terminal, each when the one before has ended or,
# the last, when a program is attached. Then the terminal is closed, as at the end of
# an ssh connection.
typed()
{
	# No sudo on this machine: we are root.
	type -P sudo >/dev/null || set -- "${@/#sudo /}"
	python3 - "$@" <<-'END'
		import os, pty, subprocess, sys, time
		def attached():
		    return b"prog/xdp" in subprocess.run(
		        ["ip", "-d", "link", "show", "card"], stdout=subprocess.PIPE).stdout
		pid, terminal = pty.fork()
		if pid == 0:
		    os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])
		lines = sys.argv[1:]
		os.write(terminal, b"stty -echo; PS1=prompt-; PS1=$PS1'ready-'\n")
		shown = b""
		while lines:
		    while not shown.endswith(b"prompt-ready-"):
		        shown += os.read(terminal, 4096)
		    shown = b""
		    os.write(terminal, lines.pop(0).encode() + b"\n")
		for _ in range(100):
		    if attached():
		        break
		    time.sleep(0.1)
		else:
		    sys.exit("nothing was attached: " + os.read(terminal, 4096).decode())
		os.close(terminal)
		os.waitpid(pid, 0)
	END
}

attached()
{
	[[ $(ip -d link show card) == *prog/xdp* ]]
}

detached()
{
	! attached
}

answers()
{
	"$TOP/testenv/testenv.sh" ping --name card -4 -c 1 -W 1
}

@test "the timed detach survives the loader, the shell and its terminal" {
	[[ $recipe == *"sleep 20;"*--unload-all* ]]
	typed "${recipe/sleep 20/sleep 6}" "sudo $loader"
	attached
	run ! answers
	wait_for detached
	answers
	gone '^sleep 6'
}

@test "without it the program stays when the terminal is closed" {
	typed "sudo $loader"
	attached
}

@test "a command that stays detaches when its terminal is closed" {
	typed "sudo basic03-map-counter/xdp_counter_user --dev card --duration 60"
	wait_for detached
	gone xdp_counter_user
}
