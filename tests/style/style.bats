#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# Each style check, on a small tree made up here: it passes what is well, and
# it can fail.
# shellcheck disable=SC2016 # what is in single quotes is for another shell

# bats file_tags=slow

load ../helpers

LICENCE='SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause'

setup()
{
	TREE="$BATS_TEST_TMPDIR/a tree"
	mkdir -p "$TREE"/{tests,common,headers,one01,two01}
	cp -r "$TOP/tests/style" "$TREE/tests/"
	cp "$TOP/.clang-format" "$TOP/.codespellrc" "$TREE/"
	[ ! -f "$TOP/config.mk" ] || cp "$TOP/config.mk" "$TREE/"
	rm "$TREE"/tests/style/*.bats
	cd "$TREE" || return 1
	for lesson in one two; do
		c "${lesson}01/xdp_${lesson}_kern.c" '#include <linux/bpf.h>' \
			'#include <bpf/bpf_helpers.h>' '' 'SEC("xdp")' \
			"int xdp_${lesson}_func(struct xdp_md *ctx)" '{' \
			$'\treturn XDP_PASS;' '}' '' \
			'char _license[] SEC("license") = "GPL";'
		c "${lesson}01/xdp_${lesson}_user.c" '#include "say.h"' '' \
			'int main(void)' '{' $'\treturn say();' '}'
	done
	c common/say.h 'int say(void);'
	c common/say.c '#include "say.h"' '' 'int say(void)' '{' \
		$'\treturn 0;' '}'
	c headers/zero.h 'enum { ZERO };'
	need one01
	need two01
}

# need LESSON LINE...: its file needs.
need()
{
	printf '%s\n' "# lesson $1" "# $LICENCE" "${@:2}" >"$1/needs"
}

# c FILE LINE...: a C file with its licence.
c()
{
	printf '%s\n' "// $LICENCE" "${@:2}" >"$1"
}

# fine CHECK, minds CHECK TEXT: what tests/style/CHECK.sh makes of the tree.
fine()
{
	run -0 "tests/style/$1.sh"
	[[ $output != *"not ok"* ]]
}

minds()
{
	run -1 "tests/style/$1.sh"
	[[ $output == *"not ok "*"$2"* ]] || {
		printf "no '%s' in:\n%s\n" "$2" "$output" >&2
		return 1
	}
}

# notes CHECK TEXT: it says TEXT, and nothing fails.
notes()
{
	fine "$1"
	[[ $output == *"# note: "*"$2"* ]] || {
		printf "no '%s' in:\n%s\n" "$2" "$output" >&2
		return 1
	}
}

# notes_nothing CHECK
notes_nothing()
{
	fine "$1"
	[[ $output != *"# note: "* ]] || {
		printf '%s\n' "$output" >&2
		return 1
	}
}

@test "a clean tree passes" {
	fine text
	fine shell
	fine format
	fine warnings
	fine rules
	notes_nothing duplicates
	notes_nothing structure
}

@test "text: licence" {
	echo 'int x;' >one01/y.c
	minds text '# one01/y.c'
}

@test "text: blanks, carriage returns, no last newline" {
	c one01/y.c 'int x; '
	minds text 'one01/y.c:2:int x; '
	c one01/y.c $'int x;\r'
	minds text '# one01/y.c'
	c one01/y.c 'int x;'
	printf 'int y;' >>one01/y.c
	minds text '# one01/y.c'
}

@test "text: executable bits" {
	chmod +x one01/xdp_one_user.c
	minds text 'xdp_one_user.c: executable, but without #!'
	chmod -x one01/xdp_one_user.c
	printf '#!/bin/sh\n# %s\n' "$LICENCE" >one01/script
	minds text 'one01/script: has #!, but is not executable'
	chmod +x one01/script
	fine text
}

@test "text: long lines" {
	c one01/y.c "int $(printf 'x%.0s' {1..95});"
	fine text
	c one01/y.c "int $(printf 'x%.0s' {1..96});"
	minds text 'one01/y.c:2: 101 columns'
	c one01/y.c "char *x = \"$(printf 'x%.0s' {1..87})\";"
	fine text
	c one01/y.c "char *x = \"$(printf 'x%.0s' {1..88})\";"
	minds text 'one01/y.c:2: 101 columns'
}

@test "text: #if 0, spelling" {
	c one01/y.c '#if 0' 'int x;' '#endif'
	minds text 'one01/y.c:2:#if 0'
	c one01/y.c '/* rec''ieve */'
	minds text 'one01/y.c:2:'
}

