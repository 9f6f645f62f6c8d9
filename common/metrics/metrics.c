// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The text format of Prometheus: families, samples, what has to be escaped. */
#include "json.h"
#include "metrics/metrics.h"

/* @special gets a backslash before it, as the backslash and the line feed do. */
static void escape(FILE *out, const char *text, char special)
{
	const char *at = text;
	int length;

	for (; *at; at += length ? length : 1) {
		length = utf8_length(at);
		if (!length)
			fputs("\xef\xbf\xbd", out);
		else if (*at == '\n')
			fputs("\\n", out);
		else if (*at == '\\' || *at == special)
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
	/* Quotes stand as they are here; a backslash is escaped in any case. */
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

/* All that goes before the value. */
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
