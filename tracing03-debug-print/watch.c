// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* From the trace pipe to standard output. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "log.h"
#include "signals.h"
#include "stats.h"
#include "watch.h"

#define IDLE 0.02 /* seconds: room for the lines of so long there is */
#define CHECK 0.2
#define BATCH 256 /* lines between two looks at the clock */
#define REST_MAX 2.0 /* others may print without an end */

static bool is_complete(const struct show *show)
{
	return show->opts->count && show->packets >= show->opts->count;
}

/* Show what is there, a batch at most. Returns how many lines, or -errno. */
static int take(struct source *source, struct show *show)
{
	struct line_packet packet;
	const char *line = NULL;
	int lines, err = 0;

	for (lines = 0; lines < BATCH && !is_complete(show); lines++) {
		err = source_next(source, &line);
		if (err || !line)
			break;
		if (line_read(line, source->tag, &packet)) {
			pr_debug("line: %s", line);
			show_packet(show, &packet);
		} else if (line_tells_loss(line)) {
			show_lost(show, source_lost(source));
		}
	}
	if (!err && lines)
		err = output_flush();
	return err ? err : lines;
}

/* Without packets nothing is printed, which would tell. */
static int check_output(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	if (poll(&out, 1, 0) <= 0 || !(out.revents & POLLERR))
		return 0;
	pr_err("cannot write to standard output: %s", strerror(EPIPE));
	return -EPIPE;
}

int watch_run(struct source *source, struct show *show, struct attach *at)
{
	double now = monotonic_now(), check = now, end = now + show->opts->duration;
	int lines, err;

	while (!is_complete(show)) {
		lines = take(source, show);
		if (lines < 0)
			return lines;
		/* Sleep while nothing comes; a signal ends it at once. */
		if (signals_wait(lines ? 0 : IDLE))
			break;
		now = monotonic_now();
		if (show->opts->duration && now >= end)
			break;
		if (now < check + CHECK)
			continue;
		err = check_output();
		if (!err)
			err = attach_check(at);
		if (err)
			return err;
		check = now;
	}
	return 0;
}

int watch_end(struct source *source, struct show *show)
{
	double end = monotonic_now() + REST_MAX;
	int lines;

	do {
		lines = take(source, show);
		if (lines < 0)
			return lines;
	} while (lines && monotonic_now() < end);
	show_lost(show, source_lost(source));
	return show_end(show);
}
