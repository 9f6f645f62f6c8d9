#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# ./configure: what it finds, what it is told, what it says is missing.
# A thing is missing when a compiler that knows nothing of it is in charge.

# bats file_tags=slow

load build

setup()
{
	tree="$BATS_TEST_TMPDIR/a tree"
	bin="$BATS_TEST_TMPDIR/bin"
	mkdir -p "$tree" "$bin" "$BATS_TEST_TMPDIR/tmp"
	cp "$TOP/configure" "$TOP/packages.sh" "$tree"
	cd "$tree" || return
	# Nothing may be left in the folder for temporary files.
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	export OS_RELEASE=$BATS_TEST_TMPDIR/os-release
	echo ID=debian >"$OS_RELEASE"
}

teardown()
{
	left=$(find "$BATS_TEST_TMPDIR/tmp" -mindepth 1
		find "$tree" -name 'config.mk?*')
	[ -z "$left" ] || fail "left behind: $left"
}

# value NAME: what config.mk says.
value()
{
	sed -n "s/^$1 := *//p" config.mk
}

# blind_cc REGEX: a compiler in the place of cc that cannot find what has it,
# among its arguments or in a line of the source that includes something.
blind_cc()
{
	script "$bin/blind-cc" <<-END
		#!/bin/bash
		for word in "\$@"; do
			if [[ \$word =~ $1 ]] || { [[ \$word == *.c ]] &&
			     grep -qE '#include.*($1)' "\$word"; }; then
				echo "error: cannot find $1" >&2
				exit 1
			fi
		done
		exec cc "\$@"
	END
	export CC="$bin/blind-cc"
}

# hide COMMAND...: a PATH where these (and their versioned names) are not.
hide()
{
	local dir name

	mkdir "$bin/all"
	for dir in /usr/bin $([ -L /bin ] || echo /bin); do
		ln -sf "$dir"/* "$bin/all"
	done
	for name in "$@"; do
		rm -f "$bin/all/$name" "$bin/all/$name"-[0-9]*
	done
	# shellcheck disable=SC2123 # the search path is what is meant
	PATH=$bin/all
}

# packages_missing: the packages named as missing, one a line.
packages_missing()
{
	sed -n 's/.*error: missing: .*(package \(.*\))$/\1/p' <<<"$output"
}

@test "configure finds everything and writes config.mk" {
	run -0 ./configure
	has "checking clang ... "
	[[ $output =~ "checking libbpf ... "[1-9]+\.[0-9] ]] || fail "no version"
	[[ $output =~ "checking libxdp ... "1\.[0-9] ]] || fail "no version"
	has "config.mk is written"
	[ "$(value CC)" = cc ]
	[ -n "$(value CLANG)" ]
	[ "$(value LIB_LIBS)" = "-lxdp -lbpf -lelf -lz" ]
	[[ $(value BPF_TARGET_ARCH) =~ ^(x86|arm64)$ ]]
	[ "$(value BPF_CPU)" = -mcpu=v3 ]
	[ "$(value PKG_bpftool)" = bpftool ]
	[ "$(value PKG_libpcap)" = libpcap-dev ]
	[ "$(value PKG_libmicrohttpd)" = libmicrohttpd-dev ]
	# Nothing but comments and assignments is in it.
	run -1 grep -vE '^(#.*|[A-Za-z_]+ :=.*)$' config.mk
}

@test "what configure writes says how to make it again" {
	./configure EXTRA_CFLAGS='-O1 -DA=1' CC=gcc >/dev/null
	cp config.mk before
	eval "$(sed -n 's/^# Made by.*anew: //p' config.mk)" >/dev/null
	diff before config.mk
}

@test "clang, llc and llvm-objdump are of one version" {
	./configure >/dev/null
	run -0 bash -c "for tool in $(value CLANG) $(value LLC) \
		$(value LLVM_OBJDUMP); do
		\$tool --version | grep -oE 'version [0-9]+' | head -n 1
	done | sort -u | wc -l"
	[ "$output" -eq 1 ]
}

@test "versioned names are found where there are no others" {
	clang=$(command -v clang) && llc=$(command -v llc) || skip "no clang"
	major=$(clang --version | grep -oE 'version [0-9]+' | head -n 1)
	major=${major#version }
	hide clang llc llvm-objdump
	ln -s "$clang" "$bin/all/clang-$major"
	ln -s "$llc" "$bin/all/llc-$major"
	run -0 ./configure
	[ "$(value CLANG)" = "clang-$major" ]
	[ "$(value LLC)" = "llc-$major" ]
	# This one is found beside clang itself.
	[[ $(value LLVM_OBJDUMP) == */llvm-objdump ]]
}

