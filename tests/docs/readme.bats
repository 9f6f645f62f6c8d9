#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# The README runner, on small READMEs made up here.
# shellcheck disable=SC1003,SC2016 # what is in single quotes is for another shell

# bats file_tags=slow

load ../helpers

setup_file()
{
	need_sandbox
}

setup()
{
	LESSON="$BATS_TEST_TMPDIR/a lesson"
	mkdir "$LESSON"
	: >"$LESSON/README.org"
}

# text LINE...: more lines for the README.
text()
{
	printf '%s\n' "$@" >>"$LESSON/README.org"
}

# block ARGUMENTS LINE...: a shell block with these header arguments.
block()
{
	text "#+begin_src sh $1" "${@:2}" '#+end_src' ''
}

shows_example()
{
	text '#+begin_example' "$@" '#+end_example' ''
}

# good, bad [TEXT]...: run it; all is well, or not, and it says TEXT.
good()
{
	run -0 "$TOP/tests/docs/readme" "$LESSON/README.org"
	[[ $output != *"not ok"* ]] || { echo "$output" >&2; return 1; }
	contains "$@"
}

bad()
{
	run -0 "$TOP/tests/docs/readme" "$LESSON/README.org"
	[[ $output == *"not ok"* ]] || { echo "$output" >&2; return 1; }
	contains "$@"
}

contains()
{
	local words

	for words in "$@"; do
		[[ $output == *"$words"* ]] && continue
		printf "no '%s' in:\n%s\n" "$words" "$output" >&2
		return 1
	done
}

@test "blocks run in order in one shell, in the lesson's folder" {
	block '' 'here=$PWD; f() { echo "f $1"; }' 'mkdir /run/there' 'cd /run/there'
	block '' 'pwd; f 1; echo "$here"' 'cd ..; rmdir there'
	shows_example /run/there 'f 1' "$LESSON"
	good '1..4' 'ok 2 README:1 here=' 'ok 3 README:7 pwd; f 1'
}

@test "a failing line fails the block, and only it" {
	block '' 'echo one' 'false' 'touch /run/never'
	block '' '[ ! -e /run/never ]'
	bad 'not ok 2 README:1 echo one' 'line 3: exit status 1: false' 'ok 3'
}

@test "set -e manners: conditions, pipes, functions, subshells" {
	block '' 'if false; then :; fi' 'false || true' '! true || :' \
		'false | true' 'while false; do :; done' 'x=$(echo a \' 'b)' \
		'cat <<END' 'if' 'END' 'for i in 1 2' 'do' 'echo $i' 'done'
	good
	for line in 'false && true; false' '(false; true)' 'x=$(false)' 'f' \
		'true | false' 'for i in 1; do false; done' '[ 1 = 2 ]'; do
		: >"$LESSON/README.org"
		block '' 'f() { false; true; }'
		block '' "$line" 'true'
		bad 'not ok 3'
	done
}

@test "a syntax error fails the block" {
	block '' 'if true; then'
	block '' 'true'
	bad 'not ok 2' 'ok 3'
}

@test "expected output: numbers, blanks, dots" {
	block '' 'printf "id 17\nrx  1.5 of 200 at 12:30:01\n0xff veth0\n\n"'
	shows_example 'id 4' 'rx 22.75 of   3 at 01:02:03' '0x1 veth0'
	block '' 'seq 1 20; echo end'
	shows_example 1 ... end
	block '' 'echo 8a:b1:00:11:22:33 tag 00ff00ff00ff00ff'
	shows_example '00:00:00:00:00:01 tag a04f5eef06a7f555'
	block '' 'echo no example: not checked'
	good
}

@test "expected output that differs is shown with what came" {
	block '' 'echo veth1'
	shows_example veth0
	block '' 'echo 1; echo 2 more'
	shows_example 1
	block '' 'echo a'
	shows_example a b
	block '' 'true'
	shows_example words
	block '' 'seq 3; echo end'
	shows_example ... 'other end'
	block '' 'echo 12 a'
	shows_example 'x a'
	run -0 "$TOP/tests/docs/readme" "$LESSON/README.org"
	[ "$(grep -c '^not ok' <<<"$output")" -eq 6 ]
	contains '#   veth0' '#   veth1' '# got:'
}

