// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Which tools there should be. */
#include <stddef.h>

#include "doctor_tools.h"

const struct wanted_tool wanted_tools[] = {
	{ "cc", "CC", "--version", "cc", "all", "build", true },
	{ "make", NULL, "--version", "make", "all", "build", true },
	{ "clang", "CLANG", "--version", "clang", "all", "build", true },
	{ "llc", "LLC", "--version", "llvm", "basic01-xdp-pass", "build", true },
	{ "llvm-objdump", "LLVM_OBJDUMP", "--version", "llvm", "basic01-xdp-pass", "build", true },
	{ "bpftool", "BPFTOOL", "version", "bpftool", "basic05-skeleton-globals",
	  "look at programs and maps", false },
	{ "bash", NULL, "--version", "bash", "all", "lab", true },
	{ "ip", NULL, "-V", "iproute2", "all", "lab", true },
	{ "ping", NULL, "-V", "ping", "all", "lab", true },
	{ "unshare", NULL, "--version", "util-linux", "", "demo and tests", false },
	{ "tc", NULL, "-V", "tc", "", "tests", false },
	{ "tcpdump", NULL, "--version", "tcpdump", "testing01-prog-run", "look at packets", false },
	{ "xdp-loader", NULL, "status --version", "xdp-tools", "", "tests", false },
	{ "ethtool", NULL, "--version", "ethtool", "", "tests", false },
	{ "strace", NULL, "-V", "strace", "basic01-xdp-pass", "look at system calls", false },
	{ "bats", NULL, "--version", "bats", "", "tests", false },
	{ "jq", NULL, "--version", "jq", "", "tests", false },
	{ "python3", NULL, "--version", "python3", "", "tests", false },
	{ "shellcheck", NULL, "--version", "shellcheck", "", "tests", false },
	{ "codespell", NULL, "--version", "codespell", "", "tests", false },
	{ "clang-format", NULL, "--version", "clang-format", "", "tests", false },
	{ "valgrind", NULL, "--version", "valgrind", "", "tests", false },
	{ 0 },
};
