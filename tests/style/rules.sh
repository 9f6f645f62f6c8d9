#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Who may include what; which sections a program may be in.

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# includes FILE...: "FILE:LINE:NAME", with the quotes or brackets.
includes()
{
	grep -nHE '^[[:blank:]]*#[[:blank:]]*include' "$@" /dev/null |
		sed -E 's/:[[:blank:]]*#[[:blank:]]*include[[:blank:]]*/:/'
}

# A kernel program takes <linux/>, <bpf/>, <xdp/>, headers/, and what it
# shares with the user side of its own lesson. headers/ do likewise.
check_kernel_includes()
{
	local line name dir offenders=''

	while IFS= read -r line; do
		name=${line##*:}
		dir=${line%%:*}
		dir=${dir%/*}
		case $name in
		'<linux/'* | '<bpf/'* | '<xdp/'*) continue ;;
		'"'*/*) ;;
		'"'*)
			name=${name//\"/}
			[ ! -f "headers/$name" ] || continue
			[ ! -f "$dir/$name" ] || continue
			# vmlinux.h and its like are made by the build.
			[[ $name != *.skel.h && $name != vmlinux.h ]] || continue
			;;
		esac
		offenders+="$line"$'\n'
	done < <(includes "${kern[@]}")
	verdict "the kernel side includes linux/, bpf/, xdp/ and headers/ only" \
		"$offenders"
}

check_user_includes()
{
	local line name dir offenders=''

	verdict 'no #include "../' "$(includes "${c[@]}" | grep '"\.\./')"

	while IFS= read -r line; do
		name=${line##*:}
		dir=${line%%:*}
		dir=${dir%/*}
		[[ $name == '"'* && $line != tests/* ]] || continue
		name=${name//\"/}
		if [ ! -f "$dir/$name" ] && [ ! -f "common/$name" ] &&
		   [ ! -f "headers/$name" ] && [[ $name != *.skel.h ]]; then
			offenders+="$line"$'\n'
		fi
	done < <(includes "${user[@]}")
	verdict "the user side includes common/, headers/ and its own folder only" \
		"$offenders"
}

# common/ and headers/ know no lesson, and a lesson knows no other one.
check_other_lessons()
{
	local lesson other offenders=''

	while IFS= read -r lesson; do
		other=$(includes "${c[@]}" | grep -vE "^(solutions/)?$lesson/" |
			grep -F "$lesson/")
		[ -z "$other" ] || offenders+="$other"$'\n'
	done < <(lesson_folders)
	verdict "no file includes one of a lesson" "$offenders"
}

# The sections that libbpf 1.0 (and libxdp) give a meaning.
known_section='^(\??(xdp|xdp\.frags)(/(devmap|cpumap))?|\??(tc|tcx/(ingress|egress)|classifier|action)|\??(u|uret|k|kret)probe(\.s|\.multi)?(/.+)?|\??ksyscall/.+|\??kretsyscall/.+|\??usdt(/.+)?|\??(tracepoint|tp|raw_tracepoint|raw_tp|tp_btf)/.+|\??(fentry|fexit|fmod_ret)(\.s)?/.+|\??freplace(/.+)?|\??(lsm|lsm\.s)/.+|\??lsm_cgroup/.+|\??iter(\.s)?/.+|\??cgroup/(connect|bind|sendmsg|recvmsg|getpeername|getsockname|post_bind)[46]|\??cgroup/(sock|sock_create|sock_release|dev|sysctl|getsockopt|setsockopt)|\??cgroup_skb/(ingress|egress)|\??cgroup/skb|\??sockops|\??sk_(skb|msg|lookup|reuseport)(/.+)?|\??flow_dissector|\??perf_event|\??syscall|\??netfilter|\??struct_ops(\.s)?(/.+)?|\??socket|license|version|\.maps|\.(rodata|data|bss)(\..+)?|\.kconfig|\.ksyms|\.struct_ops(\.link)?|\.xdp_run_config|xdp_metadata)$'

check_sections()
{
	local line offenders=''

	while IFS= read -r line; do
		grep -qE "$known_section" <<<"${line##*:}" ||
			offenders+="$line"$'\n'
	done < <(grep -noHE '\bSEC\("[^"]*"\)' "${kern[@]}" /dev/null |
		sed -E 's/SEC\("([^"]*)"\)/\1/')
	verdict "only sections that libbpf knows" "$offenders"
	verdict "maps are BTF maps" "$(grep -nE \
		'SEC\("maps"\)|struct bpf_map_def' "${kern[@]}" /dev/null)"
}

mapfile -t c < <(sources -name '*.[ch]')
mapfile -t kern < <(sources \( -name '*_kern.c' -o -path './headers/*.h' \))
mapfile -t user < <(sources -name '*.[ch]' ! -name '*_kern.c' \
	! -path './headers/*')
check_kernel_includes
check_user_includes
check_other_lessons
check_sections
finish