@test "a text between keeps an example from belonging to a block" {
	block '' 'echo a'
	text 'Something else:'
	shows_example other
	block '' 'echo b'
	text '#+RESULTS:'
	shows_example other
	bad 'ok 2' 'not ok 3'
}

@test ":exact" {
	block ':exact' 'echo 17'
	shows_example 17
	good
	block ':exact' 'echo 17'
	shows_example 18
	bad 'not ok 3'
}

@test ":eval no, :rc, :needs" {
	block ':eval no' 'touch /run/never'
	block ':rc 3' 'true' 'sh -c "exit 3"'
	block ':needs sh,no-such-feature' 'no-such-feature'
	block '' '[ ! -e /run/never ]'
	good '1..5' 'ok 3 README:10 no-such-feature # skip no no-such-feature here'
	block ':rc 1' 'true'
	block ':rc 1' 'false' 'true'
	block ':rc 2' 'false'
	run -0 "$TOP/tests/docs/readme" "$LESSON/README.org"
	[ "$(grep -c '^not ok' <<<"$output")" -eq 3 ]
}

@test ":needs: what cannot be told is a failure, no skip" {
	block ':needs xdp_generic' 'true'
	mount --bind /dev/null "$TOP/doctor/doctor_user"
	run -0 "$TOP/tests/docs/readme" "$LESSON/README.org"
	umount "$TOP/doctor/doctor_user"
	contains 'not ok' "cannot tell if there is 'xdp_generic'"
	good
}

@test "what stays in one terminal runs beside the others, up to a key" {
	block '' "bash -c 'trap \"echo ended; exit 3\" INT; echo a; while :; do sleep 0.1; done'"
	block ':terminal 2' 'echo beside; ps -o args= -C sleep | grep -c "sleep 0.1"'
	shows_example beside 1
	block ':keys C-c :rc 3' Ctrl-C
	shows_example ended
	good
}

@test "a key waits for what the terminal is to show before it" {
	block '' "bash -c 'trap \"echo late; exit 0\" INT; sleep 0.5; echo 1; while :; do sleep 0.1; done'"
	shows_example 1
	block ':keys C-c' Ctrl-C
	shows_example late
	good
	: >"$LESSON/README.org"
	block ':timeout 1' 'sleep 4445'
	shows_example never
	block ':keys C-c :timeout 1 :rc 130' Ctrl-C
	bad 'not ok 2 README:1 sleep 4445' 'ok 3 README:9 Ctrl-C'
	gone 'sleep 4445'
}

@test "the next block waits for the first words of what stays, not for those before" {
	block '' 'echo lab' "bash -c 'trap \"exit 0\" INT; sleep 0.5; echo begun >&2; while :; do sleep 0.1; done'"
	shows_example ... lab begun
	block ':terminal 2' 'ps -o args= -C sleep | grep -c "sleep 0.1"'
	shows_example 1
	block ':keys C-c' Ctrl-C
	good
}

@test "a key where nothing runs, and what runs on without one" {
	block '' 'true'
	block ':keys C-c' Ctrl-C
	bad 'not ok 2' 'it did not stay: exit status 0' 'not ok 3' 'nothing runs in its terminal'
	: >"$LESSON/README.org"
	block ':terminal 2 :timeout 1' 'sleep 4446'
	bad 'not ok 2' 'no end after'
	gone 'sleep 4446'
	: >"$LESSON/README.org"
	block ':needs no-such-feature' 'sleep 4447'
	block ':keys C-c' Ctrl-C
	good 'ok 3 README:5 Ctrl-C # skip no no-such-feature here'
	block ':keys C-c' Ctrl-Z
	block ':keys x' x
	bad "':keys C-c' is shown as 'Ctrl-C'" "':keys x': not a key"
}

@test "a command that a key has stopped goes on" {
	block '' 'bash -c "echo a; sleep 0.7; echo b"'
	shows_example a
	block ':keys C-z :rc 148' Ctrl-Z
	block '' 'fg'
	shows_example ... b
	good
}

