// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The tools and libraries, their versions, and the packages they come in. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "command.h"
#include "doctor.h"

/* The tools that the lessons, the lab and the tests run. */
static const struct tool {
	const char *name;
	const char *setting; /* what config.mk calls it, or NULL */
	const char *version_args; /* that make it print its version */
	const char *package; /* its name in packages.sh */
	bool everywhere; /* for all lessons; else for those that run it */
	const char *purpose;
	bool basic; /* the basic lessons need it */
} tools[] = {
	{ "cc", "CC", "--version", "cc", true, "build", true },
	{ "make", NULL, "--version", "make", true, "build", true },
	{ "clang", "CLANG", "--version", "clang", true, "build", true },
	{ "llc", "LLC", "--version", "llvm", false, "build", true },
	{ "llvm-objdump", "LLVM_OBJDUMP", "--version", "llvm", false, "build", true },
	{ "bpftool", "BPFTOOL", "version", "bpftool", false, "look at programs and maps", false },
	{ "bash", NULL, "--version", "bash", true, "lab", true },
	{ "ip", NULL, "-V", "iproute2", true, "lab", true },
	{ "ping", NULL, "-V", "ping", true, "lab", true },
	{ "unshare", NULL, "--version", "util-linux", false, "demo and tests", false },
	{ "tc", NULL, "-V", "tc", false, "tests", false },
	{ "tcpdump", NULL, "--version", "tcpdump", false, "look at packets", false },
	{ "tshark", NULL, "--version", "tshark", false, "look at packets", false },
	{ "editcap", NULL, "--version", "tshark", false, "change capture files", false },
	{ "xdp-loader", NULL, "status --version", "xdp-tools", false, "load programs", false },
	{ "ethtool", NULL, "--version", "ethtool", false, "tests", false },
	{ "strace", NULL, "-V", "strace", false, "look at system calls", false },
	{ "bats", NULL, "--version", "bats", false, "tests", false },
	{ "jq", NULL, "--version", "jq", false, "read JSON", false },
	{ "curl", NULL, "--version", "curl", false, "ask web servers", false },
	{ "iperf3", NULL, "--version", "iperf3", false, "send much by TCP", false },
	{ "python3", NULL, "--version", "python3", false, "a web server; tests", false },
	{ "sudo", NULL, "--version", "sudo", false, "work as an ordinary user", false },
	{ "shellcheck", NULL, "--version", "shellcheck", false, "tests", false },
	{ "codespell", NULL, "--version", "codespell", false, "tests", false },
	{ "clang-format", NULL, "--version", "clang-format", false, "tests", false },
	{ "valgrind", NULL, "--version", "valgrind", false, "tests", false },
};

/* What ./configure has chosen; @value stays where it has not. Whether it was run. */
static bool read_setting(const char *top, const char *name, char *value, size_t size)
{
	char path[PATH_MAX + 16], line[512];
	size_t len = strlen(name);
	FILE *file;

	if (!*top)
		return false;
	snprintf(path, sizeof(path), "%s/config.mk", top);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, len) || strncmp(line + len, " := ", 4))
			continue;
		line[strcspn(line, "\n")] = '\0';
		if (line[len + 4])
			snprintf(value, size, "%s", line + len + 4);
	}
	fclose(file);
	return true;
}

/* Keep the first line of @text that has a digit, or the first one. */
static void keep_version_line(char *text)
{
	char *line, *next;

	for (line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (strcspn(line, "0123456789") < (size_t)(next - line))
			break;
		next += *next == '\n';
	}
	if (!*line)
		line = text;
	line[strcspn(line, "\n")] = '\0';
	line += strspn(line, " \t");
	memmove(text, line, strlen(line) + 1);
}

/* What this distribution calls it: packages.sh knows. */
static void name_package(const char *top, const char *package, char *remedy, size_t size)
{
	char path[PATH_MAX + 16], name[128];
	const char *const argv[] = { "sh",    "-c", ". \"$1\" && package_name \"$2\"", "sh", path,
				     package, NULL };

	snprintf(path, sizeof(path), "%s/packages.sh", top);
	if (!*top || command_run(argv, name, sizeof(name)))
		*name = '\0';
	name[strcspn(name, "\n")] = '\0';
	/* More than a word is a complaint of the shell. */
	if (!*name || strpbrk(name, " :"))
		snprintf(name, sizeof(name), "%s", package);
	snprintf(remedy, size, "install the package %s", name);
}

