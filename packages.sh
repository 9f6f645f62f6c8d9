# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# shellcheck shell=sh
#
# What this project needs, and the name of its package on every distribution
# known here. ./configure and ./setup.sh read this file (". ./packages.sh");
# nothing else knows a package's name.
#
# The environment may name another file than /etc/os-release in OS_RELEASE.

# group   build:    without it nothing can be built
#         run:      the lab and the demo
#         optional: lessons that need it are left out without it
#         lesson:   what the READMEs type
#         test:     the test suite
#         vm:       the tests on other kernels (make check-vm)
# check   cmd:NAME  there when a command NAME (or NAME-VERSION) is found
#         pkg       there when the package manager says so
# A dash: the distribution has no such package, or needs none.
package_table() {
	cat <<'TABLE'
#group   thing         check           apt             dnf                   pacman            zypper             apk
build    cc            cmd:cc          gcc             gcc                   gcc               gcc                gcc
build    make          cmd:make        make            make                  make              make               make
build    libc          pkg             libc6-dev       glibc-devel           glibc             glibc-devel        musl-dev
build    kernel        pkg             linux-libc-dev  kernel-headers        linux-api-headers linux-glibc-devel  linux-headers
build    clang         cmd:clang       clang           clang                 clang             clang              clang
build    llvm          cmd:llc         llvm            llvm                  llvm              llvm               llvm
build    libbpf        pkg             libbpf-dev      libbpf-devel          libbpf            libbpf-devel       libbpf-dev
build    libxdp        pkg             libxdp-dev      libxdp-devel          libxdp            libxdp-devel       libxdp-dev
build    libelf        pkg             libelf-dev      elfutils-libelf-devel libelf            libelf-devel       elfutils-dev
build    zlib          pkg             zlib1g-dev      zlib-devel            zlib              zlib-devel         zlib-dev
run      bash          cmd:bash        bash            bash                  bash              bash               bash
run      iproute2      pkg             iproute2        iproute               iproute2          iproute2           iproute2
run      ping          pkg             iputils-ping    iputils               iputils           iputils            iputils
run      util-linux    pkg             util-linux      util-linux            util-linux        util-linux         util-linux
run      mount         cmd:mount       mount           util-linux            util-linux        util-linux         mount
run      procps        pkg             procps          procps-ng             procps-ng         procps             procps
optional bpftool       cmd:bpftool     bpftool         bpftool               bpf               bpftool            bpftool
optional libpcap       pkg             libpcap-dev     libpcap-devel         libpcap           libpcap-devel      libpcap-dev
optional libmicrohttpd pkg             libmicrohttpd-dev libmicrohttpd-devel libmicrohttpd       libmicrohttpd-devel libmicrohttpd-dev
lesson   python3       cmd:python3     python3         python3               python            python3            python3
lesson   tcpdump       cmd:tcpdump     tcpdump         tcpdump               tcpdump           tcpdump            tcpdump
lesson   tc            cmd:tc          iproute2        iproute-tc            iproute2          iproute2           iproute2-tc
lesson   jq            cmd:jq          jq              jq                    jq                jq                 jq
lesson   curl          cmd:curl        curl            curl                  curl              curl               curl
lesson   strace        cmd:strace      strace          strace                strace            strace             strace
lesson   xdp-tools     cmd:xdp-loader  xdp-tools       xdp-tools             xdp-tools         xdp-tools          xdp-tools
lesson   bats          cmd:bats        bats            bats                  bats              bats               bats
test     shellcheck    cmd:shellcheck  shellcheck      ShellCheck            shellcheck        ShellCheck         shellcheck
test     codespell     cmd:codespell   codespell       codespell             codespell         codespell          codespell
test     clang-format  cmd:clang-format clang-format   clang-tools-extra     clang             clang              clang-extra-tools
test     valgrind      cmd:valgrind    valgrind        valgrind              valgrind          valgrind           valgrind
lesson   perl          pkg             perl            perl-Test-Harness     perl              perl               perl-test-harness-utils
test     scapy         pkg             python3-scapy   python3-scapy         scapy             python3-scapy      scapy
test     nc            cmd:nc          netcat-openbsd  nmap-ncat             openbsd-netcat    netcat-openbsd     netcat-openbsd
test     libfuzzer     pkg             libclang-rt-dev compiler-rt           compiler-rt       clang              compiler-rt
test     tshark        cmd:tshark      tshark          wireshark-cli         wireshark-cli     wireshark          tshark
test     iperf3        cmd:iperf3      iperf3          iperf3                iperf3            iperf              iperf3
test     ethtool       cmd:ethtool     ethtool         ethtool               ethtool           ethtool            ethtool
test     sudo          cmd:sudo        sudo            sudo                  sudo              sudo               sudo
vm       qemu          cmd:qemu-system-x86_64 qemu-system-x86 qemu-system-x86-core qemu-system-x86 qemu-x86         qemu-system-x86_64
vm       busybox       pkg             busybox-static  busybox               busybox           busybox-static     busybox-static
vm       cpio          cmd:cpio        cpio            cpio                  cpio              cpio               cpio
vm       kmod          cmd:modprobe    kmod            kmod                  kmod              kmod               kmod
vm       xz            cmd:xz          xz-utils        xz                    xz                xz                 xz
vm       zstd          cmd:zstd        zstd            zstd                  zstd              zstd               zstd
vm       keyring       pkg             debian-archive-keyring -              -                 -                  -
vm       clang-19      cmd:clang-19    clang-19        -                     -                 -                  -
TABLE
}

