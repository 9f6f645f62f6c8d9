#!/bin/sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# From a fresh machine to the demo, or with "check" to the tests, with "check-vm" to
# those in virtual machines: installs what is missing, configures, builds, runs. It
# may be run again at any time and then does only what is still to be done. It never
# asks anything.
#
# shellcheck disable=SC2086 # lists of packages are words, to be split

cd "$(dirname "$0")" || exit 1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH
exec </dev/null
# shellcheck source=packages.sh disable=SC1091
. ./packages.sh

usage() {
	cat <<'USAGE'
usage: ./setup.sh [check [--only-failed] | check-all | check-vm | help]

  ./setup.sh        install the packages that are missing, ./configure, make,
                    and watch the lessons work (make demo)
  ./setup.sh check  the same with the packages of the tests; then test the
                    lessons instead of the demo (as make check does): six
                    minutes on two processors; with --only-failed again what
                    failed last
  ./setup.sh check-all
                    run also the tests that take long: exports, rebuilds,
                    faults, floods, figures (as make check-all does)
  ./setup.sh check-vm
                    the same with qemu, and what else it takes to run the
                    tests on stock kernels in virtual machines (as make
                    check-vm does, which KERNEL, TESTS and others tell
                    what: tests/vm/check-vm --help)

Needs root, or a sudo that asks for no password. CC, CLANG and the other
names that ./configure --help lists are passed on to it; what they name is
not installed. OS_RELEASE names another file than /etc/os-release.
Exit status: 0 all well, 1 something failed, 2 bad argument.
USAGE
}

say() {
	echo "==> $*"
}

warn() {
	echo "warning: $*" >&2
}

die() {
	echo "error: $*" >&2
	exit 1
}

# as_root COMMAND...: the one place that knows about sudo.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

# Before anything is done: it would be found out half way otherwise.
need_root() {
	[ "$(id -u)" = 0 ] && return
	command -v sudo >/dev/null ||
		die "must be root: there is no sudo here, log in as root"
	sudo -n true 2>/dev/null ||
		die "must be root: run it as 'sudo ./setup.sh'"
}

# Who calls this by sudo wants to build without it later on: what root made
# in a tree of theirs is given to them at the end.
give_back() {
	[ "$(id -u)" = 0 ] && [ "${SUDO_UID:-0}" != 0 ] || return 0
	[ -n "$(find . -maxdepth 0 -user "$SUDO_UID")" ] || return 0
	find . -path ./.git -prune -o -user 0 \
		-exec chown -h "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" {} +
}

# chosen THING: true if the environment names it for ./configure.
chosen() {
	case $1 in
	cc) [ -n "$CC" ] ;;
	clang) [ -n "$CLANG" ] ;;
	llvm) [ -n "$LLC" ] && [ -n "$LLVM_OBJDUMP" ] ;;
	bpftool) [ -n "$BPFTOOL" ] ;;
	*) false ;;
	esac
}

# installed PACKAGE: asks the package manager, which stays off the network.
installed() {
	case $manager in
	apt)
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" \
			2>/dev/null)" = installed ]
		;;
	dnf | zypper) rpm -q --whatprovides "$1" >/dev/null 2>&1 ;;
	pacman) pacman -T "$1" >/dev/null 2>&1 ;;
	apk) apk info -e "$1" >/dev/null 2>&1 ;;
	esac
}

# missing_of GROUP...: the packages of these groups that are not there.
missing_of() {
	package_column "$manager" | while read -r group thing check package; do
		case " $* " in
		*" $group "*) ;;
		*) continue ;;
		esac
		chosen "$thing" && continue
		case $check in
		cmd:*) find_command "${check#cmd:}" >/dev/null ;;
		*) installed "$package" ;;
		esac || echo "$package"
	done | sort -u | tr '\n' ' '
}

# Fetches the lists of what can be installed, where that is a step of its own.
refresh() {
	case $manager in
	apt) set -- apt-get -q update ;;
	pacman) set -- pacman -Sy --noconfirm ;;
	zypper) set -- zypper --non-interactive refresh ;;
	apk) set -- apk update ;;
	*) return 0 ;;
	esac
	say "fetching the package lists ($*)"
	as_root "$@" || warn "cannot fetch all package lists, trying without"
}

install() {
	# shellcheck disable=SC2046 # the command is several words
	as_root env DEBIAN_FRONTEND=noninteractive \
		$(install_command "$manager") "$@"
}

# What the build and the demo cannot do without has to be there; of the rest
# a distribution may lack this or that, and then a lesson or a test says so.
install_missing() {
	required=$(missing_of build run)
	wanted=$(missing_of "$@")
	if [ -z "$required$wanted" ]; then
		say "packages: all are there, none to install"
		return
	fi
	refresh
	if [ -n "$required" ]; then
		say "installing ${required% }"
		install $required ||
			die "cannot install ${required% } (see the lines above)"
	fi
	if [ -n "$wanted" ]; then
		say "installing ${wanted% }"
		install $wanted || install_one_by_one $wanted
	fi
}

install_one_by_one() {
	for package in "$@"; do
		say "installing $package"
		install "$package" ||
			warn "cannot install '$package', going on without it"
	done
}

# The list for those whose distribution is not known here.
list_packages() {
	echo "error: unknown distribution '$(os_release ID)': install these by" \
		"their names there, then run ./configure && make" >&2
	package_column none | while read -r group thing _ package; do
		case " $* " in
		*" $group "*) echo "  $thing (Debian: $package)" >&2 ;;
		esac
	done
}

processors() {
	nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
}

build() {
	say "looking for compilers and libraries (./configure)"
	./configure || exit 1
	say "building the lessons (make)"
	make -j "$(processors)" || die "the build failed"
}

run_demo() {
	say "showing the lessons at work (make demo)"
	as_root make demo || die "the demo failed"
	say "all is set up: open README.org, or run ./setup.sh check"
}

# Not by make check: make would have the last word where a test fails.
run_tests() {
	say "building the tests (make tests-build)"
	make -j "$(processors)" tests-build || die "the tests do not build"
	say "running the tests (tests/run.sh${*:+ $*})"
	as_root tests/run.sh "$@"
}

# Other kernels, in virtual machines.
run_vm_tests() {
	say "building the tests (make tests-build)"
	make -j "$(processors)" tests-build || die "the tests do not build"
	say "running the tests on other kernels (tests/vm/check-vm)"
	as_root env KERNEL="${KERNEL-}" TESTS="${TESTS-}" TAG="${TAG-}" \
		MIRROR="${MIRROR-}" CLANG_VM="${CLANG_VM-}" \
		VM_TIMEOUT="${VM_TIMEOUT-}" tests/vm/check-vm
}

case $#:$* in
0:) groups="optional lesson" ;;
1:check | 1:check-all | "2:check --only-failed") groups="optional lesson test" ;;
1:check-vm) groups="optional lesson test vm" ;;
1:help | 1:-h | 1:--help) usage; exit 0 ;;
*) echo "error: bad argument '$*', see ./setup.sh help" >&2; exit 2 ;;
esac
if ! manager=$(package_manager); then
	list_packages build run $groups
	exit 1
fi
need_root
trap give_back EXIT
trap 'exit 130' HUP INT TERM
install_missing $groups
build
case ${1-} in
check)
	shift
	run_tests "$@"
	;;
check-all) run_tests --all ;;
check-vm) run_vm_tests ;;
*) run_demo ;;
esac
