#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# A lab: a veth pair whose outer end stays here and bears the lab's name, and
# whose inner end, veth0, is in a network namespace of that name. Programs go on
# the outer end; packets come from the inner one.
#
# This file reads the command line. The rest is in lab_*.sh beside it: state,
# network, XDP programs, status.

set -u
# Without a standard input there is one that is empty.
{ : <&0; } 2>/dev/null || exec </dev/null

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
tool=$here/lab_user
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# die MESSAGE: a failure. bad MESSAGE: a mistake in the command line.
die()
{
	printf 'error: %s\n' "${*//$'\n'/ }" >&2
	exit 1
}

bad()
{
	printf 'error: %s\n' "${*//$'\n'/ }" >&2
	exit 2
}

warn()
{
	printf 'warning: %s\n' "$*" >&2
}

# shellcheck source=testenv/lab_state.sh
. "$here/lab_state.sh"
# shellcheck source=testenv/lab_net.sh
. "$here/lab_net.sh"
# shellcheck source=testenv/lab_xdp.sh
. "$here/lab_xdp.sh"
# shellcheck source=testenv/lab_redirect.sh
. "$here/lab_redirect.sh"
# shellcheck source=testenv/lab_show.sh
. "$here/lab_show.sh"

usage()
{
	cat <<-'END'
	usage: testenv.sh [--name LAB] COMMAND [OPTIONS]

	A lab is a veth pair: the outer end is an interface named like the lab, the
	inner end is veth0 in a network namespace of that name. Try XDP programs on
	the outer end with packets from the inner one. Needs root.

	Commands:
	  setup               make a lab
	      --name LAB        its name; without one, or with --gen-new, a new
	                        name is made up and printed
	      --ipv4-only, --ipv6-only    addresses of one family only
	      --vlan ID         tag every packet between the ends (1 to 4094)
	      --queues N        receive and transmit queues of each end (1 to 64;
	                        default 1)
	      --mtu N           MTU of both ends (68 to 65535; default 1500)
	      --bare            without the XDP program on veth0 that lets packets
	                        pass: XDP_TX and redirects to the outer end need one
	  teardown [--all]    remove the lab, or all labs, with all that was pinned
	  reset               remove all programs: the lab is as it was after setup
	  status [--json]     show the lab and the programs on each end; all labs
	                      without --name
	  address [--inner] [-6]
	                      print the IPv4 address, or with -6 the IPv6 address, of
	                      the outer end, or of veth0, and nothing else
	  shell               open a root shell in a network of its own: its labs,
	                      interfaces, routes, network settings (sysctl net.*),
	                      pinned objects and processes are gone when it ends;
	                      other sysctls are the machine's
	      --join            from another terminal, into the shell that is open
	  enter               open a shell inside the namespace
	  exec COMMAND...     run a command inside the namespace
	  ping [-4|-6] [ARGUMENTS OF ping]
	                      ping the outer end from inside (--inner: veth0 from
	                      outside)
	  send udp|tcp|icmp|raw [OPTIONS]
	                      send packets to the outer end from inside, as they are
	                      described, and print what was sent: UDP datagrams, TCP
	                      SYN, echo requests, or frames without IP
	      --size BYTES      of the frame, with headers and tags (default 64, or
	                        200 in fragments, or what the headers need)
	      --count N         number of packets (default 1)
	      --vlan ID[,ID...] VLAN tags, the outermost first (0: a priority tag)
	      -4, -6            the family (default: IPv4, if the lab has it)
	      --dst ADDRESS     another destination, also a group or broadcast; for raw
	                        a MAC address
	      --src ADDRESS     another source
	      --sport PORT, --dport PORT    ports of udp and tcp (default 1024 and 9)
	      --fragment        in two fragments, or as many as the MTU requires
	      --type TYPE       EtherType of raw (0x600 to 0xffff; default 0x88b5)
	  tcpdump [--inner] [ARGUMENTS OF tcpdump]
	                      show the packets of the outer end, or of veth0
	  load [--inner] [--loader COMMAND] [-- ARGUMENTS]
	                      run a lesson's loader on the outer end, or on veth0;
	                      by default the only loader in the current folder
	  unload [--inner] [--loader COMMAND] [-- ARGUMENTS]
	                      remove all programs from that end; with --loader or
	                      arguments the loader does it (by --unload-all)
	  redirect A B [--router]
	                      connect two labs: default routes inside, forwarding
	                      on their outer ends (only there; IPv6 also needs
	                      net.ipv6.conf.all.forwarding, for packets that the
	                      kernel itself forwards), and xdp_redirect_map_func
	                      on both, or xdp_router_func; reset and teardown undo
	                      it
	  stats [--inner] [--stats COMMAND] [-- ARGUMENTS]
	                      run xdp_stats_user, or another command, on that end
	  alias               print a shell function t that calls this script:
	                      eval "$(testenv.sh alias)"
	  help                print this text

	--name LAB chooses the lab; it can be left out while there is only one.
	Exit status: 0 ok, 1 failure (status: a lab is broken), 2 bad option or
	value, or no such lab; exec, enter, shell, ping, tcpdump, load, unload and
	stats end with the status of the command that they run.
	END
}

