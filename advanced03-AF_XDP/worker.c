// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The thread of a queue: receive, answer, send, and round again. */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "answer.h"
#include "group.h"
#include "log.h"

#define WAIT_MS 1000
#define QUIET_MS 5
#define FINISH_SECONDS 1.0
#define FAST_SECONDS 1e-6 /* between two packets: no time to sleep */
#define AWAKE_SECONDS 1e-3 /* the longest time without a sleep */

static bool do_job(enum worker_job job, void *packet, unsigned int len)
{
	switch (job) {
	case JOB_ECHO:
		return answer_echo(packet, len);
	case JOB_L2FWD:
		return answer_l2fwd(packet, len);
	default:
		return false;
	}
}

/* Sort a batch: answers first, what is to be dropped behind them. */
static unsigned int answer_batch(struct worker *worker, struct xdp_desc *packets, unsigned int n)
{
	struct worker_counts *counts = &worker->counts;
	unsigned int answers = 0, i;
	struct xdp_desc packet;

	for (i = 0; i < n; i++) {
		packet = packets[i];
		counts->rx.bytes += packet.len;
		if (!do_job(worker->job, umem_data(worker->xsk.umem, packet.addr), packet.len))
			continue;
		counts->tx.bytes += packet.len;
		packets[i] = packets[answers];
		packets[answers++] = packet;
	}
	counts->rx.packets += n;
	counts->tx.packets += answers;
	counts->ignored += n - answers;
	return answers;
}

/* What others see changes as a whole. */
static void publish(struct worker *worker)
{
	struct worker_counts *counts = &worker->counts;

	counts->tx_dropped = worker->xsk.tx_dropped;
	xsk_count(&worker->xsk, &counts->frames);
	pthread_mutex_lock(&worker->lock);
	worker->published = *counts;
	pthread_mutex_unlock(&worker->lock);
}

/* Frames have come back since that was published. */
static bool sent_since(const struct worker *worker)
{
	const struct xsk_frame_counts *frames = &worker->counts.frames;

	return worker->xsk.frames.owned[FRAMES_TX] != frames->tx + frames->completion;
}

/* Once round. Returns how many packets it was, or -errno. */
static int go_round(struct worker *worker)
{
	struct xdp_desc packets[XSK_BATCH];
	struct xsk *xsk = &worker->xsk;
	unsigned int n, answers;
	int err;

	n = xsk_receive(xsk, packets, XSK_BATCH);
	answers = answer_batch(worker, packets, n);
	xsk_send(xsk, packets, answers);
	xsk_drop(xsk, packets + answers, n - answers);
	err = xsk_service(xsk);
	if (n || sent_since(worker))
		publish(worker);
	return err ? err : (int)n;
}

/*
 * Sleep, unless packets have come so fast since the last time that the next
 * ones are here before a sleep would be over: whoever sleeps has to be woken,
 * and the kernel does that where it receives. False if it did not sleep.
 */
static bool sleep_if_idle(struct worker *worker)
{
	double now = monotonic_now(), awake = now - worker->slept;
	uint64_t packets = worker->counts.rx.packets - worker->slept_at;

	if (awake < AWAKE_SECONDS && awake < (double)packets * FAST_SECONDS)
		return false;
	worker->slept = now;
	worker->slept_at = worker->counts.rx.packets;
	xsk_wait(&worker->xsk, worker->stop_fd, WAIT_MS);
	return true;
}

/* Until it is told to stop. Returns 0 or -errno. */
static int go_on(struct worker *worker)
{
	int n = 0;

	while (n >= 0 && !atomic_load_explicit(worker->stop, memory_order_relaxed)) {
		n = go_round(worker);
		if (!n && !(worker->poll && sleep_if_idle(worker)) && worker->yield)
			sched_yield();
	}
	return n < 0 ? n : 0;
}

/* Nothing new is sent to us: answer what is here, wait until it is sent. */
static int finish(struct worker *worker)
{
	const unsigned int *owned = worker->xsk.frames.owned;
	double end = monotonic_now() + FINISH_SECONDS;
	bool quiet = false;
	int n;

	for (;;) {
		n = go_round(worker);
		if (n < 0 || (!n && quiet && !owned[FRAMES_TX]) || monotonic_now() > end)
			return n < 0 ? n : 0;
		/* Twice nothing: what was under way has come. */
		quiet = !n;
		if (quiet)
			xsk_wait(&worker->xsk, -1, QUIET_MS);
	}
}

static void *run(void *arg)
{
	struct worker *worker = arg;
	int err = go_on(worker);

	if (!err)
		err = finish(worker);
	/* What the kernel still has was not sent, as far as we know. */
	worker->xsk.tx_dropped += worker->xsk.frames.owned[FRAMES_TX];
	publish(worker);
	pthread_mutex_lock(&worker->lock);
	worker->result = err;
	pthread_mutex_unlock(&worker->lock);
	return NULL;
}

int worker_start(struct worker *worker)
{
	int err;

	/* The kernel gets frames before the first packet is steered. */
	err = xsk_service(&worker->xsk);
	if (!err) {
		publish(worker);
		err = -pthread_create(&worker->thread, NULL, run, worker);
	}
	if (err)
		pr_err("cannot start a thread for queue %u: %s", worker->xsk.queue, strerror(-err));
	worker->running = !err;
	return err;
}

void worker_join(struct worker *worker)
{
	if (worker->running)
		pthread_join(worker->thread, NULL);
	worker->running = false;
}

int worker_read(struct worker *worker, struct worker_counts *counts)
{
	int err;

	pthread_mutex_lock(&worker->lock);
	*counts = worker->published;
	err = worker->result;
	pthread_mutex_unlock(&worker->lock);
	xsk_kernel_stats(&worker->xsk, &counts->kernel);
	return err;
}