@test ":shell: the next blocks are typed into a shell that the last one has started" {
	block ':shell' 'here=1' 'echo first; PS1="in there# " bash --norc -i'
	shows_example first
	block '' 'echo "${here-not here}"; cd /; for i in 1 2; do' 'echo $i; done'
	shows_example 'not here' 1 2
	block ':rc 3' '(exit 3)'
	block ':rc 4' 'exit 4'
	shows_example exit
	block '' 'echo $?; pwd'
	shows_example 4 "$LESSON"
	good
	block ':shell' 'true'
	bad 'not ok 7' 'no shell: exit status 0'
}

@test "what a terminal shows: colours, lines that are written over, both outputs" {
	block '' 'printf "\033[1;31mred\033[0m\n"; printf "10%%\r20%%\r30%%\n"; echo err >&2'
	shows_example red '1%' err
	block '' 'printf "no end of line"'
	shows_example 'no end of line'
	block '' '[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && tput cols'
	shows_example 80
	good
}

@test "a job that writes while one types does not disturb" {
	block '' 'while :; do echo noise; sleep 0.001; done &' 'job=$!'
	for i in 1 2 3 4 5 6 7 8 9; do
		block '' "echo word$i >'$LESSON/words'; grep -q word$i '$LESSON/words'"
	done
	block '' 'kill $job; wait $job || rm words'
	good
}

@test "what is changed outside of labs fails, also in between" {
	block '' 'sysctl -q net.ipv4.icmp_echo_ignore_all=1'
	block '' 'sysctl -q net.ipv4.icmp_echo_ignore_all=0'
	block '' 'ip route add blackhole 10.99.0.0/16; ip route del blackhole 10.99.0.0/16'
	block '' 'sysctl -q net.ipv4.ip_forward=1; sysctl -q net.ipv4.ip_forward=0'
	block '' 'ip rule add pref 99 lookup main' 'ip rule del pref 99'
	block '' 'true'
	run -0 "$TOP/tests/docs/readme" "$LESSON/README.org"
	[ "$(grep -c '^not ok' <<<"$output")" -eq 5 ]
	contains 'not ok 2' 'outside of labs: /proc/sys/net/ipv4/icmp_echo_ignore_all' \
		'[ROUTE]blackhole 10.99.0.0/16' 'outside of labs: /proc/sys/net/ipv4/ip_forward: written to' \
		'[RULE]99:' 'ok 7'
}

@test "#+CARD: without a card to be had nothing is typed" {
	text '#+CARD: eth7'
	block '' 'ip link add dev eth7 type ifb; false'
	unset VM_CARDS
	good '1..3' 'ok 2 its commands # skip no network card here, as a guest has'
}

@test "a lab, and what is in it, is nobody else's" {
	block '' "'$TOP/testenv/testenv.sh' setup --name rd1 >/dev/null" \
		"'$TOP/testenv/testenv.sh' exec --name rd1 ip route add default dev veth0" \
		'ip neigh add 10.11.1.77 lladdr 02:00:00:00:00:77 dev rd1' \
		"'$TOP/testenv/testenv.sh' teardown --name rd1 >/dev/null"
	good
	: >"$LESSON/README.org"
	block '' "'$TOP/testenv/testenv.sh' setup --name rd1 >/dev/null" \
		'ip route add 10.98.0.0/16 dev rd1' \
		"'$TOP/testenv/testenv.sh' teardown --name rd1 >/dev/null"
	bad 'line 3: outside of labs: [ROUTE]10.98.0.0/16 dev rd1'
	"$TOP/testenv/testenv.sh" teardown --name rd1
}

@test "--user: an ordinary user, the real sudo, a copy of the tree" {
	need_cmd sudo
	lesson=$(mktemp -d "$TOP/readme-user.XXXXXX")
	LESSON=$lesson
	block '' 'id -u | grep -vx 0; id -un; echo $HOME; ls -d ../basic01-xdp-pass' \
		'sudo id -u; [ -w ../README.org ]; [ ! -w /etc ]; sudo touch x; rm -f x </dev/null'
	shows_example 1000 learner ... ../basic01-xdp-pass 0
	run -0 "$TOP/tests/docs/readme" --user "$LESSON/README.org"
	rm -r "$lesson"
	[[ $output != *"not ok"* ]] || { echo "$output" >&2; return 1; }
	run -1 grep learner /etc/passwd
}

