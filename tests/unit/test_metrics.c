// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Pages of metrics, and what they escape. */
#include <stdlib.h>

#include "metrics/metrics.h"
#include "tap.h"

static char *text;
static size_t text_len;

static struct metrics begin(void)
{
	free(text);
	text = NULL;
	return (struct metrics){ .out = open_memstream(&text, &text_len) };
}

static void is_page(struct metrics *page, const char *want, const char *name)
{
	fclose(page->out);
	if (!ok(!strcmp(text, want), name))
		printf("# got %s\n", text);
}

/* A label whose value is @value is written as @want. */
static void is_label(const char *value, const char *want, const char *name)
{
	struct metrics page = begin();
	char line[128];

	page.family = "x";
	metrics_label(&page, "l", value);
	metrics_uint(&page, 1);
	snprintf(line, sizeof(line), "x{l=\"%s\"} 1\n", want);
	is_page(&page, line, name);
}

static void test_pages(void)
{
	struct metrics page = begin();

	metrics_family(&page, "a_total", METRICS_COUNTER, "All of it.");
	metrics_uint(&page, 0);
	metrics_label(&page, "action", "XDP_DROP");
	metrics_label_uint(&page, "cpu", 4095);
	metrics_uint(&page, 18446744073709551615ull);
	metrics_uint(&page, 7);
	metrics_family(&page, "b_seconds", METRICS_GAUGE, "C:\\ a \"b\"\nc");
	metrics_real(&page, 0.5);
	metrics_real(&page, 1795305600.123456);
	is_page(&page,
		"# HELP a_total All of it.\n"
		"# TYPE a_total counter\n"
		"a_total 0\n"
		"a_total{action=\"XDP_DROP\",cpu=\"4095\"} 18446744073709551615\n"
		"a_total 7\n"
		"# HELP b_seconds C:\\\\ a \"b\"\\nc\n"
		"# TYPE b_seconds gauge\n"
		"b_seconds 0.5\n"
		"b_seconds 1795305600.123456\n",
		"families, labels, values");
}

static void test_labels(void)
{
#define REPLACED "\xef\xbf\xbd"
	is_label("", "", "an empty label");
	is_label("eth0.7@x{}=,# %s", "eth0.7@x{}=,# %s", "an ordinary one");
	is_label("a\\b\"c\n", "a\\\\b\\\"c\\n", "what has to be escaped");
	is_label("\t\r\x01\x7f", "\t\r\x01\x7f", "control characters are as they are");
	is_label("\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9d", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9d",
		 "UTF-8 is as it is");
	is_label("\xe9t\xe9", REPLACED "t" REPLACED, "Latin 1 is replaced");
	is_label("\xc3", REPLACED, "half a character");
	is_label("\xe2\x82", REPLACED REPLACED, "two thirds of one");
	is_label("\xf0\x9f\x90", REPLACED REPLACED REPLACED, "three quarters");
	is_label("\xc1\x81", REPLACED REPLACED, "ASCII in two bytes");
	is_label("\xe0\x9f\xbf", REPLACED REPLACED REPLACED, "and in three");
	is_label("\xf0\x8f\xbf\xbf", REPLACED REPLACED REPLACED REPLACED, "and in four");
	is_label("\xed\xa0\x80", REPLACED REPLACED REPLACED, "a surrogate");
	is_label("\xf4\x90\x80\x80", REPLACED REPLACED REPLACED REPLACED,
		 "above the last character");
	is_label("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", "the last character");
}

int main(void)
{
	test_pages();
	test_labels();
	free(text);
	return tap_done();
}