@test "every shell makes the same config.mk" {
	sh ./configure >/dev/null
	cp config.mk wanted
	for shell in dash "bash --posix" "busybox sh"; do
		command -v "${shell%% *}" >/dev/null || continue
		rm config.mk
		$shell ./configure >/dev/null
		diff wanted config.mk
	done
}

@test "configure works from another folder" {
	cd /
	"$tree/configure" >/dev/null
	[ -s "$tree/config.mk" ]
}

@test "names are taken from the environment and from arguments" {
	for name in cc clang pkg-config bpftool; do
		path=$(PATH=$PATH:/usr/sbin command -v $name) || continue
		printf '#!/bin/sh\nexec %s "$@"\n' "$path" | script "$bin/my-$name"
	done
	for name in llc llvm-objdump; do
		path=$(command -v $name)
		printf '#!/bin/sh\nexec %s "$@"\n' "$path" | script "$bin/my-$name"
	done
	PATH=$bin:$PATH
	set -- CC=my-cc CLANG=my-clang LLC=my-llc LLVM_OBJDUMP=my-llvm-objdump \
		PKG_CONFIG=my-pkg-config EXTRA_CFLAGS='-DNICE=1 -O1'
	[ ! -e "$bin/my-bpftool" ] || set -- "$@" BPFTOOL=my-bpftool
	run -0 ./configure "$@"
	for name in "$@"; do
		[ "$(value "${name%%=*}")" = "${name#*=}" ] || fail "$name"
	done
	mv config.mk by-argument
	run -0 env "$@" ./configure
	diff by-argument config.mk
}

@test "signs that mean something to make survive" {
	# shellcheck disable=SC2016 # the dollar sign is the point
	./configure 'EXTRA_CFLAGS=-DPRICE=$5 -DNOTE=#1' >/dev/null
	# shellcheck disable=SC2016
	printf 'include config.mk\nall:; $(info $(EXTRA_CFLAGS))@:\n' >Makefile
	run -0 make -s
	# shellcheck disable=SC2016
	has '-DPRICE=$5 -DNOTE=#1'
}

@test "bad options and names are refused with status 2" {
	for bad in --prefix=/usr -x FOO=1 install CFLAGS; do
		run -2 ./configure "$bad"
		has "error: unknown"
		has "'${bad%%=*}"
		[ "${#lines[@]}" -eq 1 ]
		[ ! -e config.mk ]
	done
}

@test "--help tells every name and does nothing" {
	run -0 ./configure --help
	for name in CC CLANG LLC PKG_CONFIG BPFTOOL EXTRA_CFLAGS OS_RELEASE; do
		has "  $name "
	done
	[ ! -e config.mk ]
}

@test "one thing missing: exactly its package is named" {
	while read -r regex package; do
		blind_cc "$regex"
		run -1 ./configure
		[ "$(packages_missing)" = "$package" ] || fail "$regex: $package"
		has " $package"
		[ ! -e config.mk ]
	done <<-END
		^-lxdp\$ libxdp-dev
		xdp/libxdp.h|^-lxdp\$ libxdp-dev
		^-lbpf\$|bpf/libbpf.h|xdp/libxdp.h libbpf-dev
		^-lelf\$ libelf-dev
		^-lz\$ zlib1g-dev
	END
}

