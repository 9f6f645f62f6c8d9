#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# testenv.sh shell: a network of its own, and nothing left of it. teardown() of
# testenv.bash compares what there is outside.

load testenv

# settings: what is the network's, and what a shell could change of it
settings()
{
	sysctl -a 2>/dev/null | grep '^net\.'
	ip -4 route show table all
	ip -6 route show table all
	ip rule
	ip neigh
}

# on_terminal COMMAND...: the steps are on standard input
on_terminal()
{
	run "$TOP/tests/live/expect.py" "$@"
	printf '%s\n' "$output"
}

@test "shell on a terminal: a lab, a route, a setting, a program; all gone after exit" {
	need_cmd python3
	local before_shell

	before_shell=$(settings)
	on_terminal "$T" shell <<-END
		< a shell in a network of its own: 'exit' removes all that was made in it
		< (xdp-shell) $PWD#
		> '$T' setup --name t1
		< lab 't1' is up
		< (xdp-shell)
		> '$LOADER' -d t1 drop_func; '$T' status | grep outer -A 1
		< native XDP program drop_func
		< (xdp-shell)
		> sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_echo_ignore_all=1
		< (xdp-shell)
		> ip route add 10.99.0.0/16 dev t1 && ip neigh add 10.11.1.9 dev t1 lladdr 2:: || ip route
		< (xdp-shell)
		> ip netns add more && mkdir /sys/fs/bpf/more && ls /sys/class/net /run/netns | tr '\n' ' '
		< /run/netns: more t1
		< (xdp-shell)
		> exit 7
	END
	[ "$status" -eq 7 ]
	[ ! -e /run/netns/t1 ]
	[ "$(settings)" = "$before_shell" ]
}

@test "shell: Ctrl-C, Ctrl-Z and fg; the prompt and its variables are the person's" {
	need_cmd python3
	# One process: a shell that is just starting another one does not stop.
	cat >job.py <<-END
		import signal
		signal.signal(signal.SIGINT, signal.SIG_DFL)
		signal.signal(signal.SIGCONT, lambda *_: print("goes on", flush=True))
		print("has begun", flush=True)
		while True:
		    signal.pause()
	END
	on_terminal "$T" shell <<-END
		< (xdp-shell)
		> '$T' setup --name t1 >/dev/null; '$T' ping -i 0.1
		< seq=2
		^ C
		< packet loss
		< (xdp-shell)
		> python3 job.py
		< has begun
		^ Z
		< Stopped
		< (xdp-shell)
		> fg
		< goes on
		^ C
		< (xdp-shell)
		> echo "it was \$?"
		< it was 130
		< (xdp-shell)
		> PS1='mine\$ ' PS0='run\$((1 + 2)) ' PROMPT_COMMAND='echo before\$((2 + 2))'
		< before4
		< mine\$
		> true
		< run3
		< before4
		< mine\$
		> exit
	END
	[ "$status" -eq 0 ]
}

@test "shell without a terminal: its status; what is outside is not seen, /run is" {
	lab t1
	echo text >/run/tmp/file
	run --separate-stderr "$T" shell <<-END
		cat /run/tmp/file
		'$T' status
		'$T' setup --name t1
		'$T' address --inner
		ip -br link show lo | grep -o LOOPBACK,UP
		readlink /proc/self/ns/net
		[ "\$(ls /sys/fs/bpf)" = "\$(printf '%s\n' maps.debug progs.debug)" ] || exit 1
		echo new >/run/tmp/file
		ls / >/dev/null && pwd
		exit 9
	END
	[ "$status" -eq 9 ]
	[ -z "$stderr" ]
	[ "${lines[0]}" = text ]
	[ "${lines[1]}" = "there is no lab" ]
	[ "${lines[5]}" = 10.11.1.2 ]
	[ "${lines[6]}" = LOOPBACK,UP ]
	[ "${lines[7]}" != "$(readlink /proc/self/ns/net)" ]
	[ "${lines[8]}" = "$PWD" ]
	[ "$(cat /run/tmp/file)" = new ]
	rm /run/tmp/file
	pings t1
}

