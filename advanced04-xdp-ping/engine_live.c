// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The live engine. The kernel makes the requests, as live frames, and a program
 * measures the answers: the process says how many frames to make, looks on, and
 * collects what was counted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "clock.h"
#include "log.h"
#include "maps.h"
#include "net/peer.h"
#include "packets/live.h"
#include "packets/schedule.h"
#include "ping.h"
#include "probe/probe.h"
#include "report.h"
#include "request.h"
#include "rodata.h"
#include "rules.h"
#include "signals.h"

#define OBJECT "xdp_ping_live_kern.o"
#define POLL_SECONDS 0.001

struct live_run {
	struct ping *ping;
	struct attach at; /* the program that measures */
	struct attach sender; /* the program that completes requests; not attached */
	struct live live;
	struct ping_frame frame; /* the kernel makes copies of it */
	struct ping_state *state; /* the programs' own memory */
	struct ring_buffer *errors;
	struct schedule schedule;
	/* Seconds, monotonic. */
	double checked; /* that the program is still attached */
	double sent; /* the last request */
	double moved; /* when the window last moved */
	uint64_t answered; /* the highest number that was, at that time */
};

/* Memory that programs write while it is read. */
static uint64_t read_once(const __u64 *value)
{
	return __atomic_load_n(value, __ATOMIC_ACQUIRE);
}

static void write_once(__u64 *value, uint64_t number)
{
	__atomic_store_n(value, number, __ATOMIC_RELEASE);
}

/* What the programs have counted. */

static int collect_counts(struct ping *ping, int fd, unsigned int cpus)
{
	struct ping_counts *values = calloc((size_t)ping->n_active * cpus, sizeof(*values));
	unsigned int i, cpu;
	int err = -ENOMEM;

	if (values)
		err = maps_read_percpu(fd, ping->n_active, sizeof(*values), values);
	for (i = 0; !err && i < ping->n_active; i++) {
		memset(&ping->active[i]->counts, 0, sizeof(*values));
		for (cpu = 0; cpu < cpus; cpu++)
			ping_add_counts(&ping->active[i]->counts, &values[i * cpus + cpu]);
	}
	free(values);
	return err;
}

static int collect_hist(struct ping *ping, int fd, unsigned int cpus)
{
	struct ping_hist *values = calloc(cpus, sizeof(*values));
	unsigned int cpu, i;
	int err = -ENOMEM;

	if (values)
		err = maps_read_percpu(fd, 1, sizeof(*values), values);
	if (!err)
		memset(&ping->hist, 0, sizeof(ping->hist));
	for (cpu = 0; !err && cpu < cpus; cpu++)
		for (i = 0; i < HIST_BUCKETS; i++)
			ping->hist.bucket[i] += values[cpu].bucket[i];
	free(values);
	return err;
}

/* Requests went to the targets in turn: the first ones may have one more. */
static void share_sent(struct ping *ping)
{
	unsigned int i;

	for (i = 0; i < ping->n_active; i++)
		ping->active[i]->sent = ping->sent / ping->n_active +
					(i < ping->sent % ping->n_active);
}

static int collect(struct live_run *run)
{
	int counts = maps_find(run->at.obj, "ping_count_map");
	int hist = maps_find(run->at.obj, "ping_hist_map");
	int cpus = libbpf_num_possible_cpus(), err = -ENOEXEC;

	if (counts < 0 || hist < 0 || cpus < 0)
		return err;
	run->ping->sent = read_once(&run->state->sent);
	run->ping->last = monotonic_now();
	share_sent(run->ping);
	err = collect_counts(run->ping, counts, (unsigned int)cpus);
	if (!err)
		err = collect_hist(run->ping, hist, (unsigned int)cpus);
	if (!err)
		rules_collect(run->ping, run->at.obj);
	else
		pr_err("cannot read the counters: %s", strerror(-err));
	return err;
}

/* For ring_buffer__new(): one struct ping_error. */
static int handle_error(void *context, void *data, size_t size)
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
	report_icmp_error(ping, &from, error->type, error->code, error->sequence);
	return 0;
}

/* The run. */

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

/* Returns 1 when requests were due and some were sent, 0, or -errno. */
static int send_due(struct live_run *run, double now)
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

/*
 * The stall rule. In a flood the program itself sees how many requests are on
 * their way, and when the last ones are lost it would wait for ever: these are
 * given up, one after the other.
 */
static void raise_floor(struct live_run *run, double now)
{
	struct ping_state *state = run->state;
	uint64_t answered = read_once(&state->answered);
	uint64_t sent = read_once(&state->sent);

	if (answered != run->answered || !sent)
		run->moved = now;
	run->answered = answered;
	if (now - run->moved < PING_STALL)
		return;
	if (sent >= run->ping->opts->window)
		write_once(&state->floor, sent + 1 - run->ping->opts->window);
	run->moved = now;
}

