// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Reading one option's value into its member. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "options_value.h"

bool options_takes_value(const struct option_line *line)
{
	switch (line->type) {
	case OPTION_STRING:
	case OPTION_STRINGS:
	case OPTION_UINT:
	case OPTION_SECONDS:
	case OPTION_IFNAME:
	case OPTION_MAC:
	case OPTION_ADDR:
	case OPTION_GONE:
		return true;
	default:
		return false;
	}
}

static int bad_value(const struct option_line *line, const char *text, const char *expected)
{
	pr_err("bad value '%s' for --%s: %s", text, line->name, expected);
	return -EINVAL;
}

/* The whole of @text as a number without sign, decimal or 0x hexadecimal. */
static int parse_uint(const char *text, unsigned long long *number)
{
	int base = text[0] == '0' && tolower((unsigned char)text[1]) == 'x' ? 16 : 10;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*number = strtoull(text, &end, base);
	return errno || *end ? -EINVAL : 0;
}

static int store_uint(const struct option_line *line, const char *text, unsigned int *member)
{
	unsigned long long number;

	if (parse_uint(text, &number) || (double)number < line->min || (double)number > line->max) {
		pr_err("bad value '%s' for --%s: not a whole number from %.0f to %.0f", text,
		       line->name, line->min, line->max);
		return -EINVAL;
	}
	*member = (unsigned int)number;
	return 0;
}

static int store_seconds(const struct option_line *line, const char *text, double *member)
{
	double number;
	char *end;

	number = strtod(text, &end);
	if (end == text || *end || isspace((unsigned char)*text) || !isfinite(number) ||
	    number < line->min || number > line->max) {
		pr_err("bad value '%s' for --%s: not a number of seconds from %g to %g", text,
		       line->name, line->min, line->max);
		return -EINVAL;
	}
	*member = number;
	return 0;
}

static int store_ifname(const struct option_line *line, const char *text, struct netif *member)
{
	int err = netif_find(text, member);

	if (err == -EINVAL)
		return bad_value(line, text, "no interface can have this name");
	if (err == -ENODEV)
		return bad_value(line, text, "no such interface (ip link lists them)");
	if (err)
		return bad_value(line, text, strerror(-err));
	return 0;
}

/* A program id. Without @text the option was given, but no id with it. */
static int store_id(const struct option_line *line, const char *text, struct attach_id *member)
{
	unsigned long long number = 0;

	if (text && (parse_uint(text, &number) || !number || number > UINT_MAX))
		return bad_value(line, text, "not a program id");
	member->given = true;
	member->id = (unsigned int)number;
	return 0;
}

static int store_strings(const struct option_line *line, const char *text,
			 struct option_strings *member)
{
	if (!*text)
		return bad_value(line, text, "must not be empty");
	if (member->count == OPTION_STRINGS_MAX)
		return bad_value(line, text, "there are 16 of them already");
	member->at[member->count++] = text;
	return 0;
}

int options_store(const struct option_line *line, const char *text, void *values)
{
	void *member = (char *)values + line->offset;

	switch (line->type) {
	case OPTION_FLAG:
	case OPTION_ALONE:
		*(bool *)member = true;
		return 0;
	case OPTION_CONST:
		*(int *)member = line->value;
		return 0;
	case OPTION_STRING:
		if (!*text)
			return bad_value(line, text, "must not be empty");
		*(const char **)member = text;
		return 0;
	case OPTION_STRINGS:
		return store_strings(line, text, member);
	case OPTION_UINT:
		return store_uint(line, text, member);
	case OPTION_SECONDS:
		return store_seconds(line, text, member);
	case OPTION_IFNAME:
		return store_ifname(line, text, member);
	case OPTION_MAC:
		return netif_parse_mac(text, member) ?
			       bad_value(line, text, "not a MAC address like 02:00:00:00:00:01") :
			       0;
	case OPTION_ADDR:
		return netif_parse_addr(text, member) ?
			       bad_value(line, text, "not an IPv4 or IPv6 address") :
			       0;
	case OPTION_ID:
		return store_id(line, text, member);
	default:
		pr_err("--%s: %s", line->name, line->help);
		return -EINVAL;
	}
}