@test "shell: what still runs when it ends is told to end" {
	"$T" shell <<-END
		'$T' setup --name t1
		(trap 'echo told >told; exit' TERM; while :; do sleep 0.1; done) &
		(trap '' TERM; echo \$BASHPID >deaf; sleep 1234) &
		until [ -s deaf ]; do sleep 0.1; done
	END
	[ "$(cat told)" = told ]
	[ -s deaf ]
	run ! running '^sleep 1234'
}

@test "shell: ended by SIGHUP, SIGTERM or SIGKILL, with all that runs in it" {
	local words signal rc

	# an interactive shell ignores SIGTERM: what arrives is SIGHUP
	for words in "HUP 129" "TERM 129" "KILL 137"; do
		signal=${words% *}
		rm -f up
		mkfifo commands
		"$T" shell <commands 3>&- &
		exec {fd}>commands
		echo "'$T' setup --name t1; sleep 1235 & echo >up; sleep 1236" >&"$fd"
		wait_for [ -e up ]
		wait_for running '^sleep 1236'
		kill "-$signal" $!
		rc=0
		wait $! || rc=$?
		[ "$rc" -eq "${words#* }" ]
		gone '^sleep 123[56]'
		exec {fd}>&-
		rm commands
		same_as_before
	done
}

@test "shell on a terminal: ended by a signal, or with the terminal" {
	need_cmd python3
	local signal

	for signal in TERM closed; do
		"$TOP/tests/live/expect.py" "$T" shell >shown 3>&- <<-END &
			< (xdp-shell)
			> '$T' setup --name t1; sleep 1235 & sleep 1236
			< lab 't1' is up
		END
		wait_for running '^sleep 1236'
		if [ "$signal" = closed ]; then
			kill -KILL $!
		else
			# the outer one of two
			kill "-$signal" "$(running '/lab_user shell' | sort -n | head -n 1)"
		fi
		gone '^sleep 123[56]|/lab_user shell'
		same_as_before
	done
}

@test "shell in a shell, with a lab of the same name and number in each" {
	need_cmd python3
	lab t1
	on_terminal "$T" shell <<-END
		< (xdp-shell)
		> '$T' setup --name t1 && '$T' shell
		< a shell in a network of its own
		< (xdp-shell)
		> '$T' setup --name t1 && '$T' ping -c 1
		< 1 received
		< (xdp-shell)
		> exit 3
		< exit
		< (xdp-shell)
		> echo "it was \$?"; '$T' ping -c 1
		< it was 3
		< 1 received
		< (xdp-shell)
		> exit 4
	END
	[ "$status" -eq 4 ]
	pings t1
}

@test "shell --join: another terminal in the same network, gone with the shell" {
	need_cmd python3
	mkfifo commands
	"$T" shell <commands 3>&- &
	exec {fd}>commands
	echo "'$T' setup --name t1 >/dev/null; echo >up" >&"$fd"
	wait_for [ -e up ]
	on_terminal "$T" shell --join <<-END
		< in the network of the shell in another terminal
		< (xdp-shell) $PWD#
		> '$T' ping
		< seq=2
		^ C
		< (xdp-shell)
		> exit 5
	END
	[ "$status" -eq 5 ]
	"$TOP/tests/live/expect.py" "$T" shell --join >shown 3>&- {fd}>&- <<-END &
		< (xdp-shell)
		> sleep 1237
	END
	wait_for running '^sleep 1237'
	exec {fd}>&-
	gone '^sleep 1237|/lab_user'
	run --separate-stderr "$T" shell --join
	[ "$status" -eq 2 ]
	one_line_error "there is no shell"
}

@test "shell: words and options are refused; a shell that cannot be made says so" {
	run --separate-stderr "$T" shell now
	[ "$status" -eq 2 ]
	one_line_error "unknown argument 'now'"
	run --separate-stderr "$T" shell --name t1
	[ "$status" -eq 2 ]
	one_line_error "unknown option '--name'"
	run -127 --separate-stderr "$TOP/testenv/lab_user" shell /nonexistent/x
	one_line_error "cannot run '/nonexistent/x'"
	need_cmd setpriv
	run --separate-stderr setpriv --bounding-set=-sys_admin "$T" shell <<<'echo in'
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	one_line_error "pid namespace"
}