# need COMMAND PACKAGE
need()
{
	type -P -- "$1" >/dev/null ||
		die "cannot find '$1': install the package $2"
}

need_root()
{
	[ "$(id -u)" -eq 0 ] ||
		die "cannot run '$1': not root (use sudo)"
	[ -e /dev/fd/0 ] || [ -d /dev/fd ] ||
		die "cannot run '$1': no '/dev/fd' (ln -s /proc/self/fd /dev/fd)"
	need ip "'iproute2' ('iproute' in Fedora)"
	need nsenter "'util-linux'"
	need flock "'util-linux'"
}

# Options. Each command names those that it takes; a value may follow after
# a space or a '='. What is left is in rest.
opt_name='' opt_all=0 opt_json=0 opt_inner=0 opt_gen_new=0 opt_bare=0
opt_router=0 opt_join=0 opt_family='' opt_vlan=0 opt_queues=1 opt_mtu=1500 opt_loader='' opt_stats=''
rest=()

# number OPTION VALUE MIN MAX
number()
{
	if ! [[ $2 =~ ^[0-9]{1,9}$ ]] || ((10#$2 < $3 || 10#$2 > $4)); then
		bad "cannot use '$2' for $1: not a number from $3 to $4"
	fi
	number=$((10#$2))
}

set_family()
{
	[ -z "$opt_family" ] || [ "$opt_family" = "$1" ] ||
		bad "cannot use --ipv4-only with --ipv6-only"
	opt_family=$1
}

# set_option OPTION VALUE: returns 1 if it takes no value
set_option()
{
	case $1 in
	--name) check_name "$2"; opt_name=$2 ;;
	--vlan) number "$1" "$2" 1 4094; opt_vlan=$number ;;
	--queues) number "$1" "$2" 1 64; opt_queues=$number ;;
	--mtu) number "$1" "$2" 68 65535; opt_mtu=$number ;;
	--loader) opt_loader=$2 ;;
	--stats) opt_stats=$2 ;;
	*) return 1 ;;
	esac
}

set_flag()
{
	case $1 in
	--gen-new) opt_gen_new=1 ;;
	--ipv4-only) set_family 4 ;;
	--ipv6-only) set_family 6 ;;
	--bare) opt_bare=1 ;;
	--all) opt_all=1 ;;
	--json) opt_json=1 ;;
	--inner) opt_inner=1 ;;
	--router) opt_router=1 ;;
	--join) opt_join=1 ;;
	esac
}

takes_value()
{
	case $1 in
	--name | --vlan | --queues | --mtu | --loader | --stats) return 0 ;;
	esac
	return 1
}