@test "no clang: named, and what hangs on it is not" {
	hide clang
	run -1 ./configure
	has "checking clang ... missing"
	[ "$(packages_missing)" = clang ] || fail "names"
}

@test "no llc: named" {
	hide llc llvm-objdump
	script "$bin/my-clang" <<-END
		#!/bin/sh
		case \$1 in -print-prog-name*) echo none; exit ;; esac
		exec clang "\$@"
	END
	CLANG=$bin/my-clang run -1 ./configure
	[ "$(packages_missing)" = llvm ] || fail "names"
}

@test "no C compiler: named" {
	hide cc gcc clang
	run -1 ./configure
	has "checking C compiler ... missing"
	has "checking libxdp ... cannot be tried without a C compiler"
	has "(package gcc)"
	has_no "(package libxdp-dev)"
}

@test "a compiler that was asked for and does not work is not replaced" {
	for name in CC CLANG LLC; do
		run -1 ./configure $name=/no/such
		has "'/no/such'"
		[ ! -e config.mk ]
	done
}

@test "no kernel headers for BPF: named" {
	script "$bin/my-clang" <<-END
		#!/bin/sh
		for word; do
			case \$word in *.c) grep -q linux/ "\$word" && exit 1 ;; esac
		done
		exec clang "\$@"
	END
	CLANG=$bin/my-clang run -1 ./configure
	[ "$(packages_missing)" = linux-libc-dev ] || fail "names"
}