@test "a job of one block can be ended in the next" {
	block '' 'sleep 4442 &'
	block '' 'kill -INT $!' 'wait $! || echo "status $?"'
	shows_example 'status 130'
	good
}

@test "a hang: the block fails, and later ones if Ctrl-C does not help; nothing is left" {
	block ':timeout 1' 'echo before' 'sleep 4443'
	block '' 'true'
	bad 'line 3: no end after' 'ok 3'
	gone 'sleep 4443'
	: >"$LESSON/README.org"
	block ':timeout 1' 'bash -c "trap : INT; while :; do sleep 4443; done"'
	block '' 'true'
	bad 'the terminal is lost' 'not ok 3'
	gone 'sleep 4443'
}

@test "exit takes the shell: this block and the rest have failed" {
	block '' 'exit 0'
	block '' 'true'
	bad 'the shell has ended' 'not ok 3'
}

@test "sudo is there" {
	block '' 'sudo -E A="b c" sh -c '\''echo "$A"; id -u'\' 'sudo -n -u root true'
	shows_example 'b c' 0
	good
}

@test "what is left behind fails" {
	block '' 'ip link add left0 type veth peer name left1'
	bad 'nothing is left behind' 'more: link here'
	ip link del left0
	: >"$LESSON/README.org"
	block '' 'touch file' 'mkdir /run/d' 'sleep 4444 &'
	bad 'more: process sleep 4444' 'more: run /run/d d' 'more: file '
	rmdir /run/d
}

@test "an unknown argument, a block without end" {
	block ':tmeout 3' 'true'
	block ':rc' 'true'
	block ':rc x' 'true'
	text '#+begin_src sh' 'true'
	bad "unknown block argument ':tmeout'" "':rc' needs a value" \
		"':rc x': not a number" 'no #+end_src'
}

@test "C blocks stand in the sources" {
	printf 'int a;\nint f(void)\n{\n\treturn 1;\n}\nint z;\n' >"$LESSON/x.c"
	text '#+begin_src c' 'int f(void)' '{' '        return 1;' '}' '#+end_src'
	text '#+begin_src c' 'int a;' '/* ... */' 'int z;' '#+end_src'
	text '#+begin_src c :eval no' 'never there' '#+end_src'
	good '1..4'
	text '#+begin_src c' 'int f(void)' '{' 'return 2;' '}' '#+end_src'
	text '#+begin_src c' 'int z;' '...' 'int a;' '#+end_src'
	run -0 "$TOP/tests/docs/readme" "$LESSON/README.org"
	[ "$(grep -c '^not ok' <<<"$output")" -eq 2 ]
}

@test "C blocks stand in the folders of common/ too" {
	local line

	line=$(grep -hm 1 '^int .*;' "$TOP"/common/net/*.h | head -n 1)
	[ -n "$line" ]
	text '#+begin_src c' "$line" '#+end_src'
	good '1..3'
}

@test "links lead somewhere" {
	text '[[file:README.org][this]], [[../a lesson/README.org]], [[*Heading]],' \
		'[[https://example.org/x][away]], [[file:README.org::3]]'
	good
	text '[[file:missing.c][that]]'
	bad "line 3: no 'missing.c'"
}

@test "an indented block, and org's comma" {
	text '- item' '  #+begin_src sh' '  cat <<END' '  ,* star' '  END' \
		'  #+end_src' '  #+begin_example' '  * star' '  #+end_example'
	good
}

@test "outside the sandbox it refuses" {
	IN_SANDBOX='' run -0 env -u IN_SANDBOX sh -c '"$1" "$2"; [ $? -eq 1 ]' \
		sh "$TOP/tests/docs/readme" "$LESSON/README.org"
	[[ $output == "error: "*sandbox* ]]
}