# options "NAMES" HOW ARGUMENTS...: HOW says what else may stand there:
# none; last (what follows "--"); first (all from the first other word on);
# mixed (other words, in any place)
options()
{
	local known=" $1 " how=$2 option

	shift 2
	while [ $# -gt 0 ]; do
		option=${1%%=*}
		if [ "$1" = -- ]; then
			[ "$how" != none ] || bad "cannot use '--': no arguments here"
			shift
			rest+=("$@")
			return
		elif [[ $1 == --* && $known == *" $option "* ]]; then
			if ! takes_value "$option"; then
				[ "$1" = "$option" ] ||
					bad "cannot give '$option' a value"
				set_flag "$option"
			elif [ "$1" != "$option" ]; then
				set_option "$option" "${1#*=}"
			else
				[ $# -gt 1 ] || bad "missing value for '$1'"
				set_option "$1" "$2"
				shift
			fi
		else
			other_word "$how" "$1"
			rest+=("$1")
			if [ "$how" = first ]; then
				shift
				rest+=("$@")
				return
			fi
		fi
		shift
	done
}

# other_word HOW WORD: an error, unless it may stand there
other_word()
{
	if [ "$2" = --help ] || [ "$2" = -h ] && [ "$1" != mixed ]; then
		usage
		exit 0
	fi
	case $1:$2 in
	mixed:* | first:[!-]*) return ;;
	last:-*) bad "unknown option '$2' (arguments of the command go" \
			"after '--'; see testenv.sh help)" ;;
	*:-*) bad "unknown option '$2' (see testenv.sh help)" ;;
	*) bad "unknown argument '$2' (a lab is chosen with --name; see" \
		"testenv.sh help)" ;;
	esac
}

cmd_setup()
{
	local known='--name --gen-new --ipv4-only --ipv6-only --vlan --queues'

	options "$known --mtu --bare" none "$@"
	[ "$opt_gen_new" = 0 ] || [ -z "$opt_name" ] ||
		bad "cannot use --gen-new with --name"
	[ "$opt_family" = 4 ] || [ "$opt_mtu" -ge 1280 ] ||
		bad "cannot use MTU '$opt_mtu': IPv6 needs 1280 (or --ipv4-only)"
	need_root setup
	net_setup
}

cmd_teardown()
{
	options "--name --all" none "$@"
	need_root teardown
	net_teardown
}

cmd_reset()
{
	options "--name" none "$@"
	need_root reset
	pick_lab
	xdp_reset
}

cmd_status()
{
	options "--name --json" none "$@"
	need_root status
	show_status
}

cmd_address()
{
	local arg family=''

	options "--name --inner" mixed "$@"
	for arg in ${rest[@]+"${rest[@]}"}; do
		case $arg in
		-4 | -6)
			[ -z "$family" ] || [ "$family" = "${arg#-}" ] ||
				bad "cannot use -4 with -6"
			family=${arg#-}
			;;
		*) other_word none "$arg" ;;
		esac
	done
	need_root address
	pick_lab
	if [ -z "$family" ]; then
		family=4
		[ "$lab_family" != 6 ] || family=6
	fi
	need_family "$family"
	printf '%s\n' "$(lab_address "$family" $((opt_inner + 1)))"
}

# find_shell: process 1 of the shell that is open. One within it is not seen here
# as a shell of its own.
find_shell()
{
	local dir args pids all=()

	for dir in /proc/[0-9]*; do
		{ mapfile -d '' args <"$dir/cmdline"; } 2>/dev/null || continue
		[ "${args[0]-} ${args[1]-}" = "$tool shell" ] || continue
		pids=$(sed -n 's/^NSpid:[[:space:]]*//p' "$dir/status" 2>/dev/null)
		[[ ! $pids =~ ^[0-9]+[[:space:]]+1$ ]] || all+=("${dir#/proc/}")
	done
	[ "${#all[@]}" -gt 0 ] || bad "there is no shell (open one: testenv.sh shell)"
	[ "${#all[@]}" -eq 1 ] || bad "there are several shells: end all but one"
	found=${all[0]}
}

cmd_shell()
{
	local how=(shell)

	options "--join" none "$@"
	need_root shell
	build_tools
	if [ "$opt_join" = 1 ]; then
		find_shell
		how=(join "$found")
	fi
	exec "$tool" "${how[@]}" "$BASH" --rcfile "$here/lab_rc.sh"
}

cmd_enter()
{
	options "--name" none "$@"
	need_root enter
	pick_lab
	printf "in namespace '%s', with %s; 'exit' leads back\n" "$lab" veth0 >&2
	exec "$tool" exec "$netns_dir/$lab" "${SHELL:-/bin/bash}"
}

cmd_exec()
{
	options "--name" first "$@"
	[ "${#rest[@]}" -gt 0 ] || bad "missing command (exec COMMAND...)"
	need_root exec
	pick_lab
	exec "$tool" exec "$netns_dir/$lab" "${rest[@]}"
}

