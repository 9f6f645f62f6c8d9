#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Every C file compiles without a warning, every header compiles alone.

# bats file_tags=slow
# (as in bats files: a build warns as well)

# shellcheck source=tests/style/lib.bash
. "$(dirname "$0")/lib.bash"

# compile COMPILER FLAGS FILE: a file in its own folder, as make does it.
# A header is compiled as the only line of a file of its own.
# shellcheck disable=SC2317 # another shell calls it
compile()
{
	local dir=${3%/*} name=${3##*/} top flags

	read -ra flags <<<"$2"
	top=${dir//[^\/]/} # a slash for each folder but one
	top=..${top//\//\/..}
	cd "$dir" || return
	flags+=(-I "$top/headers" -I . -c -o /dev/null)
	[[ " $2 " == *" bpf "* ]] ||
		flags+=(-I "$top/common" -I "$top/tests/unit")
	# As an answer finds its lesson's headers.
	case $dir in
	*/assignments/*) flags+=(-I "$top/${dir%%/*}") ;;
	solutions/*) flags+=(-I "$top/$(cut -d / -f 2 <<<"$dir")") ;;
	esac
	# As their Makefiles have it for the tests of a lesson's part.
	case $name in
	fuzz_layers.c | test_grader.c) flags+=(-I "$top/grader") ;;
	fuzz_trace_line.c) flags+=(-I "$top/tracing03-debug-print") ;;
	*_answer.c) flags+=(-I "$top/advanced03-AF_XDP" -I "$top/tests/fuzz") ;;
	test_ping*.c | pings.h | fuzz_reply.c) flags+=(-I "$top/advanced04-xdp-ping") ;;
	esac
	if [[ $name == *.h ]]; then
		printf '#include "%s"\n' "$name" |
			"$1" "${flags[@]}" -x c - 2>&1
	else
		"$1" "${flags[@]}" "$name" 2>&1
	fi || printf '%s: %s found something\n' "$3" "$1"
}

# each COMPILER FLAGS: compiles each file of the input.
each()
{
	# shellcheck disable=SC2016 # for the inner shell
	in_parallel bash -c "$(declare -f compile)"'; compile "$@"' \
		compile "$1" "$2"
}

# A lesson that make leaves out lacks something it needs to compile.
not_left_out()
{
	local file

	while IFS= read -r file; do
		[[ $left_out != *"left out: ${file%%/*}:"* ]] || continue
		printf '%s\n' "$file"
	done
}

kernel_side()
{
	sources -name '*_kern.c' | not_left_out
	sources -path './headers/*.h'
}

user_side()
{
	sources -name '*.c' ! -name '*_kern.c' | not_left_out
	sources -name '*.h' ! -path './headers/*' ! -name '*_kern.h' |
		not_left_out
}

left_out=$(make -s skips 2>/dev/null)
user_flags="-O2 -g -std=gnu11 -Wall -Wextra -Werror $(setting LIB_CFLAGS) \
$(setting EXTRA_CFLAGS)"
bpf_flags="-O2 -g $(setting BPF_CPU) -target bpf -Wall -Werror \
-Wno-unused-function $(setting BPF_INCLUDES)"

# clangs: each version that is installed, by one of its names; clang alone if
# there is none, which is then what is missing.
clangs()
{
	local name version seen=' '

	for name in clang $(compgen -c clang- | grep -xE 'clang-[0-9]+' | sort -Vu); do
		version=$("$name" -dumpversion 2>/dev/null)
		[[ $seen != *" ${version:-none} "* ]] || continue
		seen+="$version "
		printf '%s\n' "$name"
	done
}

lacks gcc gcc || verdict "no warnings: user side, gcc" \
	"$(user_side | each gcc "$user_flags")"
for compiler in $(clangs); do
	lacks "$compiler" "$compiler" && continue
	version=$("$compiler" -dumpversion)
	verdict "no warnings: user side, clang $version" \
		"$(user_side | each "$compiler" "$user_flags")"
	verdict "no warnings: kernel side and headers/, clang $version" \
		"$(kernel_side | each "$compiler" "$bpf_flags")"
done
finish
