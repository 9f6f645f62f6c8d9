/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Messages for people: errors, warnings and notes go to standard error,
 * results (printed by the commands themselves) to standard output.
 *
 * What libbpf and libxdp have to say comes through here too, one level lower:
 * a normal run shows none of it, -v shows it. What the verifier said of a
 * rejected program is kept, so that log_rejection() can show the lines that
 * decided. Taught in basic01-xdp-pass.
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdbool.h>

enum log_level {
	LOG_LEVEL_ERR,
	LOG_LEVEL_WARN, /* -q shows this level and those above */
	LOG_LEVEL_INFO, /* the default */
	LOG_LEVEL_DEBUG, /* -v: the libraries' warnings as well */
	LOG_LEVEL_TRACE, /* -vv: all that the libraries print */
};

/*
 * Print one message line; each begins with its level ("error: ").
 * The message is a literal format without the final newline.
 */
#define pr_err(...) log_print(LOG_LEVEL_ERR, __VA_ARGS__)
#define pr_warn(...) log_print(LOG_LEVEL_WARN, __VA_ARGS__)
#define pr_info(...) log_print(LOG_LEVEL_INFO, __VA_ARGS__)
#define pr_debug(...) log_print(LOG_LEVEL_DEBUG, __VA_ARGS__)

void log_print(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Set the level, forget reasons kept so far, and take over the output of
 * libbpf and libxdp. To be called before either library is used;
 * options_parse() does it. Cannot fail.
 */
void log_init(enum log_level level);

/* True when messages of this level are shown; results obey -q through it. */
bool log_shows(enum log_level level);

/* True when the verifier has rejected program @name, loaded just now. */
bool log_rejected(const char *name);

/*
 * Print, below an error line, the lines of the verifier's log that decided
 * against program @name: the C source line, the instruction, the reason.
 */
void log_rejection(const char *name);

enum log_origin {
	LOG_KERNEL, /* netlink's extended acknowledgement */
	LOG_LIBBPF, /* the last warning with something to say */
};

/*
 * The last failure in the words of who met it, or @otherwise where there are
 * none. Owned by log, valid until the next library call.
 */
const char *log_reason(enum log_origin origin, const char *otherwise);

/*
 * Why libxdp cannot use its dispatcher, in the words of the error it met, or
 * NULL when it did not complain. Owned by log.
 */
const char *log_dispatcher_reason(void);

/*
 * Flush standard output. Returns 0, or -EPIPE when what was printed did not
 * arrive (closed pipe, full disk), after one error line.
 */
int output_flush(void);

#endif /* COMMON_LOG_H */
