// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Receive packets in user space by AF_XDP sockets, and answer echo requests. A
 * socket and a thread for each queue: all of them are the group. While the
 * threads work, the main one reports, and sees what goes wrong.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "af_xdp.h"
#include "afxdp/xsk.h"
#include "answer.h"
#include "attach.h"
#include "clock.h"
#include "cpus.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "report.h"
#include "signals.h"
#include "stats.h"

#define WAIT_MS 1000
#define QUIET_MS 5
#define FINISH_SECONDS 1.0
#define FAST_SECONDS 1e-6 /* between two packets: no time to sleep */
#define AWAKE_SECONDS 1e-3 /* the longest time without a sleep */
#define CHECK_SECONDS 0.25

enum worker_job {
	JOB_ECHO, /* answer echo requests */
	JOB_DROP, /* count, and give the frame back */
	JOB_L2FWD, /* send everything back */
};

struct user_opts {
	struct netif dev;
	struct attach_opts attach;
	struct xsk_opts xsk;
	struct stats_opts stats;
	int job; /* enum worker_job */
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct user_opts, dev),
	OPTION_SET("drop", 0, JOB_DROP, struct user_opts, job,
		   "count all packets and answer none (with xdp_sock_all_func)"),
	OPTION_SET("l2fwd", 0, JOB_L2FWD, struct user_opts, job,
		   "send all packets back to their senders (with xdp_sock_all_func)"),
	OPTIONS_XSK(struct user_opts, xsk),
	OPTIONS_MODE(struct user_opts, attach),
	OPTIONS_UNLOAD(struct user_opts, attach),
	OPTIONS_OBJECT(struct user_opts, attach),
	OPTIONS_STATS(struct user_opts, stats),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose =
		"Receive packets in user space by AF_XDP, a socket and a thread for each queue,\n"
		"and answer ICMP and ICMPv6 echo requests there, until --count, --duration or a\n"
		"signal ends it.",
	.options = options,
};

/* A socket, and the thread that works on it. */
struct worker {
	struct xsk xsk;
	enum worker_job job;
	bool poll; /* sleep where nothing comes */
	bool yield; /* there are more threads than CPUs */
	bool running;
	pthread_t thread;
	const atomic_bool *stop; /* set: finish */
	int stop_fd; /* can be read from then, which ends xsk_wait() */
	int result; /* -errno: it has ended because of this */
	struct worker_counts counts; /* the thread's own */
	double slept; /* when it last went to sleep, as monotonic_now() has it */
	uint64_t slept_at; /* packets received until then */
	pthread_mutex_t lock; /* for what follows */
	struct worker_counts published;
};

/* All sockets, and the maps of the program. */
struct group {
	struct netif dev;
	struct umem umem;
	struct worker *workers;
	unsigned int count;
	unsigned int queues; /* that the interface has */
	int queue_map; /* its file descriptor */
	atomic_bool stop; /* the threads are told to end */
	int stop_fd; /* and those that sleep are woken */
};

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

/* Start the thread on worker->xsk, which is open, as its lock is made. */
static int worker_start(struct worker *worker)
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

/*
 * Read its counters, all of one moment. Returns 0, or the -errno that has ended
 * the thread; *@counts are set in any case.
 */
static int worker_read(struct worker *worker, struct worker_counts *counts)
{
	int err;

	pthread_mutex_lock(&worker->lock);
	*counts = worker->published;
	err = worker->result;
	pthread_mutex_unlock(&worker->lock);
	xsk_kernel_stats(&worker->xsk, &counts->kernel);
	return err;
}

/*
 * Wait for it to end: when told to stop it goes on until what was taken in is
 * answered and sent, a second at most. Nothing happens if none runs.
 */
static void worker_join(struct worker *worker)
{
	if (worker->running)
		pthread_join(worker->thread, NULL);
	worker->running = false;
}

/* Make the program's maps as large as @dev has queues: before it is loaded. */
static int group_prepare(struct group *group, const struct attach *at, const struct netif *dev)
{
	int queues = netif_queues(dev), err;

	if (queues < 0) {
		pr_err("cannot ask '%s' for its queues: %s", dev->name, strerror(-queues));
		return queues;
	}
	group->dev = *dev;
	group->queues = (unsigned int)queues;
	err = maps_resize(at->obj, at->path, "xsks_map", group->queues);
	if (!err)
		err = maps_resize(at->obj, at->path, "xdp_queue_map", group->queues);
	return err;
}

static int allocate(struct group *group, unsigned int count)
{
	size_t size = count * sizeof(*group->workers);

	group->workers = aligned_alloc(_Alignof(struct worker), size);
	if (!group->workers) {
		pr_err("cannot get memory for %u queues", count);
		return -ENOMEM;
	}
	memset(group->workers, 0, size);
	group->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (group->stop_fd >= 0)
		return 0;
	pr_err("cannot make an eventfd: %s", strerror(errno));
	return -errno;
}