@test "shell: by ending and by shebang" {
	printf '# %s\n# shellcheck shell=sh\necho $1\n' "$LICENCE" >one01/a.sh
	minds shell 'one01/a.sh:3'
	rm one01/a.sh
	printf '#!/bin/sh\n# %s\necho $1\n' "$LICENCE" >one01/tool
	minds shell 'one01/tool:3'
	rm one01/tool
	printf '#!/usr/bin/env bats\n# %s\n@test "x" { ! true; }\n' \
		"$LICENCE" >one01/test.bats
	minds shell 'one01/test.bats:3'
}

@test "format" {
	c one01/y.c 'int f(void) {' '  return 0;' '}'
	minds format 'one01/y.c: 2 places, from line 2'
}

@test "warnings: user side, kernel side, a header that needs another" {
	c one01/y.c 'int f(int unused)' '{' $'\treturn 0;' '}'
	minds warnings 'one01/y.c: clang found something'
	[[ $output == *'one01/y.c: gcc found something'* ]]
	rm one01/y.c
	c common/x.h 'static inline __u32 f(void)' '{' $'\treturn 0;' '}'
	minds warnings 'common/x.h: gcc found something'
	rm common/x.h
	c headers/x.h 'static inline __u32 f(void)' '{' $'\treturn 0;' '}'
	minds warnings 'headers/x.h: '
	rm headers/x.h
	sed -i 's/return XDP_PASS/int x; return XDP_PASS/' one01/xdp_one_kern.c
	minds warnings 'one01/xdp_one_kern.c: '
}

