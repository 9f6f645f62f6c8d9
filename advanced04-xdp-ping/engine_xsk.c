// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The xsk engine. Requests are made in the memory of AF_XDP sockets, one for
 * each queue, as answers come in on any. A loop sends what is due and reads
 * what came.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "afxdp/xsk.h"
#include "attach.h"
#include "clock.h"
#include "history.h"
#include "log.h"
#include "maps.h"
#include "packets/schedule.h"
#include "ping.h"
#include "reply.h"
#include "report.h"
#include "request.h"
#include "rules.h"
#include "signals.h"

#define NS 1e9
#define HEADROOM 256 /* bytes of a frame that XDP uses itself */
#define FRAMES_ALL 16384 /* of all sockets, if there are many */
#define FRAMES_LEAST 256
#define SPIN_SECONDS 0.002 /* after a request: a sleeper would measure its own waking */
#define SLEEP_SECONDS 0.0001 /* the shortest sleep that is worth it */
#define TIMER_SLACK_NS 1000UL
#define POLL_MAX 64 /* sockets that end a sleep */

struct xsk_run {
	struct ping *ping;
	struct attach at;
	struct xsk_opts opts; /* the command line's, completed */
	struct umem umem;
	struct xsk *socks; /* requests leave through the first one */
	unsigned int count; /* sockets that are open */
	struct history history;
	struct schedule schedule;
	int signal_fd;
	bool yield; /* there is one CPU, which others need while we spin */
	/* Seconds, monotonic. */
	double checked; /* that the program is still attached */
	double sent; /* the last request */
	double moved; /* when something was last sent or received */
};

/* How many more requests may be on their way in a flood. */
static unsigned int window_room(struct xsk_run *run, double now)
{
	const struct history *history = &run->history;
	unsigned int window = run->ping->opts->window;
	uint64_t ahead = history->sent - history->answered;

	if (ahead < window && window - ahead >= window / 4)
		return window - (unsigned int)ahead;
	/* The last answers are lost, or there never was one. */
	return now - run->moved > PING_STALL;
}

static unsigned int requests_due(struct xsk_run *run, double now)
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

/* Requests are made in frames that are ours until they are sent. */
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

/* Count a packet that came in, and print it. Returns what report_reply() does. */
static int handle_packet(struct xsk_run *run, const struct xdp_desc *desc, uint64_t now)
{
	uint64_t ns = 0, limit = (uint64_t)(run->ping->opts->wait * NS);
	enum history_answer answer = HISTORY_FIRST;
	struct ping *ping = run->ping;
	struct ping_counts *counts;
	enum reply_kind kind;
	struct reply reply;

	kind = reply_read(ping, &run->history, umem_data(&run->umem, desc->addr), desc->len,
			  &reply);
	counts = &(reply.target ? reply.target : ping->active[0])->counts;
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
		report_icmp_error(ping, &reply.packet.src, reply.type, reply.code, reply.sequence);
		break;
	}
	return report_reply(ping, &reply, kind, answer, ns);
}

/* Returns how many packets a socket had, or -errno. */
static int receive_packets(struct xsk_run *run, struct xsk *xsk)
{
	struct xdp_desc packets[XSK_BATCH];
	unsigned int n, i;
	int err = 0;
	uint64_t now;

	n = xsk_receive(xsk, packets, XSK_BATCH);
	if (!n)
		return 0;
	now = monotonic_ns();
	for (i = 0; !err && i < n; i++)
		err = handle_packet(run, &packets[i], now);
	xsk_drop(xsk, packets, n);
	run->moved = (double)now / NS;
	return err ? err : (int)n;
}

/* Returns 1 when a packet came on any socket, 0, or -errno. */
static int service_sockets(struct xsk_run *run)
{
	int n, err, some = 0;
	unsigned int i;

	for (i = 0; i < run->count; i++) {
		err = xsk_service(&run->socks[i]);
		n = err ? err : receive_packets(run, &run->socks[i]);
		if (n < 0)
			return n;
		some |= n > 0;
	}
	return some;
}

/* Why it cannot go on: one line, if there was none about the output. */
static int explain_failure(struct xsk_run *run, int err)
{
	int why = err == -EPIPE ? err : attach_check(&run->at);

	if (why)
		return why;
	pr_err("cannot go on with '%s': %s", run->ping->dev.name, strerror(-err));
	return err;
}