/*
 * Open a socket for each of @queues, all on one UMEM; they do @job. The program
 * may be attached later. To be followed by group_close() also if it fails.
 */
static int group_open(struct group *group, const struct cpus *queues, const struct xsk_opts *opts,
		      enum worker_job job)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int i;
	int err;

	err = allocate(group, queues->count);
	if (!err)
		err = umem_open(&group->umem, &opts->umem, queues->count);
	if (err)
		return err;
	for (i = 0; i < queues->count; i++) {
		struct worker *worker = &group->workers[i];

		worker->job = job;
		worker->poll = opts->poll;
		worker->yield = queues->count >= (unsigned long)cpus;
		worker->stop = &group->stop;
		worker->stop_fd = group->stop_fd;
		pthread_mutex_init(&worker->lock, NULL);
		err = xsk_open(&worker->xsk, &group->umem, &group->dev, queues->cpu[i], opts);
		if (err)
			return err;
		worker->counts.queue = worker->xsk.queue;
		worker->counts.zero_copy = worker->xsk.zero_copy;
		group->count++;
	}
	return 0;
}

/* Enter the sockets in the map of the loaded program, and start the threads. */
static int group_start(struct group *group, const struct attach *at)
{
	struct maps_layout layout = { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(__u32),
				      sizeof(struct queue_rec), group->queues };
	int xsks_map = maps_find(at->obj, "xsks_map"), err = 0;
	unsigned int i;

	group->queue_map = maps_find(at->obj, "xdp_queue_map");
	if (xsks_map < 0 || group->queue_map < 0 ||
	    maps_check(group->queue_map, "xdp_queue_map", &layout))
		return -ENOEXEC;
	for (i = 0; !err && i < group->count; i++)
		err = worker_start(&group->workers[i]);
	for (i = 0; !err && i < group->count; i++) {
		const struct xsk *xsk = &group->workers[i].xsk;

		err = xsk_map_add(&group->workers[i].xsk, xsks_map);
		if (!err)
			pr_info("queue %u of '%s': %s, %u frames of %u bytes", xsk->queue,
				group->dev.name, xsk->zero_copy ? "zero-copy" : "copy mode",
				group->umem.opts.frames, group->umem.opts.frame_size);
	}
	return err;
}

/* The sums over all CPUs. */
static int read_queues(const struct group *group, struct queue_rec *queues)
{
	unsigned int cpus = (unsigned int)libbpf_num_possible_cpus(), q, cpu;
	struct queue_rec *values;
	int err;

	values = calloc((size_t)group->queues * cpus, sizeof(*values));
	if (!values)
		return -ENOMEM;
	err = maps_read_percpu(group->queue_map, group->queues, sizeof(*values), values);
	for (q = 0; !err && q < group->queues; q++)
		for (cpu = 0; cpu < cpus; cpu++) {
			queues[q].seen += values[q * cpus + cpu].seen;
			queues[q].steered += values[q * cpus + cpu].steered;
		}
	free(values);
	return err;
}

static void record_free(struct record *rec)
{
	free(rec->worker);
	free(rec->queue);
	*rec = (struct record){ 0 };
}

/*
 * Read all counters, to be released with record_free(). Where a thread has ended
 * *@died is set to the -errno that ended it. Returns 0, or -errno after one error
 * line.
 */
static int record_collect(struct group *group, struct record *rec, int *died)
{
	unsigned int i;
	int err;

	rec->count = group->count;
	rec->worker = calloc(group->count, sizeof(*rec->worker));
	rec->queue = calloc(group->queues, sizeof(*rec->queue));
	rec->time = monotonic_now();
	if (!rec->worker || !rec->queue) {
		pr_err("cannot get memory for counters");
		record_free(rec);
		return -ENOMEM;
	}
	for (i = 0; i < group->count; i++) {
		err = worker_read(&group->workers[i], &rec->worker[i]);
		*died = err ? err : *died;
	}
	err = read_queues(group, rec->queue);
	if (!err)
		return 0;
	pr_err("cannot read 'xdp_queue_map': %s", strerror(-err));
	record_free(rec);
	return -ENOEXEC;
}

static bool has_socket(const struct group *group, unsigned int queue)
{
	unsigned int i;

	for (i = 0; i < group->count; i++)
		if (group->workers[i].xsk.queue == queue)
			return true;
	return false;
}

/* The commonest reason why nothing arrives: it arrives elsewhere. */
static bool warn_of_others(const struct group *group, const struct record *now)
{
	unsigned int q;

	for (q = 0; q < group->queues; q++) {
		if (!now->queue[q].seen || has_socket(group, q))
			continue;
		pr_warn("packets come in on queue %u of '%s', which has no socket (see --queue)", q,
			group->dev.name);
		return true;
	}
	return false;
}

