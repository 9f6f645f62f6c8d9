// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Have requests sent, and wait for the last answers. */
#include <errno.h>
#include <string.h>

#include "attach.h"
#include "live_loop.h"
#include "log.h"
#include "probe/probe.h"
#include "show.h"
#include "signals.h"
#include "stats.h"

#define CHECK_SECONDS 0.25
#define STALL_SECONDS 0.01
#define LOOK_SECONDS 0.001

/* What programs write, read as often as it is asked for. */
static uint64_t read_once(const __u64 *value)
{
	return __atomic_load_n(value, __ATOMIC_ACQUIRE);
}

static void write_once(__u64 *value, uint64_t number)
{
	__atomic_store_n(value, number, __ATOMIC_RELEASE);
}

int live_take_error(void *context, void *data, size_t size)
{
	const struct ping_error *error = data;
	struct ping *ping = context;
	struct netif_addr from = { .family = ping->family };

	if (size < sizeof(*error))
		return 0;
	if (ping->family == AF_INET6)
		from.v6 = error->from;
	else
		memcpy(&from.v4, &error->from, sizeof(from.v4));
	show_trouble(ping, &from, error->type, error->code, error->sequence);
	return 0;
}

/* Answers, errors and late ones: what a request can come to. */
static int read_done(struct live_run *run, uint64_t *done)
{
	struct ping_counts sum;
	int err = live_collect(run);

	if (err)
		return err;
	ping_sum(run->ping, &sum);
	*done = sum.received + sum.late + sum.errors;
	return 0;
}

/*
 * In a flood the program itself looks how many are on their way. Where the last
 * ones are lost it would wait for ever: give them up, one after the other.
 */
static void go_on(struct live_run *run, double now)
{
	struct ping_state *state = run->state;
	uint64_t answered = read_once(&state->answered);
	uint64_t sent = read_once(&state->sent);

	if (answered != run->seen || !sent)
		run->moved = now;
	run->seen = answered;
	if (now - run->moved < STALL_SECONDS)
		return;
	if (sent >= run->ping->opts->window)
		write_once(&state->floor, sent + 1 - run->ping->opts->window);
	run->moved = now;
}

/* Have the kernel make @n frames. Returns 0 or -errno after one error line. */
static int send_frames(struct live_run *run, unsigned int n)
{
	const struct live_frame frame = { .data = run->frame.word,
					  .len = (unsigned int)run->ping->len };
	double before = monotonic_now();
	int err;

	write_once(&run->state->runs, 0);
	err = live_send(&run->live, &frame, n);
	if (err == -EINTR)
		return 0;
	if (err == -EINVAL || err == -E2BIG)
		err = probe_explain("live_frames", err);
	if (err == PROBE_UNSUPPORTED)
		return err;
	if (err) {
		pr_err("cannot send live frames to '%s': %s", run->ping->dev.name, strerror(-err));
		return err == -EINVAL ? -EIO : err;
	}
	schedule_learn(&run->schedule, n, monotonic_now() - before);
	return 0;
}

/* Send what is due. Returns 1 when something was sent, 0, or -errno. */
static int step(struct live_run *run, double now)
{
	uint64_t before = read_once(&run->state->sent);
	unsigned int n = schedule_due(&run->schedule, now, (double)before);
	int err;

	if (!n)
		return 0;
	if (!run->ping->opts->flood)
		write_once(&run->state->limit, before + n);
	err = send_frames(run, n);
	if (err)
		return err;
	if (read_once(&run->state->sent) == before)
		return 0;
	run->sent = monotonic_now();
	return 1;
}

static int look(struct live_run *run, double now)
{
	ring_buffer__consume(run->errors);
	if (run->ping->opts->flood)
		go_on(run, now);
	if (now < run->checked + CHECK_SECONDS)
		return 0;
	run->checked = now;
	return attach_check(&run->at);
}

/* Until the next are due, or an answer may have come. */
static bool rest(struct live_run *run, double now)
{
	double until = now + LOOK_SECONDS;

	if (!run->ping->opts->flood)
		until = schedule_next(&run->schedule, now, (double)read_once(&run->state->sent));
	if (until > now + CHECK_SECONDS)
		until = now + CHECK_SECONDS;
	return signals_wait(until - now);
}

/* All are sent: until each has come to something, or the time is over. */
static int wait_for_last(struct live_run *run)
{
	double end = run->sent + run->ping->opts->wait, now;
	uint64_t done = 0;
	int err;

	do {
		now = monotonic_now();
		err = read_done(run, &done);
		if (!err)
			err = look(run, now);
	} while (!err && done < read_once(&run->state->sent) && now < end &&
		 !signals_wait(LOOK_SECONDS));
	ring_buffer__consume(run->errors);
	return err;
}

static void begin(struct live_run *run)
{
	const struct ping *ping = run->ping;
	const struct schedule_opts wanted = {
		.pps = ping_rate(ping),
		.count = (double)ping->opts->count * ping->n_asked,
	};
	struct ping_state *state = run->state;
	double now = monotonic_now();

	state->window = ping->opts->flood ? ping->opts->window : UINT32_MAX;
	state->limit = wanted.count > 0 ? (uint64_t)wanted.count : UINT64_MAX;
	schedule_begin(&run->schedule, &wanted, now);
	run->ping->first = run->checked = run->moved = run->sent = now;
}

int live_loop(struct live_run *run)
{
	const struct ping_state *state = run->state;
	double now;
	int n, err;

	begin(run);
	for (;;) {
		now = monotonic_now();
		if (schedule_is_over(&run->schedule, now, (double)read_once(&state->sent)))
			return wait_for_last(run);
		n = step(run, now);
		err = n < 0 ? n : look(run, now);
		if (err || signals_pending() || (!n && rest(run, now)))
			return err;
	}
}
