// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The text format of Prometheus: families, samples, what has to be escaped. */

#include "metrics.h"

static bool continues(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* The bytes of the UTF-8 character at @at, which ends with 0; 0 if none. */
static int utf8_length(const unsigned char *at)
{
	if (at[0] < 0x80)
		return 1;
	/* 0xc0 and 0xc1 would be ASCII in two bytes. */
	if (at[0] < 0xc2 || at[0] > 0xf4 || !continues(at[1]))
		return 0;
	if (at[0] < 0xe0)
		return 2;
	/* Nor may longer ones be short, surrogates, or above U+10FFFF. */
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f))
		return 0;
	if (!continues(at[2]))
		return 0;
	if (at[0] < 0xf0)
		return 3;
	if ((at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return continues(at[3]) ? 4 : 0;
}

/* @special: what gets a backslash beside the backslash and the line feed. */
static void escape(FILE *out, const char *text, char special)
{
	const unsigned char *at = (const unsigned char *)text;
	int length;

	for (; *at; at += length ? length : 1) {
		length = utf8_length(at);
		if (!length)
			fputs("\xef\xbf\xbd", out);
		else if (*at == '\n')
			fputs("\\n", out);
		else if (*at == '\\' || *at == (unsigned char)special)
			fprintf(out, "\\%c", *at);
		else
			fwrite(at, 1, (size_t)length, out);
	}
}

void metrics_family(struct metrics *page, const char *name, enum metrics_type type,
		    const char *help)
{
	page->family = name;
	page->labelled = false;
	fprintf(page->out, "# HELP %s ", name);
	/* Quotes are as they are here: a backslash twice asks for no more. */
	escape(page->out, help, '\\');
	fprintf(page->out, "\n# TYPE %s %s\n", name, type == METRICS_COUNTER ? "counter" : "gauge");
}

static void begin_label(struct metrics *page, const char *name)
{
	if (page->labelled)
		fprintf(page->out, ",%s=\"", name);
	else
		fprintf(page->out, "%s{%s=\"", page->family, name);
	page->labelled = true;
}

void metrics_label(struct metrics *page, const char *name, const char *value)
{
	begin_label(page, name);
	escape(page->out, value, '"');
	fputc('"', page->out);
}

void metrics_label_uint(struct metrics *page, const char *name, unsigned int value)
{
	begin_label(page, name);
	fprintf(page->out, "%u\"", value);
}

/* What stands before the value. */
static void end_labels(struct metrics *page)
{
	fputs(page->labelled ? "} " : page->family, page->out);
	if (!page->labelled)
		fputc(' ', page->out);
	page->labelled = false;
}

void metrics_uint(struct metrics *page, unsigned long long value)
{
	end_labels(page);
	fprintf(page->out, "%llu\n", value);
}

void metrics_real(struct metrics *page, double value)
{
	end_labels(page);
	/* As many digits as tell any two numbers apart. */
	fprintf(page->out, "%.17g\n", value);
}