# calls FILE NAME [CALLEE]: the function NAME in FILE, declared in FILE's header.
calls()
{
	local header=${1##*/}

	c "${1%.c}.h" "int $2(void);"
	c "$1" "#include \"${header%.c}.h\"" '' "int $2(void)" '{' \
		$'\t'"return ${3-0};" '}'
}

@test "structure: .c files that call each other in a circle" {
	calls one01/a.c a 'b()'
	calls one01/b.c b 'other->a + CALL(c)'
	calls one01/c.c c
	fine structure
	calls one01/c.c c 'a() + d()'
	calls one01/d.c d
	minds structure '# one01: a.c b.c c.c'
	[[ $output == *'    a.c needs b.c: b()'*'    c.c needs a.c: a()'* ]]
	[[ $output != *'d.c'$'\n'* ]]
	# Comments and what is in quotes call nothing.
	calls one01/c.c c '"a()" /* a() */'
	fine structure
	# A static function of the same name is another one.
	c one01/c.c '#include "c.h"' '' 'static int a(void)' '{' $'\treturn 0;' '}' '' \
		'int c(void)' '{' $'\treturn a();' '}'
	fine structure
	sed -i 's/static int a/int a/' one01/c.c
	calls one01/d.c d 'a()'
	calls one01/b.c b 'c() + d()'
	minds structure '# one01: a.c b.c d.c'
}

@test "structure: circles in common/, between its folders too; in another lesson" {
	mkdir common/net
	calls common/a.c a 'b()'
	calls common/net/b.c b 'a()'
	minds structure '# common: a.c net/b.c'
	rm -r common/net
	calls two01/b.c b 'a()'
	fine structure
}

@test "structure: headers that include each other in a circle" {
	mkdir common/net
	c common/a.h '#include "net/b.h"'
	c common/net/b.h '#include "c.h"' '#include "say.h"'
	fine structure
	c common/net/c.h '#include "a.h"'
	minds structure '# common: a.h net/b.h net/c.h'
	[[ $output == *'    a.h needs net/b.h: #include'* ]]
}

@test "structure: files that comments and READMEs name" {
	mkdir common/net tests/unit
	c common/net/peer.c
	c one01/own.h
	c tests/unit/test_x.c '/* As common/say.c, xdp.c is another; sum.c: no more. */'
	minds structure '# tests/unit/test_x.c:2: no file xdp.c'
	[[ $output == *'tests/unit/test_x.c:2: no file sum.c'* ]]
	rm tests/unit/test_x.c
	c one01/x.c '/* own.h: mine' ' * say.c, zero.h and peer.c: for all' \
		' * net/peer.c, two01/xdp_two_user.c, ../common/say.h: paths' \
		' * <errno.h>, <linux/if.h>, linux/if.h, net/core/dev.c: of others' \
		' * vmlinux.h is made; *_kern.c, STEM_user.c: for several' ' */' \
		'char *name = "none.c"; // a real one: own.h'
	fine structure
	c one01/x.c '/*' ' * owns.h: away' ' */' '// two01/none.c'
	minds structure '# one01/x.c:3: no file owns.h'
	[[ $output == *'# one01/x.c:5: no file two01/none.c'* ]]
	rm one01/x.c
	printf '# %s\n' "$LICENCE" 'see zero.h' 'x.sh: goes' >one01/x.mk
	minds structure '# one01/x.mk:3: no file x.sh'
	rm one01/x.mk
	printf 'In =own.h=, not in none.c, and in =../common/say.c=:\n' >one01/README.org
	fine structure
	echo '=none.c=' >>one01/README.org
	minds structure '# one01/README.org:2: no file none.c'
}

# long LENGTH: a function of so many lines with its braces.
long()
{
	printf 'int f%s(void)\n{\n' "$1"
	yes $'\tx++;' | head -n "$(($1 - 2))"
	printf '}\n'
}

@test "structure: notes on long functions, at most ten lines each" {
	long 100 >headers/y.h
	notes_nothing structure
	long 101 >>headers/y.h
	notes structure 'a function of more than 100 lines: 1'
	[[ $output == *'#   headers/y.h:103: f101: 101 lines'* ]]
	for length in {101..111}; do
		long "$length"
	done >headers/y.h
	notes structure 'more than 100 lines: 11'
	[[ $output == *f110*'#   ... and 1 more'* && $output != *f111* ]]
	NOTES=11 notes structure 'f111'
	[[ $output != *'... and'* ]]
}

@test "structure: notes on public functions with one caller; counts" {
	calls one01/a.c a
	calls one01/b.c b 'a()'
	notes structure 'a public function that one other file calls: 1'
	[[ $output == *'#   one01/a.c: a() is called from b.c only'* ]]
	run -0 tests/style/structure.sh --counts
	[[ $output =~ one01\ +6\ +2\ +1\ +0.*'all but common'\ +9\ +2\ +1\ +0 ]]
	# A test is a second caller.
	c tests/test_a.c 'int x = a();'
	notes_nothing structure
}

@test "rules: includes" {
	local line

	for line in '<stdio.h>' '"say.h"' '"../headers/zero.h"'; do
		printf '#include %s\n' "$line" >one01/bad_kern.c
		minds rules "one01/bad_kern.c:1:$line"
	done
	printf '#include %s\n' '<linux/if_ether.h>' '<xdp/xdp_helpers.h>' \
		'"zero.h"' >one01/bad_kern.c
	fine rules
	rm one01/bad_kern.c
	c one01/y.c '#include "../common/say.h"'
	minds rules 'one01/y.c:2:'
	c one01/y.c '#include "two01/x.h"'
	minds rules 'one01/y.c:2:'
	rm one01/y.c
	c two01/own.h 'int x;'
	c one01/y.c '#include "own.h"'
	minds rules 'one01/y.c:2:'
	rm one01/y.c
	c two01/y.c '#include "own.h"'
	fine rules
}

@test "rules, warnings: folders in common/" {
	mkdir common/net
	c common/net/peer.h 'int peer(void);'
	c common/net/peer.c '#include "net/peer.h"' '#include "peer.h"' \
		'#include "say.h"' '' 'int peer(void)' '{' $'\treturn say();' '}'
	c one01/y.c '#include "net/peer.h"' '' 'int y(void);' 'int y(void)' '{' \
		$'\treturn peer();' '}'
	fine rules
	fine warnings
	sed -i 's|net/||' one01/y.c
	minds rules 'one01/y.c:2:"peer.h"'
	sed -i 's|"peer.h"|"net/none.h"|' one01/y.c
	minds rules 'one01/y.c:2:"net/none.h"'
	rm one01/y.c
	c common/net/y.c '#include "two01/x.h"'
	minds rules 'common/net/y.c:2:'
	c common/net/y.c '#include "../say.h"'
	minds rules 'common/net/y.c:2:'
}

@test "rules: sections and maps" {
	local section

	for section in xdp xdp.frags xdp/devmap tc tp_btf/xdp_redirect .maps \
		license raw_tp/x cgroup/connect4 sk_lookup tracepoint/a/b; do
		printf 'int x SEC("%s");\n' "$section" >one01/x_kern.c
		fine rules
	done
	for section in xdp_foo maps xdp_pass xdp/foo .map connect4; do
		printf 'int x SEC("%s");\n' "$section" >one01/x_kern.c
		minds rules "one01/x_kern.c:1:"
	done
	printf 'struct bpf_map_def x;\n' >one01/x_kern.c
	minds rules 'struct bpf_map_def'
}

@test "needs" {
	printf '| [[file:%s/README.org][%s]] | words |\n' one01 one01 two01 two01 >README.org
	fine needs
	sed -i 1s/two/one/ two01/needs
	minds needs '# two01'
	[[ $output != *'# one01'* ]]
	rm README.org
	printf '\tPROBE("%s", "a feature", try),\n' first second third \
		>common/probe_x.c
	printf '\t{\n\t\t.name = "fourth",\n' >>common/probe_x.c
	need one01 'must first  it reads well' 'part  second  so does this'
	need two01 $'part\tfourth\twith tabs'
	fine needs
	for line in 'maybe first why' 'Must first why' 'must fifth why' \
		'must first' 'must' '' ' must first why' 'must first Why' \
		'must first why.' "must first $(printf 'x%.0s' {1..70})"; do
		need two01 'must second why' "$line"
		minds needs 'two01/needs:4: '
	done
	need two01 'must first why' 'part first why'
	minds needs 'two01/needs:4: first is there twice'
	need two01
	fine needs
	# Probes in a folder of their own.
	mkdir common/probe
	printf '\tPROBE("fifth", "a feature", try),\n' >common/probe/probes_y.c
	need two01 'must fifth why' 'part first why'
	fine needs
	rm common/probe_x.c
	minds needs 'two01/needs:4: no feature "first"'
}

@test "needs: what is asked for" {
	printf '\tPROBE("%s", "a feature", try),\n' first second third \
		>common/probe_x.c
	need one01 'must first why'
	need two01 'part second why'
	for asks in 'README.org:#+begin_src sh :needs jq,third' \
		$'test.bats:\tneed_feature first third' \
		$'test.bats:\tif feature third; then' \
		$'y.c:\treturn probe_explain("third", err);'; do
		printf '%s\n' "${asks#*:}" >"one01/${asks%%:*}"
		minds needs '# one01: third'
		need one01 'must first why' 'part third why'
		fine needs
		need one01 'must first why'
		rm "one01/${asks%%:*}"
	done
}

@test "duplicates" {
	local line=('x'{1..10}'();')

	# Other comments and blanks make no difference.
	c one01/a.c 'int a(void)' "${line[@]}"
	c two01/b.c 'int b(void)' "${line[@]:0:5}" '/* a' ' * comment */' '' \
		"${line[@]:5:5}"
	notes duplicates 'two01/b.c:3: as in one01/a.c:3'
	c two01/b.c 'int b(void)' "${line[@]:0:9}"
	notes_nothing duplicates
	# Twice in one lesson, or in main, is another matter.
	rm two01/b.c
	c one01/b.c 'int b(void)' "${line[@]}"
	notes_nothing duplicates
	c one01/a.c 'int main(int argc, char **argv)' '{' "${line[@]}" '}'
	c two01/b.c 'int main(int argc, char **argv)' '{' "${line[@]}" '}'
	notes_nothing duplicates
	c two01/b.c 'int other(void)' '{' "${line[@]}" '}'
	notes duplicates 'two01/b.c'
	echo '#+FILETAGS: :draft:' >two01/README.org
	notes_nothing duplicates
	rm two01/README.org
	printf 'line\t^x1\\(\t\n' >>tests/style/duplicates.allow
	minds duplicates 'every exception has its reason'
}

# words COUNT LESSON: its README, of so many words.
words()
{
	{
		printf '#+title: not counted\n* One\n'
		printf 'word %.0s' $(seq "$(($1 - 4))")
		printf '\nxdp_%s_kern.c xdp_%s_user.c\n' "${2%01}" "${2%01}"
		printf '\n#+begin_src sh\nnot counted either\n#+end_src\n'
	} >"$2/README.org"
}

@test "prose: READMEs that are short or long" {
	echo x >README.org
	words 700 one01
	words 2500 two01
	notes_nothing prose
	words 699 one01
	notes prose 'one01/README.org: 699 words'
	words 2501 one01
	notes prose 'one01/README.org: 2501 words'
	words 10 one01
	echo '#+FILETAGS: :draft:' >>one01/README.org
	notes_nothing prose
	rm one01/README.org
	minds prose '# one01/README.org'
	words 700 one01
	rm README.org
	minds prose '# README.org'
}

@test "prose: a README names the C files of its lesson" {
	echo x >README.org
	words 700 one01
	words 700 two01
	fine prose
	c one01/say.c
	c one01/say.h
	for text in 'common/say.c' 'xsay.c' 'say.cc' 'say.o' 'my-say.c' 'say_c'; do
		echo "$text, =say.h=" >>one01/README.org
		minds prose '# one01/README.org: no say.c'$'\n'
	done
	for text in '=say.c=' 'say.c.' '[[file:say.c][the file]]' '| say.c |'; do
		words 700 one01
		minds prose '# one01/README.org: no say.c say.h'
		echo "$text, say.h" >>one01/README.org
		fine prose
	done
}

# picture NAME LINE...: in one01's README
picture()
{
	printf '%s\n' "#+name: picture-$1" '#+begin_example' "${@:2}" '#+end_example' \
		>one01/README.org
}

@test "pictures: where they belong, narrow enough, in plain characters" {
	local wide

	echo x >README.org
	export PICTURES='one01/README.org map'
	picture map ' +--+' ' |  |' ' +--+'
	fine pictures
	picture cpumap ' +--+'
	minds pictures '# one01/README.org: no picture-map'
	picture map ' '
	minds pictures '# one01/README.org: no picture-map'
	printf '%s\n' '#+name: picture-map' 'A text.' '#+begin_example' '+--+' '#+end_example' \
		>one01/README.org
	minds pictures '# one01/README.org: no picture-map'
	rm one01/README.org
	minds pictures '# one01/README.org: no picture-map'
	printf -v wide '%*s' 90 '|'
	picture map "$wide"
	fine pictures
	picture map "$wide|"
	minds pictures '# 91 columns: one01/README.org:3:map:'
	picture map $'\t|'
	minds pictures '# one01/README.org:3:map:'
	picture map '┌──┐'
	minds pictures '# one01/README.org:3:map:'
}

# glossary ENTRY...: GLOSSARY.org of them, taught by the lesson a-b.
glossary()
{
	printf -- '- %s ([[file:a-b/README.org][a]]).\n' "$@" >GLOSSARY.org
}

@test "glossary: entries" {
	mkdir a-b
	links 'map' 'X ring'
	minds glossary '# GLOSSARY.org'
	glossary 'map :: a table' 'X ring, ring :: a queue'
	fine glossary
	sed -i 's/ :: a table/ :: a\n  table/' GLOSSARY.org
	fine glossary
	sed -i 's/^  table/  large\n  table/' GLOSSARY.org
	minds glossary '# GLOSSARY.org:1: map'
	glossary 'map :: a table' "X ring :: $(printf 'x%.0s' {1..70})"
	minds glossary '# GLOSSARY.org:2: 112 columns'
	glossary 'map, a table' 'X ring :: a queue'
	minds glossary '# GLOSSARY.org:1: '
	glossary 'X ring :: a queue' 'map :: a table'
	minds glossary '# GLOSSARY.org:2: map behind X ring'
	glossary 'map, x ring :: a table' 'X ring :: a queue'
	minds glossary '# GLOSSARY.org:2: x ring is there twice'
	glossary 'map :: a table' 'X ring :: a queue'
	sed -i '2s/ (.*/./' GLOSSARY.org
	minds glossary '# GLOSSARY.org:2: X ring'
	glossary 'map :: a table' 'X ring :: a queue'
	sed -i '1s/a-b/b-c/' GLOSSARY.org
	minds glossary '# GLOSSARY.org:1: map'
}

# links TEXT...: a-b/README.org with links of such texts.
links()
{
	printf '[[file:../GLOSSARY.org][%s]]\n' "$@" >a-b/README.org
}

@test "glossary: links" {
	mkdir a-b
	glossary 'map :: a table' 'X ring, ring :: a queue'
	links 'Maps' 'rings'
	fine glossary
	links 'map' 'ring' 'table'
	minds glossary '# a-b/README.org:3: "table"'
	links 'map' 'ring' '=X ring='
	minds glossary '# a-b/README.org:3: "=X ring="'
	links 'map' 'ring' 'X rings'
	minds glossary '# a-b/README.org:3: X rings'
	links 'X ring'
	minds glossary '# GLOSSARY.org:1: map'
	links 'map'
	minds glossary '# GLOSSARY.org:2: X ring'
	rm a-b/README.org
	minds glossary '# GLOSSARY.org:1: map'
	for link in '[[file:../GLOSSARY.org]]' $'[[file:../GLOSSARY.org][X\nring]]'; do
		links 'map' 'ring'
		echo "Here $link is." >>a-b/README.org
		minds glossary '# a-b/README.org:3: ""'
	done
}

@test "docs: lists of files, and the time of each lesson" {
	cp -r "$TOP/template" .
	for folder in common headers; do
		printf '%s\n' Before. '# files: begin' '# files: end' After. >"$folder/README.org"
	done
	for lesson in one01 two01; do
		printf '%s\n' "You need: a lab, and about" '30 minutes.' '' 'About 5 minutes.' \
			>"$lesson/README.org"
		echo "| [[file:$lesson/README.org][$lesson]] | 30 min | much |" >>README.org
	done
	minds docs '# common/README.org is stale: run make docs
# headers/README.org is stale: run make docs'
	template/docs.sh
	fine docs
	grep -qx '| =say.h= |  |' common/README.org
	c common/say.h '/* Says it. Or not. */' 'int say(void);'
	minds docs '# common/README.org is stale'
	template/docs.sh
	grep -qx '| =say.h= | Says it |' common/README.org
	grep -qx 'After\.' common/README.org
	c headers/none.h
	minds docs '# headers/README.org is stale'
	sed -i '/^# files: end/d' common/README.org
	minds docs "# error: 'common/README.org' lacks a line '# files: begin' or '# files: end'"
	rm headers/none.h
	echo '# files: end' >>common/README.org
	template/docs.sh
	fine docs
	run -2 template/docs.sh --chek
	[ "$output" = "error: cannot make sense of '--chek' (see --help)" ]

	sed -i 's/^30/40/' one01/README.org
	minds docs '# one01: 40 minutes in its README'
	sed -i '/one01/s/30 min/40 min/' README.org
	fine docs
	sed -i '/minutes/d' two01/README.org
	minds docs '# two01: no minutes in its README'
	echo '#+FILETAGS: :draft:' >>two01/README.org
	fine docs
}

@test "a tool that is missing is a failure that names its package" {
	mkdir bin
	for cmd in bash sed grep find sort dirname xargs tr nproc; do
		ln -s "$(type -P "$cmd")" bin/
	done
	PATH=$TREE/bin run -1 tests/style/shell.sh
	[[ $output == *"install the package shellcheck"* ]]
	PATH=$TREE/bin run -1 tests/style/format.sh
	[[ $output == *"install the package clang-format"* ]]
}