# os_release KEY: a value of /etc/os-release, without its quotes.
os_release() {
	sed -n "s/^$1=//p" "${OS_RELEASE:-/etc/os-release}" 2>/dev/null |
		sed "s/^[\"']//; s/[\"']\$//; 1q"
}

# package_manager: apt, dnf, pacman, zypper or apk; fails on a distribution
# that is not known here.
package_manager() {
	for id in $(os_release ID) $(os_release ID_LIKE); do
		case $id in
		debian | ubuntu) echo apt ;;
		fedora | rhel | centos) echo dnf ;;
		arch) echo pacman ;;
		suse | opensuse | opensuse-*) echo zypper ;;
		alpine) echo apk ;;
		*) continue ;;
		esac
		return 0
	done
	return 1
}

# package_column MANAGER: the table as lines "group thing check package".
# An unknown manager gets Debian's names.
package_column() {
	package_table | awk -v manager="$1" -v id="$(os_release ID)" '
		/^#/ {
			for (i = 4; i <= NF; i++)
				if ($i == manager)
					column = i
			if (!column)
				column = 4
			next
		}
		# Ubuntu packs bpftool with its kernel tools.
		$2 == "bpftool" && id == "ubuntu" { $column = "linux-tools-generic" }
		$column != "-" { print $1, $2, $3, $column }'
}

# package_name THING: what its package is called here.
package_name() {
	package_column "$(package_manager)" |
		awk -v thing="$1" '$2 == thing { print $4 }'
}

# install_command MANAGER: what installs packages there and asks nothing.
install_command() {
	case $1 in
	apt) echo "apt-get install -y --no-install-recommends" ;;
	dnf) echo "dnf install -y --setopt=install_weak_deps=False" ;;
	pacman) echo "pacman -S --needed --noconfirm" ;;
	zypper) echo "zypper --non-interactive install --no-recommends" ;;
	apk) echo "apk add --no-interactive" ;;
	*) return 1 ;;
	esac
}

# find_command NAME: prints NAME if it can be run, else the NAME-VERSION that
# has the highest version; fails if there is none.
find_command() {
	if command -v "$1" >/dev/null 2>&1; then
		echo "$1"
		return 0
	fi
	found=$(
		IFS=:
		for dir in $PATH; do
			for file in "${dir:-.}/$1"-[0-9]*; do
				[ -f "$file" ] && [ -x "$file" ] && echo "${file##*/}"
			done
		done | grep -x "$1-[0-9.]*" | sed "s/^$1-//" | sort -n | tail -n 1
	)
	[ -n "$found" ] && echo "$1-$found"
}