/* Whether all is as it was. Returns 0, or -errno after one error line. */
static int check_all(const struct group *group, int died, struct attach *at)
{
	int err = attach_check(at);

	if (err || !died)
		return err;
	pr_err("cannot go on with '%s': %s", group->dev.name, strerror(-died));
	return died;
}

/* Sleep until the next report, or a part of that. True: a signal has come. */
static bool pause_until(double due)
{
	double left = due - monotonic_now();

	return signals_wait(left > CHECK_SECONDS ? CHECK_SECONDS : left > 0 ? left : 0);
}

/*
 * Report until @opts or a signal says to end. Returns 0, or -errno after one
 * error line: also when interface, program or a thread are gone.
 */
static int group_run(struct group *group, const struct stats_opts *opts, struct attach *at)
{
	struct record before, now;
	unsigned int reports = 0;
	bool warned = false;
	double started, wait, due;
	int err, died = 0;

	err = record_collect(group, &before, &died);
	if (err)
		return err;
	started = before.time;
	wait = stats_wait_time(opts, reports, started);
	due = monotonic_now() + wait;
	while (!err && wait >= 0 && !pause_until(due)) {
		err = record_collect(group, &now, &died);
		if (err)
			break;
		err = check_all(group, died, at);
		warned = warned || warn_of_others(group, &now);
		if (err || now.time < due) {
			record_free(&now);
			continue;
		}
		err = report_print(group->dev.name, opts, &now, &before);
		record_free(&before);
		before = now;
		wait = stats_wait_time(opts, ++reports, started);
		due = monotonic_now() + wait;
	}
	record_free(&before);
	return err;
}

/* What the last report could not know. */
static void summarize(struct group *group)
{
	unsigned long long received = 0, sent = 0, ignored = 0, lost = 0;
	struct worker_counts counts;
	unsigned int i;

	for (i = 0; i < group->count; i++) {
		worker_read(&group->workers[i], &counts);
		received += counts.rx.packets;
		sent += counts.tx.packets - counts.tx_dropped;
		ignored += counts.ignored;
		lost += counts.tx_dropped;
	}
	pr_info("received %llu packets, sent %llu, ignored %llu, not sent %llu", received, sent,
		ignored, lost);
}

/* End the threads; to be called when no new packets come. */
static void group_stop(struct group *group)
{
	unsigned int i;

	group->stop = true;
	if (group->workers && eventfd_write(group->stop_fd, 1))
		pr_warn("cannot tell the threads to end: %s", strerror(errno));
	for (i = 0; i < group->count; i++)
		worker_join(&group->workers[i]);
	summarize(group);
}

static void group_close(struct group *group)
{
	unsigned int i;

	for (i = 0; i < group->count; i++)
		xsk_close(&group->workers[i].xsk);
	umem_close(&group->umem);
	if (group->workers && group->stop_fd >= 0)
		close(group->stop_fd);
	free(group->workers);
	group->workers = NULL;
}

/* Sockets are there; packets come when the program is. */
static int attach_and_run(struct group *group, struct attach *at, const struct user_opts *opts)
{
	int err;

	/* Load and attach: until sockets are in the map, packets pass. */
	err = attach_load(at, &opts->dev, &opts->attach);
	if (err)
		return err;
	attach_announce(at);
	err = group_start(group, at);

	/* Run: the threads answer, this one reports. */
	if (!err)
		err = group_run(group, &opts->stats, at);

	/* No new packets first; then what was taken in is answered. */
	if (err != -ENODEV && err != -ENOENT && attach_detach(at) && !err)
		err = -EIO;
	group_stop(group);
	return err;
}

int main(int argc, char **argv)
{
	struct user_opts opts = { .job = JOB_ECHO };
	struct group group = { 0 };
	struct attach at = { 0 };
	struct cpus queues;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	/* Open: which program, and which queues. */
	err = attach_open(&at, &opts.attach, "af_xdp_kern.o",
			  opts.job == JOB_ECHO ? "xdp_sock_echo_func" : "xdp_sock_all_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	err = xsk_choose(&opts.xsk, opts.attach.mode, &opts.dev, &queues);
	if (err)
		goto close;

	/* Configure: maps for all queues, memory and sockets. */
	err = group_prepare(&group, &at, &opts.dev);
	if (!err)
		err = group_open(&group, &queues, &opts.xsk, (enum worker_job)opts.job);
	if (!err)
		err = attach_and_run(&group, &at, &opts);
	group_close(&group);
close:
	attach_close(&at);
	return attach_status(err);
}
