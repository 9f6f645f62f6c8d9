// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * One sample after another from the buffers into the file, until it is enough.
 * Then what is left, and the last line: how many there are, and how many are lost.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "json.h"
#include "log.h"
#include "sample.h"
#include "signals.h"
#include "xdp_stats_kern_user.h"

#define ROUND_MS 100 /* a lonely packet is late by so much */
#define CHECK_SECONDS 1.0
#define SHOWN 14 /* bytes of an Ethernet header; without --hex no more are printed */
#define ENOUGH 1 /* on_sample(): --count is reached */
#define CLOCK_TRIES 3
#define CLOCK_STEP_NS 20000 /* a larger difference is a clock that was set */

struct capture {
	const struct sample_opts *opts;
	struct source *source;
	const struct filter *filter;
	struct capfile_writer *writer; /* NULL: nothing is stored */
	__s64 clock_offset; /* ns from the kernel's clock to the wall clock */
	unsigned long long stored; /* or printed, where there is no file */
	unsigned long long filtered; /* left out by the filter */
};

/*
 * Samples have the monotonic clock, which starts with the machine; files have the
 * wall clock, which somebody may set. So the two are compared now and then.
 */
static void compare_clocks(struct capture *cap)
{
	__s64 before, after, wall, best = 0, offset = 0, step;
	int i;

	/* The shorter the time in between, the better the answer. */
	for (i = 0; i < CLOCK_TRIES; i++) {
		before = (__s64)monotonic_ns();
		wall = (__s64)wall_clock_ns();
		after = (__s64)monotonic_ns();
		if (i && after - before >= best)
			continue;
		best = after - before;
		offset = wall - (before + best / 2);
	}
	/* A small difference is how long it took to read the clocks. */
	step = offset - cap->clock_offset;
	if (step < -CLOCK_STEP_NS - best || step > CLOCK_STEP_NS + best)
		cap->clock_offset = offset;
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

static void print_sample(FILE *out, const struct sample *sample, const unsigned char *data,
			 bool all)
{
	__u32 i;

	fprintf(out, "pkt len: %u bytes. hdr:", sample->orig_len);
	for (i = 0; i < sample->len && (all || i < SHOWN); i++)
		fprintf(out, " %02x", data[i]);
	fputc('\n', out);
}

static int store(struct capture *cap, const struct sample *sample, const unsigned char *data)
{
	const bool known = sample->verdict != SAMPLE_NO_VERDICT;
	const struct capfile_packet packet = {
		.time = sample->time + (__u64)cap->clock_offset,
		.len = sample->len,
		.orig_len = sample->orig_len,
		.data = data,
	};
	const struct capfile_note note = {
		.interface = cap->source->interface[sample->place],
		.direction = CAPFILE_INBOUND,
		.queue = sample->queue,
		.verdict = known ? sample->verdict : CAPFILE_UNKNOWN,
		.comment = known ? action2str(sample->verdict) : NULL,
	};

	return capfile_write_note(cap->writer, &packet, &note);
}

static int on_sample(void *context, const struct sample *sample, const unsigned char *data)
{
	struct capture *cap = context;
	const struct sample_opts *opts = cap->opts;
	FILE *lines = lines_to(opts);

	if (opts->count && cap->stored == opts->count)
		return ENOUGH;
	if (!filter_matches(cap->filter, sample, data)) {
		cap->filtered++;
		return 0;
	}
	if (lines)
		print_sample(lines, sample, data, opts->hex);
	/* attach_status() knows -EPIPE as a write that has failed. */
	if (cap->writer && store(cap, sample, data))
		return -EPIPE;
	cap->stored++;
	return opts->count && cap->stored == opts->count ? ENOUGH : 0;
}

/* Move what the buffers hold to the file, or the output, at once. */
static int do_round(struct capture *cap, int ms)
{
	int err = source_read(cap->source, ms, on_sample, cap);

	if (err < 0)
		return err;
	compare_clocks(cap);
	if (cap->writer && capfile_flush(cap->writer))
		return -EPIPE;
	return output_flush() ?: err;
}

/* Milliseconds to wait: less than a round shortly before the end. */
static int wait_time(double left)
{
	return left * 1000 < ROUND_MS ? (int)(left * 1000) + 1 : ROUND_MS;
}

static int do_rounds(struct capture *cap)
{
	const double start = monotonic_now(), duration = cap->opts->duration;
	double now = start, checked = start;
	int err = 0;

	while (!err && !signals_pending()) {
		if (duration && now - start >= duration)
			return 0;
		err = do_round(cap, duration ? wait_time(start + duration - now) : ROUND_MS);
		now = monotonic_now();
		if (err || now - checked < CHECK_SECONDS)
			continue;
		err = source_check(cap->source);
		checked = now;
	}
	return err == ENOUGH ? 0 : err;
}

static void print_json(FILE *out, const struct capture *cap, const struct sample_counts *counts,
		       const char *name)
{
	struct json json = { .out = out };

	json_open(&json, NULL, '{');
	json_member(&json, "time", "%lld", (long long)time(NULL));
	json_text(&json, "ifname", cap->opts->dev.name);
	if (name)
		json_text(&json, "file", name);
	else
		json_member(&json, "file", "null");
	json_member(&json, "packets", "%llu", cap->stored);
	json_member(&json, "filtered", "%llu", cap->filtered);
	json_member(&json, "lost", "%llu", counts->lost);
	json_member(&json, "seen", "%llu", counts->seen);
	json_close(&json);
}

static int report(const struct capture *cap, const struct sample_counts *counts)
{
	const char *name = cap->opts->file;
	FILE *out = stdout;

	if (name && !strcmp(name, "-")) {
		name = "standard output";
		out = stderr;
	}
	if (cap->opts->json)
		print_json(out, cap, counts, name);
	else if (log_shows(LOG_LEVEL_INFO))
		fprintf(out, "%llu packet samples%s%s, %llu lost\n", cap->stored,
			name ? " stored in " : "", name ?: "", counts->lost);
	return output_flush();
}

int capture(const struct sample_opts *opts, struct source *source, const struct filter *filter)
{
	struct capture cap = { .opts = opts, .source = source, .filter = filter };
	struct sample_counts counts;
	int err, last;

	if (opts->file) {
		cap.writer = capfile_create_stream(opts->file, &source->setup);
		if (!cap.writer)
			return -EPIPE;
	}
	compare_clocks(&cap);
	err = do_rounds(&cap);
	last = source_stop(source, &counts);
	err = err ? err : last;
	/* The buffers hold what was sampled until then. */
	last = err == -EPIPE ? 0 : do_round(&cap, 0);
	if (!err && last < 0)
		err = last;
	if (capfile_finish(cap.writer) && !err)
		err = -EPIPE;
	return err ? err : report(&cap, &counts);
}