/* What goes on: ICMP errors, stalls, and whether the program is still attached. */
static int watch(struct live_run *run, double now)
{
	ring_buffer__consume(run->errors);
	if (run->ping->opts->flood)
		raise_floor(run, now);
	if (now < run->checked + PING_CHECK)
		return 0;
	run->checked = now;
	return attach_check(&run->at);
}

/* Until requests are due, or an answer may have come. Returns true after a signal. */
static bool sleep_until_due(struct live_run *run, double now)
{
	double until = now + POLL_SECONDS;

	if (!run->ping->opts->flood)
		until = schedule_next(&run->schedule, now, (double)read_once(&run->state->sent));
	if (until > now + PING_CHECK)
		until = now + PING_CHECK;
	return signals_wait(until - now);
}

/* All are sent: wait until each was answered, has failed, or is late. */
static int wait_for_last(struct live_run *run)
{
	double end = run->sent + run->ping->opts->wait, now;
	struct ping_counts sum;
	int err;

	do {
		now = monotonic_now();
		err = collect(run);
		ping_sum(run->ping, &sum);
		if (!err)
			err = watch(run, now);
	} while (!err && sum.received + sum.late + sum.errors < read_once(&run->state->sent) &&
		 now < end && !signals_wait(POLL_SECONDS));
	ring_buffer__consume(run->errors);
	return err;
}

static void begin_sending(struct live_run *run)
{
	const struct ping *ping = run->ping;
	const struct schedule_opts wanted = {
		.pps = ping_rate(ping),
		.count = (double)ping->opts->count * ping->n_active,
	};
	struct ping_state *state = run->state;
	double now = monotonic_now();

	state->window = ping->opts->flood ? ping->opts->window : UINT32_MAX;
	state->limit = wanted.count > 0 ? (uint64_t)wanted.count : UINT64_MAX;
	schedule_begin(&run->schedule, &wanted, now);
	run->ping->first = run->checked = run->moved = run->sent = now;
}

/* Until all are answered or given up, or a signal comes. 0, or -errno after one error line. */
static int send_and_watch(struct live_run *run)
{
	const struct ping_state *state = run->state;
	double now;
	int n, err;

	begin_sending(run);
	for (;;) {
		now = monotonic_now();
		if (schedule_is_over(&run->schedule, now, (double)read_once(&state->sent)))
			return wait_for_last(run);
		n = send_due(run, now);
		err = n < 0 ? n : watch(run, now);
		if (err || signals_pending() || (!n && sleep_until_due(run, now)))
			return err;
	}
}

/* The programs, their maps and their memory. */

static int configure(const struct ping *ping, const struct attach *at)
{
	const struct ping_settings settings = {
		.len = (uint32_t)ping->len,
		.size = ping->opts->size,
		.targets = ping->n_active,
		.id = htons(ping->id),
		.ipv6 = ping->family == AF_INET6,
		.cookie = ping->cookie,
		.late = (uint64_t)(ping->opts->wait * 1e9),
	};
	int err = rodata_set(at->obj, "ping", &settings, sizeof(settings));

	if (!err)
		err = rules_prepare(ping, at);
	if (!err)
		err = maps_resize(at->obj, at->path, "ping_frame_map", ping->n_active);
	if (!err)
		err = maps_resize(at->obj, at->path, "ping_count_map", ping->n_active);
	return err;
}

/* Will the interface take frames that nobody sent through the stack? */
static int check_interface(const struct netif *dev)
{
	char reason[PEER_REASON_MAX];
	int rc = peer_check_redirect(dev, reason, sizeof(reason));

	if (rc > 0) {
		pr_err("cannot send live frames to '%s': %s (or use --engine xsk)", dev->name,
		       reason);
		return -EOPNOTSUPP;
	}
	if (rc < 0)
		pr_warn("'%s' may take no live frames: %s", dev->name, reason);
	return 0;
}

static int open_programs(struct live_run *run)
{
	struct ping *ping = run->ping;
	const struct attach_opts none = { 0 };
	size_t max = ETH_HLEN + PACKET_ECHO_HEAD + PING_SIZE_MAX +
		     (ping->family == AF_INET6 ? 40 : 20);
	int mtu = netif_mtu(&ping->dev), err;

	if (mtu < 0) {
		pr_err("cannot ask '%s' for its MTU: %s", ping->dev.name, strerror(-mtu));
		return -ENODEV;
	}
	if ((size_t)mtu + ETH_HLEN < max)
		max = (size_t)mtu + ETH_HLEN;
	err = request_prepare(ping, max);
	if (!err)
		err = check_interface(&ping->dev);
	if (!err)
		err = attach_open(&run->at, &ping->opts->attach, OBJECT, "xdp_ping_live_func");
	if (!err)
		err = attach_open(&run->sender, &none, OBJECT, "xdp_ping_send_func");
	if (!err)
		err = configure(ping, &run->at);
	return err ? err : configure(ping, &run->sender);
}

