// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The table of ways, and choosing from it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "events.h"
#include "log.h"

#define EVENTS "xdp_events_kern.o"
#define BYTES "xdp_bytes_kern.o"
#define DYNPTR "xdp_dynptr_kern.o"

static const struct way ways[] = {
	{ "perf", EVENTS, "xdp_perf_func", true, false, WAKE_EACH, "perf_buffer",
	  "perf buffer, woken for each event" },
	{ "perf-batch", EVENTS, "xdp_perf_func", true, false, WAKE_BATCH, "perf_buffer",
	  "perf buffer, woken by a watermark" },
	{ "perf-bytes", EVENTS, "xdp_perf_func", true, true, WAKE_BATCH, "perf_buffer",
	  "the same, with the packet's bytes" },
	{ "output", EVENTS, "xdp_output_func", false, false, WAKE_KERNEL, "ringbuf",
	  "ring buffer, events copied into it" },
	{ "reserve", EVENTS, "xdp_reserve_func", false, false, WAKE_KERNEL, "ringbuf",
	  "ring buffer, events made in it" },
	{ "reserve-each", EVENTS, "xdp_reserve_func", false, false, WAKE_EACH, "ringbuf",
	  "the same, woken for each event" },
	{ "reserve-batch", EVENTS, "xdp_reserve_func", false, false, WAKE_BATCH, "ringbuf",
	  "the same, woken for a batch" },
	{ "bytes", BYTES, "xdp_bytes_func", false, true, WAKE_KERNEL, "load_bytes",
	  "ring buffer, with the packet's bytes, copied" },
	{ "dynptr", DYNPTR, "xdp_dynptr_func", false, true, WAKE_KERNEL, "dynptr",
	  "ring buffer, with the packet's bytes, made in it" },
};

#define N_WAYS ((int)(sizeof(ways) / sizeof(ways[0])))

static const struct way *find(const char *name, size_t len)
{
	int i;

	for (i = 0; i < N_WAYS; i++)
		if (strlen(ways[i].name) == len && !memcmp(ways[i].name, name, len))
			return &ways[i];
	return NULL;
}

int ways_choose(const char *names, const struct way *chosen[WAYS_MAX])
{
	int count = 0;
	size_t len;

	if (!names)
		for (; count < N_WAYS; count++)
			chosen[count] = &ways[count];
	while (names) {
		len = strcspn(names, ",");
		if (count == WAYS_MAX) {
			pr_err("bad value for --way: more than %d", WAYS_MAX);
			return -EINVAL;
		}
		chosen[count] = find(names, len);
		if (!chosen[count++]) {
			pr_err("bad value '%.*s' for --way: no such way (see --list)", (int)len,
			       names);
			return -EINVAL;
		}
		names = names[len] ? names + len + 1 : NULL;
	}
	return count;
}

int ways_print(void)
{
	int i;

	printf("%-14s %-17s %-8s %s\n", "way", "program", "section", "what it is");
	for (i = 0; i < N_WAYS; i++)
		printf("%-14s %-17s %-8s %s\n", ways[i].name, ways[i].prog, "xdp", ways[i].help);
	return output_flush();
}