@test "everything missing: all is named at once, for each distribution" {
	blind_cc '^-lxdp$|^-lbpf$|^-lelf$|^-lz$|xdp/|bpf/|elf.h|zlib.h'
	hide clang llc llvm-objdump
	while read -r id wanted; do
		echo "ID=$id" >"$OS_RELEASE"
		run -1 ./configure
		[ "$(packages_missing | sort | paste -sd ' ')" = "$wanted" ] ||
			fail "$id"
		last=${lines[${#lines[@]} - 1]}
		[[ $last == "install with: "* ]] || fail "no command"
		for package in $wanted; do
			[[ "$last " == *" $package "* ]] || fail "$package"
		done
	done <<-END
		debian clang libbpf-dev libelf-dev libxdp-dev llvm zlib1g-dev
		fedora clang elfutils-libelf-devel libbpf-devel libxdp-devel llvm zlib-devel
		arch clang libbpf libelf libxdp llvm zlib
		opensuse-tumbleweed clang libbpf-devel libelf-devel libxdp-devel llvm zlib-devel
		alpine clang elfutils-dev libbpf-dev libxdp-dev llvm zlib-dev
	END
}

@test "an unknown distribution: names things, gives no command" {
	echo ID=plan9 >"$OS_RELEASE"
	blind_cc '^-lxdp$'
	run -1 ./configure
	has "missing: libxdp"
	has_no "install with"
}

@test "a libbpf before 1.0 is refused with its version" {
	mkdir old
	cp -r /usr/include/bpf old
	sed -i 's/^\(#define LIBBPF_MAJOR_VERSION\).*/\1 0/
		s/^\(#define LIBBPF_MINOR_VERSION\).*/\1 8/' old/bpf/libbpf_version.h
	run -1 ./configure EXTRA_CFLAGS="-Iold"
	has "checking libbpf ... 0.8 is too old (needs 1.0)"
	has "error: libbpf 0.8 is too old, needs 1.0 (package libbpf-dev)"
	[ ! -e config.mk ]
}

@test "a libxdp before 1.3 is refused" {
	mkdir old
	cp -r /usr/include/xdp old
	sed -i '/xdp_program__create/d' old/xdp/libxdp.h
	run -1 ./configure EXTRA_CFLAGS="-Iold -Werror=implicit"
	has "is too old (needs 1.3)"
	has "error: libxdp "
	has "(package libxdp-dev)"
}

@test "a failure leaves the old config.mk as it was" {
	echo "# precious" >config.mk
	run -1 ./configure CC=/no/such
	[ "$(cat config.mk)" = "# precious" ]
}

@test "the same answer leaves config.mk alone, another one replaces it" {
	./configure >/dev/null
	before=$(files .)
	run -0 ./configure
	has "config.mk is up to date"
	[ "$(files .)" = "$before" ]
	run -0 ./configure EXTRA_CFLAGS=-O1
	has "config.mk is written"
	[ "$(files .)" != "$before" ]
	# Make wants it newer than configure.
	sleep 0.01
	touch configure
	run -0 ./configure EXTRA_CFLAGS=-O1
	has "config.mk is written"
}

@test "what is optional and missing is named, and nothing stops" {
	blind_cc '^-l(pcap|microhttpd)$'
	printf '#!/bin/sh\nexit 1\n' | script "$bin/bpftool"
	BPFTOOL=$bin/bpftool run -0 ./configure
	has "checking bpftool ... missing (optional, package bpftool)"
	has "checking libpcap ... missing (optional, package libpcap-dev)"
	has "checking libmicrohttpd ... "
	has " cannot be used (optional, 0.9.71 or later)"
	[ -z "$(value HAVE_BPFTOOL)$(value HAVE_LIBPCAP)$(value PCAP_LIBS)" ]
	[ -z "$(value HAVE_LIBMICROHTTPD)$(value MHD_LIBS)" ]
	# And the other way round.
	printf '#!/bin/sh\necho bpftool v9.9\n' | script "$bin/bpftool"
	BPFTOOL=$bin/bpftool run -0 ./configure
	has "checking bpftool ... 9.9"
	[ "$(value HAVE_BPFTOOL)" = y ]
}

@test "a clang without -mcpu=v3 is used without" {
	script "$bin/old-clang" <<-'END'
		#!/bin/sh
		for word; do
			[ "$word" != -mcpu=v3 ] || { echo "no v3" >&2; exit 1; }
		done
		exec clang "$@"
	END
	run -0 ./configure "CLANG=$bin/old-clang"
	has "checking clang -mcpu=v3 ... no, goes without"
	[ -z "$(value BPF_CPU)" ]
}

@test "pkg-config is only asked for what the compiler does not find" {
	# A compiler that finds zlib only when told where it is.
	script "$bin/my-cc" <<-'END'
		#!/bin/bash
		[[ " $* " != *" -lz "* || " $* " == *" -L/hint "* ]] || exit 1
		exec cc "$@"
	END
	script "$bin/my-pkg-config" <<-'END'
		#!/bin/sh
		case "$1 $2" in
		"--libs zlib") echo "-L/hint -lz" ;;
		"--cflags zlib") echo "-I/hint" ;;
		*) exit 1 ;;
		esac
	END
	run -0 ./configure CC="$bin/my-cc" PKG_CONFIG="$bin/my-pkg-config"
	[ "$(value LIB_LIBS)" = "-lxdp -lbpf -lelf -L/hint -lz" ]
	[ "$(value LIB_CFLAGS)" = "-I/hint" ]
	# And without any pkg-config.
	run -0 ./configure PKG_CONFIG=/no/such
	has "checking libxdp ... 1.3 or later"
}

@test "configure that is interrupted leaves nothing" {
	printf '#!/bin/sh\nsleep 5\n' | script "$bin/slow-cc"
	setsid ./configure CC="$bin/slow-cc" >/dev/null 2>&1 &
	sleep 0.3
	kill -TERM -- "-$!"
	rc=0
	wait "$!" || rc=$?
	[ "$rc" -ne 0 ]
	[ ! -e config.mk ]
}

@test "the headers of every protocol compile for BPF" {
	./configure >/dev/null
	for header in if_ether ip ipv6 icmp icmpv6 in in6 udp tcp if_packet; do
		echo "#include <linux/$header.h>"
	done >"$BATS_TEST_TMPDIR/protocols.c"
	# shellcheck disable=SC2046 # flags are words
	$(value CLANG) -O2 -target bpf -Werror $(value BPF_INCLUDES) \
		-c "$BATS_TEST_TMPDIR/protocols.c" \
		-o "$BATS_TEST_TMPDIR/protocols.o"
}
