// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* One sample after the other, and when it is enough. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "capture.h"
#include "log.h"
#include "signals.h"
#include "xdp_stats_kern_user.h"

#define ROUND_MS 100 /* a lonely packet is late by so much */
#define CHECK_SECONDS 1.0
#define SHOWN 14 /* bytes of an Ethernet header */
#define ENOUGH 1 /* capture_take(): --count is reached */

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print(FILE *out, const struct sample *sample, const unsigned char *data)
{
	__u32 i;

	fprintf(out, "pkt len: %u bytes. hdr:", sample->orig_len);
	for (i = 0; i < sample->len && i < SHOWN; i++)
		fprintf(out, " %02x", data[i]);
	fputc('\n', out);
}

/* Where lines about packets go, or NULL. */
static FILE *lines_to(const struct sample_opts *opts)
{
	if (!opts->file)
		return log_shows(LOG_LEVEL_INFO) ? stdout : NULL;
	if (!log_shows(LOG_LEVEL_DEBUG))
		return NULL;
	return strcmp(opts->file, "-") ? stdout : stderr;
}

static int store(struct capture *capture, const struct sample *sample, const unsigned char *data)
{
	const bool known = sample->verdict != SAMPLE_NO_VERDICT;
	const struct capfile_packet packet = {
		.time = wall_clock_time(&capture->clock, sample->time),
		.len = sample->len,
		.orig_len = sample->orig_len,
		.data = data,
	};
	const struct capfile_note note = {
		.interface = capture->source.interface[sample->place],
		.direction = CAPFILE_INBOUND,
		.queue = sample->queue,
		.verdict = known ? sample->verdict : CAPFILE_UNKNOWN,
		.comment = known ? action2str(sample->verdict) : NULL,
	};

	/* As attach_status() knows a write that has failed. */
	return store_add(&capture->store, &packet, &note) ? -EPIPE : 0;
}

int capture_take(void *context, const struct sample *sample, const unsigned char *data)
{
	struct capture *capture = context;
	const struct sample_opts *opts = capture->opts;
	FILE *lines = lines_to(opts);
	int err;

	if (opts->count && capture->stored == opts->count)
		return ENOUGH;
	if (!filter_matches(capture->filter, sample, data)) {
		capture->filtered++;
		return 0;
	}
	if (lines)
		print(lines, sample, data);
	err = store(capture, sample, data);
	if (err)
		return err;
	capture->stored++;
	return opts->count && capture->stored == opts->count ? ENOUGH : 0;
}

/* What the buffers hold goes to where it belongs, at once. */
static int do_round(struct capture *capture, int ms)
{
	int err = ring_read(&capture->ring, ms);

	if (err < 0)
		return err;
	wall_clock_set(&capture->clock);
	if (store_flush(&capture->store))
		return -EPIPE;
	return output_flush() ?: err;
}

/* Milliseconds to wait: less than a round shortly before the end. */
static int wait_time(double left)
{
	return left * 1000 < ROUND_MS ? (int)(left * 1000) + 1 : ROUND_MS;
}

static int take_all(struct capture *capture)
{
	const double start = seconds(), duration = capture->opts->duration;
	double now = start, checked = start;
	int err = 0;

	while (!err && !signals_pending()) {
		if (duration && now - start >= duration)
			return 0;
		err = do_round(capture, duration ? wait_time(start + duration - now) : ROUND_MS);
		now = seconds();
		if (err || now - checked < CHECK_SECONDS)
			continue;
		err = source_check(&capture->source);
		checked = now;
	}
	return err == ENOUGH ? 0 : err;
}

int capture_run(struct capture *capture)
{
	int err, last;

	wall_clock_set(&capture->clock);
	err = take_all(capture);
	last = source_stop(&capture->source);
	err = err ? err : last;
	/* What was sampled until then. */
	last = err == -EPIPE ? 0 : do_round(capture, 0);
	return err ? err : last < 0 ? last : 0;
}