# need_family FAMILY: the lab has addresses of it
need_family()
{
	has_family "$1" ||
		bad "cannot use -$1: lab '$lab' has only IPv$lab_family"
}

cmd_ping()
{
	local family='' arg where=()

	options "--name --inner" mixed "$@"
	need_root ping
	need ping "'iputils-ping' ('iputils' elsewhere)"
	pick_lab
	for arg in ${rest[@]+"${rest[@]}"}; do
		case $arg in
		-4 | -6) family=${arg#-} ;;
		esac
	done
	if [ -z "$family" ]; then
		family=6
		[ "$lab_family" != 4 ] || family=4
		rest=("-$family" ${rest[@]+"${rest[@]}"})
	fi
	need_family "$family"
	[ "$opt_inner" = 1 ] || where=("$tool" exec "$netns_dir/$lab")
	exec ${where[@]+"${where[@]}"} ping "${rest[@]}" \
		"$(lab_address "$family" $((opt_inner + 1)))"
}

# lab_pair FAMILY: addresses of veth0 and of the outer end, "-" without the family
lab_pair()
{
	if has_family "$1"; then
		lab_address "$1" 2
		printf ' '
		lab_address "$1" 1
	else
		printf -- '- -'
	fi
}

cmd_send()
{
	local arg

	options "--name" mixed "$@"
	for arg in ${rest[@]+"${rest[@]}"}; do
		case $arg in
		--help | -h) other_word none "$arg" ;;
		esac
	done
	need_root send
	pick_lab
	# shellcheck disable=SC2046 # two words each
	exec nsenter --net="$netns_dir/$lab" "$tool" send veth0 "$(lab_mac 1)" \
		"$lab_vlan" $(lab_pair 4) $(lab_pair 6) ${rest[@]+"${rest[@]}"}
}

cmd_tcpdump()
{
	options "--name --inner" mixed "$@"
	need_root tcpdump
	need tcpdump "'tcpdump'"
	pick_lab
	choose_end
	exec "${end_cmd[@]}" tcpdump -n -l -i "$end_dev" \
		${rest[@]+"${rest[@]}"}
}

cmd_load()
{
	options "--name --inner --loader" last "$@"
	need_root load
	pick_lab
	xdp_load
}

cmd_unload()
{
	options "--name --inner --loader" last "$@"
	need_root unload
	pick_lab
	xdp_unload
}

cmd_redirect()
{
	local word

	options "--router" mixed "$@"
	for word in ${rest[@]+"${rest[@]}"}; do
		[[ $word != -* ]] ||
			bad "unknown option '$word' (see testenv.sh help)"
		check_name "$word"
	done
	[ "${#rest[@]}" -eq 2 ] || bad "missing labs (redirect A B)"
	need_root redirect
	net_redirect "${rest[@]}"
}

cmd_stats()
{
	options "--name --inner --stats" last "$@"
	need_root stats
	pick_lab
	xdp_stats
}

# quoted WORD: for a shell to read
quoted()
{
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

cmd_alias()
{
	local words

	options "--name" none "$@"
	words=$(quoted "$here/testenv.sh")
	[ "$(id -u)" -eq 0 ] || words="sudo $words"
	[ -z "$opt_name" ] || words+=" --name $opt_name"
	printf 't() { %s "$@"; }\n' "$words"
}

main()
{
	while [[ ${1-} == --name || ${1-} == --name=* ]]; do
		if [ "$1" = --name ]; then
			[ $# -gt 1 ] || bad "missing value for '--name'"
			set_option --name "$2"
			shift 2
		else
			set_option --name "${1#*=}"
			shift
		fi
	done
	case ${1-} in
	setup | teardown | reset | status | address | shell | enter | exec | \
	ping | send | tcpdump | load | unload | redirect | stats | alias)
		"cmd_$1" "${@:2}"
		;;
	help | --help | -h)
		usage
		;;
	'')
		usage >&2
		exit 2
		;;
	-*)
		bad "unknown option '$1' (see testenv.sh help)"
		;;
	*)
		bad "unknown command '$1' (see testenv.sh help)"
		;;
	esac
}

main "$@"