/* When there will be something to do, if nothing comes. */
static double next_event(const struct xsk_run *run, double now)
{
	double sent = (double)run->history.sent, until;

	if (schedule_is_over(&run->schedule, now, sent))
		until = run->sent + run->ping->opts->wait;
	else if (run->ping->opts->flood)
		until = run->moved + PING_STALL;
	else
		until = schedule_next(&run->schedule, now, sent);
	return until < run->checked + PING_CHECK ? until : run->checked + PING_CHECK;
}

/*
 * Sleep until the next event, or until something comes; not at all if that is
 * soon. Returns true when a signal has come.
 */
static bool sleep_or_spin(const struct xsk_run *run, double now)
{
	struct pollfd wait[POLL_MAX + 1];
	struct timespec time = { 0 };
	double seconds = next_event(run, now) - now;
	unsigned int i, n = 0;

	if (seconds < SLEEP_SECONDS || (run->history.open && now - run->sent < SPIN_SECONDS)) {
		if (run->yield)
			sched_yield();
		return false;
	}
	/* Frames that the device has not taken yet are tried again soon. */
	if (run->socks->frames.owned[FRAMES_TX] && seconds > 0.001)
		seconds = 0.001;
	time.tv_sec = (time_t)seconds;
	time.tv_nsec = (long)((seconds - (double)time.tv_sec) * NS);
	wait[n++] = (struct pollfd){ .fd = run->signal_fd, .events = POLLIN };
	for (i = 0; i < run->count && n <= POLL_MAX; i++)
		wait[n++] = (struct pollfd){ .fd = run->socks[i].fd, .events = POLLIN };
	return ppoll(wait, n, &time, NULL) > 0 && wait[0].revents;
}

static bool is_over(const struct xsk_run *run, double now)
{
	return schedule_is_over(&run->schedule, now, (double)run->history.sent) &&
	       (!run->history.open || now > run->sent + run->ping->opts->wait);
}

/* Until all are answered or given up, or a signal comes. 0, or -errno after one error line. */
static int send_and_receive(struct xsk_run *run)
{
	uint64_t now_ns = monotonic_ns();
	double now = (double)now_ns / NS;
	int some = 0, err = 0;
	unsigned int n;

	run->ping->first = run->checked = run->moved = run->sent = now;
	while (!is_over(run, now)) {
		n = requests_due(run, now);
		if (n)
			send_requests(run, n, now_ns);
		some = service_sockets(run);
		if (some < 0)
			return explain_failure(run, some);
		now_ns = monotonic_ns();
		now = (double)now_ns / NS;
		if (now > run->checked + PING_CHECK) {
			run->checked = now;
			err = attach_check(&run->at);
			if (err || signals_pending())
				return err;
		}
		if (!some && !requests_due(run, now) && sleep_or_spin(run, now))
			return 0;
	}
	return 0;
}

static int open_program(struct xsk_run *run, const struct netif *dev)
{
	int err = attach_open(&run->at, &run->ping->opts->attach, "xdp_ping_kern.o",
			      "xdp_ping_func");
	int queues = netif_queues(dev), mtu = netif_mtu(dev);
	size_t max = UMEM_FRAME_SIZE - HEADROOM;

	if (err)
		return err;
	if (queues < 0 || mtu < 0) {
		pr_err("cannot ask '%s' for its queues: %s", dev->name,
		       strerror(queues < 0 ? -queues : -mtu));
		return -ENODEV;
	}
	if ((size_t)mtu + ETH_HLEN < max)
		max = (size_t)mtu + ETH_HLEN;
	err = request_prepare(run->ping, max);
	if (!err)
		err = maps_resize(run->at.obj, run->at.path, "xsks_map", (unsigned int)queues);
	return err ? err : rules_prepare(run->ping, &run->at);
}