/* Why it cannot be run, unless it has said so itself. */
static void explain_status(int status, char *said, size_t size)
{
	if (status < 0)
		snprintf(said, size, "%s", strerror(-status));
	else if (!*said && status > COMMAND_SIGNAL)
		snprintf(said, size, "signal %d", status - COMMAND_SIGNAL);
	else if (!*said)
		snprintf(said, size, "exit status %d", status);
}

static void examine_tool(struct doctor *doctor, const struct tool *tool)
{
	struct finding found = {
		.group = "tool",
		.name = tool->name,
		.basic = tool->basic,
		.must = tool->everywhere,
	};
	char command[PATH_MAX], said[256];
	int status;

	if (tool->everywhere)
		strcpy(found.lessons, "all");
	else
		lessons_that_run(&doctor->lessons, tool->name, found.lessons);
	snprintf(command, sizeof(command), "%s", tool->name);
	if (tool->setting)
		read_setting(doctor->top, tool->setting, command, sizeof(command));
	snprintf(command + strlen(command), sizeof(command) - strlen(command), " %s",
		 tool->version_args);
	status = command_run_line(command, said, sizeof(said));
	keep_version_line(said);
	/* xdp-loader prints it, and fails. */
	found.works = !status || (status == 1 && strstr(said, " version "));
	if (!found.works)
		explain_status(status, said, sizeof(said));
	if (found.works)
		snprintf(found.text, sizeof(found.text), "%s", said);
	else if (status == -ENOENT)
		snprintf(found.text, sizeof(found.text), "not installed (for: %s)", tool->purpose);
	else
		snprintf(found.text, sizeof(found.text), "cannot be run (for: %s): %s",
			 tool->purpose, said);
	if (!found.works)
		name_package(doctor->top, tool->package, found.remedy, sizeof(found.remedy));
	doctor->report(doctor, &found);
}

/* This command is linked with them, so they are there. */
static void examine_libraries(struct doctor *doctor)
{
	struct finding libbpf = { .group = "tool", .name = "libbpf", .works = 1, .lessons = "all" };
	struct finding libxdp = { .group = "tool", .name = "libxdp", .works = 1, .lessons = "all" };

	snprintf(libbpf.text, sizeof(libbpf.text), "%s", libbpf_version_string());
	if (command_run_line("pkg-config --modversion libxdp", libxdp.text, sizeof(libxdp.text)))
		snprintf(libxdp.text, sizeof(libxdp.text), "there, in a version it does not tell");
	keep_version_line(libxdp.text);
	doctor->report(doctor, &libbpf);
	doctor->report(doctor, &libxdp);
}

/* What ./configure has found of those that not all lessons are built with. */
static void examine_optional(struct doctor *doctor, const char *name, const char *setting)
{
	struct finding found = { .group = "tool", .name = name };
	char have[8] = "";

	if (!read_setting(doctor->top, setting, have, sizeof(have)))
		found.works = -ENOENT;
	else
		found.works = *have != '\0';
	snprintf(found.text, sizeof(found.text), "%s",
		 found.works > 0 ? "there" :
		 found.works	 ? "not looked for" :
				   "not found");
	snprintf(found.remedy, sizeof(found.remedy), "run ./configure");
	if (!found.works)
		name_package(doctor->top, name, found.remedy, sizeof(found.remedy));
	if (!found.works)
		strcat(found.remedy, ", then run ./configure and make");
	lessons_built_with(&doctor->lessons, name, found.lessons);
	doctor->report(doctor, &found);
}

void doctor_tools(struct doctor *doctor)
{
	size_t i;

	examine_libraries(doctor);
	examine_optional(doctor, "libpcap", "HAVE_LIBPCAP");
	examine_optional(doctor, "libmicrohttpd", "HAVE_LIBMICROHTTPD");
	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		examine_tool(doctor, &tools[i]);
}
