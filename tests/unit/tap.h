/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Test Anything Protocol for the unit tests: a line a check, the plan last. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

/* One check; @name says what a user relies on. Returns @good. */
static inline bool ok(bool good, const char *name)
{
	tap_count++;
	tap_failed += !good;
	printf("%sok %d %s\n", good ? "" : "not ", tap_count, name);
	fflush(stdout);
	return good;
}

static inline bool is_int(long long got, long long want, const char *name)
{
	bool good = ok(got == want, name);

	if (!good)
		printf("# got %lld, want %lld\n", got, want);
	return good;
}

/* @got contains @want. */
static inline bool has(const char *got, const char *want, const char *name)
{
	bool good = ok(strstr(got, want), name);

	if (!good)
		printf("# '%s' is not in: %s\n", want, got);
	return good;
}

/* The plan; what main returns. */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif /* TESTS_TAP_H */
