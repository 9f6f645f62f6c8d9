// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Send what is due, read what came. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include "attach.h"
#include "log.h"
#include "reply.h"
#include "request.h"
#include "show.h"
#include "signals.h"
#include "xsk_loop.h"

#define NS 1e9
#define CHECK_SECONDS 0.25
#define STALL_SECONDS 0.01 /* a flood goes on, 100 requests a second */
#define SPIN_SECONDS 0.002 /* after a request: asleep, nobody measures */
#define SLEEP_SECONDS 0.0001 /* not worth it for less */
#define POLL_MAX 64 /* sockets that wake us up */

static uint64_t clock_ns(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* How many more may be on their way, in a flood. */
static unsigned int window_room(struct xsk_run *run, double now)
{
	const struct history *history = &run->history;
	unsigned int window = run->ping->opts->window;
	uint64_t ahead = history->sent - history->answered;

	if (ahead < window && window - ahead >= window / 4)
		return window - (unsigned int)ahead;
	/* The last answers are lost, or there never was one. */
	return now - run->moved > STALL_SECONDS;
}

static unsigned int due(struct xsk_run *run, double now)
{
	unsigned int n = schedule_due(&run->schedule, now, (double)run->history.sent);
	unsigned int room = run->socks->frames.owned[FRAMES_FREE];

	if (n && run->ping->opts->flood) {
		unsigned int window = window_room(run, now);

		room = window < room ? window : room;
	}
	n = n < room ? n : room;
	return n < XSK_BATCH ? n : XSK_BATCH;
}

/* Requests, made in frames that are ours until they are sent. */
static void send_requests(struct xsk_run *run, unsigned int n, uint64_t now)
{
	struct xsk *xsk = run->socks;
	struct xdp_desc packets[XSK_BATCH];
	struct ping *ping = run->ping;
	unsigned int i;
	uint64_t number;

	for (i = 0; i < n; i++) {
		number = history_send(&run->history, now);
		packets[i].addr = frames_alloc(&xsk->frames, FRAMES_RX);
		packets[i].len = (uint32_t)ping->len;
		request_write(ping, number, umem_data(xsk->umem, packets[i].addr));
		ping_target(ping, number)->sent++;
	}
	xsk_send(xsk, packets, n);
	run->sent = run->moved = (double)now / NS;
}

static void count_answer(struct ping *ping, struct ping_counts *counts, enum history_answer answer,
			 uint64_t ns)
{
	struct ping_counts one = { .received = 1, .sum = ns, .min = ns, .max = ns };

	switch (answer) {
	case HISTORY_FIRST:
		ping_add_counts(counts, &one);
		ping->hist.bucket[hist_index(ns)]++;
		break;
	case HISTORY_DUPLICATE:
		counts->duplicates++;
		break;
	case HISTORY_LATE:
		counts->late++;
		break;
	}
}

/* One that came in. Returns 0 or what show_reply() does. */
static int take(struct xsk_run *run, const struct xdp_desc *desc, uint64_t now)
{
	uint64_t ns = 0, limit = (uint64_t)(run->ping->opts->wait * NS);
	enum history_answer answer = HISTORY_FIRST;
	struct ping *ping = run->ping;
	struct ping_counts *counts;
	enum reply_kind kind;
	struct reply reply;

	kind = reply_read(ping, &run->history, umem_data(&run->umem, desc->addr), desc->len,
			  &reply);
	counts = &(reply.target ? reply.target : ping->asked[0])->counts;
	switch (kind) {
	case REPLY_GOOD:
		answer = history_take(&run->history, reply.number, now, limit, &ns);
		count_answer(ping, counts, answer, ns);
		break;
	case REPLY_DAMAGED:
		counts->damaged++;
		break;
	case REPLY_FOREIGN:
		counts->foreign++;
		break;
	case REPLY_ERROR:
		counts->errors++;
		if (reply.number)
			history_fail(&run->history, reply.number);
		show_trouble(ping, &reply.packet.src, reply.type, reply.code, reply.sequence);
		break;
	}
	if (ping->opts->debug)
		show_packet(ping, &reply);
	return show_reply(ping, &reply, kind, answer, ns);
}

/* What a socket has. Returns how many packets it was, or -errno. */
static int receive(struct xsk_run *run, struct xsk *xsk)
{
	struct xdp_desc packets[XSK_BATCH];
	unsigned int n, i;
	int err = 0;
	uint64_t now;

	n = xsk_receive(xsk, packets, XSK_BATCH);
	if (!n)
		return 0;
	now = clock_ns();
	for (i = 0; !err && i < n; i++)
		err = take(run, &packets[i], now);
	xsk_drop(xsk, packets, n);
	run->moved = (double)now / NS;
	return err ? err : (int)n;
}

/* All sockets. Returns 1 when something came, 0, or -errno. */
static int work(struct xsk_run *run)
{
	int n, err, some = 0;
	unsigned int i;

	for (i = 0; i < run->count; i++) {
		err = xsk_service(&run->socks[i]);
		n = err ? err : receive(run, &run->socks[i]);
		if (n < 0)
			return n;
		some |= n > 0;
	}
	return some;
}

/* Why it cannot go on: one line, if there was none about the output. */
static int explain(struct xsk_run *run, int err)
{
	int why = err == -EPIPE ? err : attach_check(&run->at);

	if (why)
		return why;
	pr_err("cannot go on with '%s': %s", run->ping->dev.name, strerror(-err));
	return err;
}

/*
 * Sleep until something comes or is due; or not at all, if that is soon. True:
 * a signal has come.
 */
static bool rest(const struct xsk_run *run, double now, double until)
{
	struct pollfd wait[POLL_MAX + 1];
	struct timespec time = { 0 };
	double seconds = until - now;
	unsigned int i, n = 0;

	if (seconds < SLEEP_SECONDS || (run->history.open && now - run->sent < SPIN_SECONDS)) {
		if (run->yield)
			sched_yield();
		return false;
	}
	/* What the device has not taken yet is tried again soon. */
	if (run->socks->frames.owned[FRAMES_TX] && seconds > 0.001)
		seconds = 0.001;
	time.tv_sec = (time_t)seconds;
	time.tv_nsec = (long)((seconds - (double)time.tv_sec) * NS);
	wait[n++] = (struct pollfd){ .fd = run->signal_fd, .events = POLLIN };
	for (i = 0; i < run->count && n <= POLL_MAX; i++)
		wait[n++] = (struct pollfd){ .fd = run->socks[i].fd, .events = POLLIN };
	return ppoll(wait, n, &time, NULL) > 0 && wait[0].revents;
}

/* When there will be something to do, if nothing comes. */
static double next(const struct xsk_run *run, double now)
{
	double sent = (double)run->history.sent, until;

	if (schedule_is_over(&run->schedule, now, sent))
		until = run->sent + run->ping->opts->wait;
	else if (run->ping->opts->flood)
		until = run->moved + STALL_SECONDS;
	else
		until = schedule_next(&run->schedule, now, sent);
	return until < run->checked + CHECK_SECONDS ? until : run->checked + CHECK_SECONDS;
}

static bool is_over(const struct xsk_run *run, double now)
{
	return schedule_is_over(&run->schedule, now, (double)run->history.sent) &&
	       (!run->history.open || now > run->sent + run->ping->opts->wait);
}

int xsk_loop(struct xsk_run *run)
{
	uint64_t now_ns = clock_ns();
	double now = (double)now_ns / NS;
	int some = 0, err = 0;
	unsigned int n;

	run->ping->first = run->checked = run->moved = run->sent = now;
	while (!is_over(run, now)) {
		n = due(run, now);
		if (n)
			send_requests(run, n, now_ns);
		some = work(run);
		if (some < 0)
			return explain(run, some);
		now_ns = clock_ns();
		now = (double)now_ns / NS;
		if (now > run->checked + CHECK_SECONDS) {
			run->checked = now;
			err = attach_check(&run->at);
			if (err || signals_pending())
				return err;
		}
		if (!some && !due(run, now) && rest(run, now, next(run, now)))
			return 0;
	}
	return 0;
}