static int fill_frames(const struct ping *ping, const struct bpf_object *obj)
{
	int fd = maps_find(obj, "ping_frame_map");
	struct ping_frame frame;
	uint32_t i;

	if (fd < 0)
		return -ENOEXEC;
	for (i = 0; i < ping->n_active; i++) {
		request_template(ping, ping->active[i], &frame);
		if (!bpf_map_update_elem(fd, &i, &frame, BPF_ANY))
			continue;
		pr_err("cannot enter a request in 'ping_frame_map': %s", strerror(errno));
		return -ENOEXEC;
	}
	return 0;
}

static int map_state(struct live_run *run)
{
	int fd = maps_find(run->at.obj, "ping_state_map");

	if (fd < 0)
		return -ENOEXEC;
	run->state = mmap(NULL, sizeof(*run->state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (run->state != MAP_FAILED)
		return 0;
	run->state = NULL;
	pr_err("cannot map 'ping_state_map': %s", strerror(errno));
	return -ENOEXEC;
}

static int open_errors(struct live_run *run)
{
	int fd = maps_find(run->at.obj, "ping_error_map");

	if (fd < 0)
		return -ENOEXEC;
	run->errors = ring_buffer__new(fd, handle_error, run->ping, NULL);
	if (run->errors)
		return 0;
	pr_err("cannot read 'ping_error_map': %s", strerror(errno));
	return -ENOEXEC;
}

/* Both programs are in one file, which is loaded twice, with one set of maps. */
static int share_maps(struct bpf_object *to, const struct bpf_object *from)
{
	static const char *const shared[] = { "ping_state_map", "ping_frame_map" };
	struct bpf_map *map;
	int err = 0, fd;
	size_t i;

	for (i = 0; !err && i < sizeof(shared) / sizeof(shared[0]); i++) {
		map = bpf_object__find_map_by_name(to, shared[i]);
		fd = maps_find(from, shared[i]);
		err = map && fd >= 0 ? bpf_map__reuse_fd(map, fd) : -ENOENT;
	}
	if (!err)
		return 0;
	pr_err("cannot share the maps of '%s': %s", OBJECT, strerror(-err));
	return -ENOEXEC;
}

static int load_sender(struct live_run *run)
{
	uint32_t key = 0, ifindex = (uint32_t)run->ping->dev.index;
	struct bpf_program *prog;
	int fd, err;

	err = share_maps(run->sender.obj, run->at.obj);
	if (!err)
		err = attach_load_only(&run->sender, &prog);
	if (err)
		return err;
	fd = maps_find(run->sender.obj, "ping_dev_map");
	if (fd < 0)
		return -ENOEXEC;
	if (bpf_map_update_elem(fd, &key, &ifindex, BPF_ANY)) {
		pr_err("cannot send through '%s': %s", run->ping->dev.name, strerror(errno));
		return -EIO;
	}
	request_template(run->ping, run->ping->active[0], &run->frame);
	live_open(&run->live, bpf_program__fd(prog));
	return 0;
}

static int run_attached(struct live_run *run)
{
	struct ping *ping = run->ping;
	int err = rules_enter(ping, run->at.obj);

	if (!err)
		err = fill_frames(ping, run->at.obj);
	if (!err)
		err = map_state(run);
	if (!err)
		err = open_errors(run);
	if (!err)
		err = load_sender(run);
	if (err)
		return err;
	ping->mode = "by live frames";
	err = report_begin(ping);
	if (!err)
		err = send_and_watch(run);
	/* What came is collected, whatever else went wrong. */
	return collect(run) ?: err;
}

int engine_live(struct ping *ping)
{
	struct live_run run = { .ping = ping };
	int err = open_programs(&run);

	if (!err)
		err = attach_load(&run.at, &ping->dev, &ping->opts->attach);
	if (!err) {
		attach_announce(&run.at);
		err = run_attached(&run);
		if (err != -ENODEV && err != -ENOENT && attach_detach(&run.at) && !err)
			err = -EIO;
	}
	live_close(&run.live);
	ring_buffer__free(run.errors);
	if (run.state)
		munmap(run.state, sizeof(*run.state));
	attach_close(&run.sender);
	attach_close(&run.at);
	return err;
}
