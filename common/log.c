// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Messages, and what becomes of the output of libbpf and libxdp.
 *
 * Reasons are found by the libraries' wording, as no number tells them. Where a
 * later version words a message otherwise, the reason is missing from our line,
 * which then has the plain error number (or no note that there is no dispatcher),
 * and a rejected program shows without the verifier's lines; -v still shows all
 * that the library has said. Whether something failed is never read from a text.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "log.h"
#include "log_verifier.h"

#define REASON_MAX 160
#define LIBBPF "libbpf: "

static enum log_level shown = LOG_LEVEL_INFO;
static char kernel_reason[REASON_MAX];
static char libbpf_reason[REASON_MAX];
static char dispatcher_reason[REASON_MAX];

static const char *const level_names[] = {
	[LOG_LEVEL_ERR] = "error",   [LOG_LEVEL_WARN] = "warning", [LOG_LEVEL_INFO] = "note",
	[LOG_LEVEL_DEBUG] = "debug", [LOG_LEVEL_TRACE] = "trace",
};

bool log_shows(enum log_level level)
{
	return level <= shown;
}

void log_print(enum log_level level, const char *fmt, ...)
{
	va_list args;

	if (!log_shows(level))
		return;
	/* Results printed earlier come first, also when both go to one file. */
	fflush(stdout);
	fprintf(stderr, "%s: ", level_names[level]);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/* Copy what follows @mark in @text, up to the end of its line. */
static bool keep_reason(char *reason, const char *text, const char *mark)
{
	const char *found = strstr(text, mark);

	if (!found)
		return false;
	found += strlen(mark);
	snprintf(reason, REASON_MAX, "%.*s", (int)strcspn(found, "\n"), found);
	return true;
}

/* What libxdp says, in 1.2 to 1.5, before it goes on without dispatcher. */
static void keep_dispatcher_reason(const char *text)
{
	if (keep_reason(dispatcher_reason, text, "for dispatcher program failed: ") ||
	    keep_reason(dispatcher_reason, text, "Failed to load dispatcher: "))
		return;
	if (strstr(text, "without a working bpffs"))
		keep_reason(dispatcher_reason, "no bpffs is mounted", "");
	else if (strstr(text, "Couldn't ") && strstr(text, "xdp-dispatcher.o"))
		keep_reason(dispatcher_reason, "xdp-dispatcher.o is not installed", "");
}

/*
 * libbpf's last warning that says something: not those around it that repeat
 * which object, program or system call has failed, and not the dispatcher's.
 */
static void keep_libbpf_reason(const char *text)
{
	static const char *const empty[] = {
		"failed to load", "prog '",  "permission error",
		"Error in bpf_",  "Kernel ", "elf: skipping",
	};
	size_t i;

	if (strncmp(text, LIBBPF, strlen(LIBBPF)) || strstr(text, "xdp-dispatcher"))
		return;
	text += strlen(LIBBPF);
	for (i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		if (!strncmp(text, empty[i], strlen(empty[i])))
			return;
	keep_reason(libbpf_reason, text, "");
}

/*
 * One message of a library: remember what errors are explained with later,
 * and show it if that was asked for.
 */
static int handle_message(enum log_level level, const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		return 0;
	keep_reason(kernel_reason, text, "Kernel error message: ");
	keep_dispatcher_reason(text);
	if (level < LOG_LEVEL_TRACE)
		keep_libbpf_reason(text);
	verifier_log_keep(text);
	if (log_shows(level)) {
		fflush(stdout);
		fprintf(stderr, "%s%s", text, *text && text[strlen(text) - 1] == '\n' ? "" : "\n");
	}
	free(text);
	return 0;
}

static int print_libbpf(enum libbpf_print_level level, const char *fmt, va_list args)
{
	return handle_message(level == LIBBPF_DEBUG ? LOG_LEVEL_TRACE : LOG_LEVEL_DEBUG, fmt, args);
}

static int print_libxdp(enum libxdp_print_level level, const char *fmt, va_list args)
{
	return handle_message(level == LIBXDP_DEBUG ? LOG_LEVEL_TRACE : LOG_LEVEL_DEBUG, fmt, args);
}

void log_init(enum log_level level)
{
	shown = level;
	*kernel_reason = '\0';
	*libbpf_reason = '\0';
	*dispatcher_reason = '\0';
	/* A reader that went away is an error to report, not a silent death. */
	signal(SIGPIPE, SIG_IGN);
	libbpf_set_print(print_libbpf);
	libxdp_set_print(print_libxdp);
}

bool log_rejected(const char *name)
{
	return verifier_log_is_about(name);
}

void log_rejection(const char *name)
{
	if (verifier_log_is_about(name))
		verifier_log_print(stderr);
}

const char *log_reason(enum log_origin origin, const char *otherwise)
{
	const char *reason = libbpf_reason;

	if (origin == LOG_KERNEL)
		reason = kernel_reason;

	return *reason ? reason : otherwise;
}

const char *log_dispatcher_reason(void)
{
	return *dispatcher_reason ? dispatcher_reason : NULL;
}

int output_flush(void)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	pr_err("cannot write to standard output: %s", strerror(errno ? errno : EIO));
	return -EPIPE;
}
