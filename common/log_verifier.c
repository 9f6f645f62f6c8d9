// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Find the few lines of a verifier log that say why a program was rejected. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "log_verifier.h"

#define LOG_BEGIN "-- BEGIN PROG LOAD LOG --\n"
#define LOG_END "-- END PROG LOAD LOG --"
#define REPORT_BEGIN "\nVerification failed: "
#define REASONS_MAX 4

static char *kept; /* libbpf's whole message */

/* The lines that decided, pointing into the log; NULL where there is none. */
struct decision {
	const char *source;
	const char *insn;
	const char *reasons[REASONS_MAX];
	int n_reasons;
};

void verifier_log_keep(const char *message)
{
	char *copy;

	if (!strstr(message, LOG_BEGIN))
		return;
	copy = strdup(message);
	if (!copy)
		return;
	free(kept);
	kept = copy;
}

static bool starts(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

/* "12: (71) r1 = *(u8 *)(r1 +0)" */
static bool is_insn(const char *line)
{
	const char *digits = line;

	while (isdigit((unsigned char)*digits))
		digits++;
	return digits != line && (starts(digits, ": (") || starts(digits, ": <"));
}

/* "12: R1=pkt(...)", "R1_w=...", "from 3 to 7: ...": states, not reasons. */
static bool is_state(const char *line)
{
	const char *at = line;

	while (isdigit((unsigned char)*at))
		at++;
	if (at != line && starts(at, ": "))
		at += 2;
	if (starts(at, "from ") || (starts(at, "frame") && isdigit((unsigned char)at[5])) ||
	    starts(at, "cur state:") || starts(at, "old state:") || starts(at, "caller:") ||
	    starts(at, "callee:") || starts(at, "safe") || starts(at, "func#"))
		return true;
	return at[0] == 'R' && isdigit((unsigned char)at[1]) && strpbrk(at, "=_ ") &&
	       strcspn(at, "=_") < strcspn(at, " ");
}

/* Closing figures and prologue, and how the verifier tracked precision. */
static bool is_chatter(const char *line)
{
	static const char *const chatter[] = {
		"processed ",  "verification time", "stack depth", "peak_states", "mark_precise",
		"parent ",     "last_idx",	    "first_idx",   "regs=",	  "insns ",
		"btf_vmlinux", "Validating ",
	};
	size_t i;

	if (!*line || *line == '\n' || starts(line, LOG_END))
		return true;
	for (i = 0; i < sizeof(chatter) / sizeof(chatter[0]); i++)
		if (starts(line, chatter[i]))
			return true;
	return false;
}

/* The line before @line, or NULL at the beginning of the log. */
static const char *line_before(const char *log, const char *line)
{
	if (line == log)
		return NULL;
	for (line--; line > log && line[-1] != '\n'; line--)
		;
	return line;
}

/*
 * Where the lines of old end: kernels from 7.3 on have a report behind them,
 * with the way that led there and a suggestion, which -v shows.
 */
static const char *end_of(const char *log)
{
	const char *end = strstr(log, REPORT_BEGIN);

	if (!end)
		end = strstr(log, LOG_END);
	return end ? end : log + strlen(log);
}

/* Walk back from the end: reasons first, then their instruction and source. */
static void find_decision(const char *log, struct decision *why)
{
	const char *line = end_of(log);

	while ((line = line_before(log, line))) {
		if (*line == ';') {
			why->source = line;
			return;
		}
		if (is_insn(line) && !why->insn)
			why->insn = line;
		else if (!why->insn && !is_insn(line) && !is_state(line) && !is_chatter(line) &&
			 why->n_reasons < REASONS_MAX)
			why->reasons[why->n_reasons++] = line;
	}
}

static void print_line(const char *line, FILE *out)
{
	if (line)
		fprintf(out, "  %.*s\n", (int)strcspn(line, "\n"), line);
}

bool verifier_log_is_about(const char *name)
{
	static const char head[] = "libbpf: prog '";
	struct decision why = { 0 };
	const char *text = kept;

	if (!text || !starts(text, head))
		return false;
	text += strlen(head);
	if (!starts(text, name) || !starts(text + strlen(name), "': "))
		return false;
	find_decision(strstr(kept, LOG_BEGIN) + strlen(LOG_BEGIN), &why);
	return why.n_reasons > 0;
}

void verifier_log_print(FILE *out)
{
	struct decision why = { 0 };
	int i;

	if (!kept)
		return;
	find_decision(strstr(kept, LOG_BEGIN) + strlen(LOG_BEGIN), &why);
	print_line(why.source, out);
	print_line(why.insn, out);
	for (i = why.n_reasons - 1; i >= 0; i--)
		print_line(why.reasons[i], out);
}