static int open_sockets(struct xsk_run *run, const struct cpus *queues)
{
	struct xsk_opts *opts = &run->opts;
	size_t size = queues->count * sizeof(*run->socks);
	unsigned int i;
	int err;

	opts->umem.frames = FRAMES_ALL / queues->count;
	if (opts->umem.frames > UMEM_FRAMES)
		opts->umem.frames = UMEM_FRAMES;
	if (opts->umem.frames < FRAMES_LEAST)
		opts->umem.frames = FRAMES_LEAST;
	run->socks = aligned_alloc(_Alignof(struct xsk), size);
	if (!run->socks) {
		pr_err("cannot get memory for %u queues", queues->count);
		return -ENOMEM;
	}
	memset(run->socks, 0, size);
	err = umem_open(&run->umem, &opts->umem, queues->count);
	/* Half of the first one's frames are for requests. */
	opts->keep = opts->umem.frames / 2;
	for (i = 0; !err && i < queues->count; i++) {
		err = xsk_open(&run->socks[i], &run->umem, &run->ping->dev, queues->cpu[i], opts);
		opts->keep = 0;
		run->count += !err;
	}
	return err;
}

static void close_sockets(struct xsk_run *run)
{
	unsigned int i;

	for (i = 0; i < run->count; i++)
		xsk_close(&run->socks[i]);
	umem_close(&run->umem);
	free(run->socks);
}

/* The kernel gets frames first, then the program learns of the sockets. */
static int enter_sockets(struct xsk_run *run)
{
	int fd = maps_find(run->at.obj, "xsks_map"), err = 0;
	unsigned int i;

	if (fd < 0)
		return -ENOEXEC;
	for (i = 0; !err && i < run->count; i++) {
		err = xsk_service(&run->socks[i]);
		if (err)
			pr_err("cannot use queue %u of '%s': %s", run->socks[i].queue,
			       run->ping->dev.name, strerror(-err));
		else
			err = xsk_map_add(&run->socks[i], fd);
	}
	/* These errors would mean that our program is not there any more. */
	return err == -ENODEV || err == -ENOENT ? -EIO : err;
}

static int run_attached(struct xsk_run *run)
{
	struct ping *ping = run->ping;
	const struct schedule_opts wanted = {
		.pps = ping_rate(ping),
		.count = (double)ping->opts->count * ping->n_active,
	};
	char mode[64];
	int err;

	err = rules_enter(ping, run->at.obj);
	if (!err)
		err = enter_sockets(run);
	if (err)
		return err;
	snprintf(mode, sizeof(mode), "by AF_XDP, %s, queue %u",
		 run->socks->zero_copy ? "zero-copy" : "copy", run->socks->queue);
	ping->mode = mode;
	err = report_begin(ping);
	schedule_begin(&run->schedule, &wanted, monotonic_now());
	if (!err)
		err = send_and_receive(run);
	ping->mode = NULL;
	ping->sent = run->history.sent;
	ping->last = monotonic_now();
	return err;
}

static int attach_and_run(struct xsk_run *run)
{
	struct ping *ping = run->ping;
	uint64_t without_socket;
	int err;

	err = attach_load(&run->at, &ping->dev, &ping->opts->attach);
	if (err)
		return err;
	attach_announce(&run->at);
	run->signal_fd = signals_fd();
	err = run_attached(run);
	without_socket = rules_collect(ping, run->at.obj);
	if (without_socket)
		pr_warn("%llu answers came in on a queue that has no socket (see --queue)",
			(unsigned long long)without_socket);
	if (err != -ENODEV && err != -ENOENT && attach_detach(&run->at) && !err)
		err = -EIO;
	if (run->signal_fd >= 0)
		close(run->signal_fd);
	return err;
}

int engine_xsk(struct ping *ping)
{
	struct xsk_run *run = calloc(1, sizeof(*run));
	struct cpus queues;
	int err;

	if (!run) {
		pr_err("cannot get memory for the requests");
		return -ENOMEM;
	}
	run->ping = ping;
	run->yield = sysconf(_SC_NPROCESSORS_ONLN) == 1;
	prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS);
	run->opts = ping->opts->xsk;
	err = xsk_choose(&run->opts, ping->opts->attach.mode, &ping->dev, &queues);
	if (!err)
		err = open_program(run, &ping->dev);
	if (!err)
		err = open_sockets(run, &queues);
	if (!err)
		err = attach_and_run(run);
	close_sockets(run);
	attach_close(&run->at);
	free(run);
	return err;
}
