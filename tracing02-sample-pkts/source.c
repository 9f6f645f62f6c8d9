// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Where the samples come from. First the perf buffers that they are in. Then what
 * fills them. A program of ours is attached: alone, or in front of one that the user
 * brings, which it calls. Or one that is attached already is traced, at its entry
 * and exit. Last, how it is described, read, checked and undone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/membarrier.h>
#include <linux/perf_event.h>

#include "log.h"
#include "maps.h"
#include "packets/prog_target.h"
#include "probe/probe.h"
#include "rodata.h"
#include "sample.h"
#include "signals.h"

#define FILENAME "xdp_sample_pkts_kern.o"
#define TRACE_FILENAME "sample_trace_kern.o"
#define NEXT_MAP "sample_behind"
#define SKIP "LIBXDP_SKIP_DISPATCHER" /* a variable that libxdp reads */
#define NAMES_MAX 512
#define PAGE ((unsigned int)sysconf(_SC_PAGESIZE))
#define TOTAL_KIB (64 * 1024U) /* for all CPUs together, without --buffer, */
#define MOST_KIB (32 * 1024U) /* and for one of them */
#define LEAST_KIB 512U
#define WAKEUP_MAX (512 * 1024U) /* bytes */

/*
 * The perf buffers, one for each CPU: they wake the reader when there is much to
 * read, not for each sample.
 */

/* A sample as perf_event_open(2) describes it, for PERF_SAMPLE_RAW. */
struct raw_sample {
	struct perf_event_header header;
	__u32 size; /* of what follows, padding included */
	char data[];
};

/* libbpf's callback for each record in a buffer. */
static enum bpf_perf_event_ret on_event(void *context, int cpu, struct perf_event_header *event)
{
	const struct raw_sample *raw = (const void *)event;
	struct ring *ring = context;
	struct sample sample;

	(void)cpu;
	/* PERF_RECORD_LOST: the program has counted these already. */
	if (event->type != PERF_RECORD_SAMPLE)
		return LIBBPF_PERF_EVENT_CONT;
	/* It is not aligned: four bytes are before it. */
	memcpy(&sample, raw->data, sizeof(sample));
	ring->result = ring->on_sample(ring->context, &sample,
				       (const unsigned char *)raw->data + sizeof(sample));
	return ring->result ? LIBBPF_PERF_EVENT_DONE : LIBBPF_PERF_EVENT_CONT;
}

/* A power of two of pages. */
static unsigned int count_pages(unsigned int kib)
{
	unsigned int pages = 1;

	if (!kib) {
		kib = TOTAL_KIB / (unsigned int)libbpf_num_possible_cpus();
		kib = kib > MOST_KIB ? MOST_KIB : kib;
		kib = kib < LEAST_KIB ? LEAST_KIB : kib;
	}
	while ((unsigned long long)pages * PAGE < kib * 1024ULL)
		pages *= 2;
	return pages;
}

/*
 * Make the map and the buffers, of @kib KiB for each CPU (0: what suits the
 * machine). Returns 0 or -errno after one error line.
 */
static int open_ring(struct ring *ring, unsigned int kib)
{
	unsigned int pages = count_pages(kib), wakeup = pages * PAGE / 4;
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		/* Not for each event: when so many bytes are there. */
		.watermark = 1,
		.wakeup_watermark = wakeup > WAKEUP_MAX ? WAKEUP_MAX : wakeup,
	};
	int err;

	ring->map_fd = bpf_map_create(BPF_MAP_TYPE_PERF_EVENT_ARRAY, "xdp_samples", sizeof(__u32),
				      sizeof(__u32), (__u32)libbpf_num_possible_cpus(), NULL);
	if (ring->map_fd < 0) {
		err = -errno;
		ring->map_fd = 0;
		pr_err("cannot make map 'xdp_samples': %s%s", strerror(-err),
		       err == -EPERM ? " (run it as root)" : "");
		return err == -EPERM ? err : -ENOEXEC;
	}
	ring->buffer = perf_buffer__new_raw(ring->map_fd, pages, &attr, on_event, ring, NULL);
	if (ring->buffer)
		return 0;
	err = -errno;
	pr_err("cannot make perf buffers of %u KiB: %s (see --buffer)", pages * (PAGE / 1024),
	       strerror(-err));
	return -ENOEXEC;
}

/* Have @obj, not loaded yet, use this map: so the buffers exist before the first packet. */
static int use_ring(const struct ring *ring, struct bpf_object *obj)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "xdp_samples");
	int err = map ? bpf_map__reuse_fd(map, ring->map_fd) : -ENOENT;

	if (!err)
		return 0;
	pr_err("cannot use map 'xdp_samples': %s", strerror(-err));
	return -ENOEXEC;
}

static void close_ring(struct ring *ring)
{
	perf_buffer__free(ring->buffer);
	if (ring->map_fd)
		close(ring->map_fd);
}

/* The settings and buffers of our programs, set while @obj is open. */
static int set_up(const struct source *source, struct bpf_object *obj,
		  const struct sample_opts *opts, bool *frags)
{
	const struct sample_settings settings = {
		.snaplen = opts->snaplen,
		.every = opts->every,
		.ifindex = (__u32)opts->dev.index,
		/* The helper came with packets of several pages. */
		.frags = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len,
						 NULL) == 1,
	};
	int err = rodata_set(obj, "settings", &settings, sizeof(settings));

	*frags = settings.frags;
	return err ? err : use_ring(&source->ring, obj);
}

/*
 * A tail call jumps to another program, which then has the packet for its own. It
 * needs nothing but a map of programs, so it works also where the kernel allows no
 * tracing: the packet is sampled, and dropped afterwards.
 */

static int fail_next(int err)
{
	pr_err("cannot put a program into map '" NEXT_MAP "': %s", strerror(-err));
	return -ENOEXEC;
}

/* Load the program of --filename and --progname, and put it into a program array. */
static int load_next(struct source *source, const struct attach_opts *opts)
{
	struct bpf_program *prog;
	__u32 key = 0;
	int err, fd;

	err = attach_open(&source->next, opts, NULL, NULL);
	if (!err)
		err = attach_load_only(&source->next, &prog);
	if (err)
		return err;
	fd = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, NEXT_MAP, sizeof(key), sizeof(__u32), 1, NULL);
	if (fd < 0)
		return fail_next(-errno);
	source->next_map = fd;
	fd = bpf_program__fd(prog);
	err = bpf_map_update_elem(source->next_map, &key, &fd, BPF_ANY);
	return err ? fail_next(-errno) : 0;
}

/* Have our program, not loaded yet, call that one. */
static int use_next(struct source *source)
{
	struct bpf_map *map = bpf_object__find_map_by_name(source->at.obj, NEXT_MAP);
	const struct bpf_program *prog = bpf_object__find_program_by_name(
		source->next.obj, xdp_program__name(source->next.prog));
	int err = map ? bpf_map__reuse_fd(map, source->next_map) : -ENOENT;

	/* Both accept packets of several pages, or neither does. */
	if (!err)
		err = xdp_program__set_xdp_frags_support(
			source->at.prog, prog_target_flags(prog) & BPF_F_XDP_HAS_FRAGS);
	return err ? fail_next(err) : 0;
}

/* Set up the object while it is open, then load and attach it. */
static int attach_ours(struct source *source, const struct sample_opts *opts)
{
	struct attach_opts own = opts->attach;
	bool chain = own.filename, frags;
	int err = 0;

	own.filename = own.progname = NULL;
	if (chain)
		err = load_next(source, &opts->attach);
	if (!err)
		err = attach_open(&source->at, &own, FILENAME,
				  chain ? "xdp_sample_chain_prog" : "xdp_sample_prog");
	if (!err)
		err = set_up(source, source->at.obj, opts, &frags);
	/* libxdp 1.3 does not read it from the section's name. */
	if (!err)
		err = chain ? use_next(source) :
			      xdp_program__set_xdp_frags_support(source->at.prog, frags);
	if (err)
		return err;
	/* The kernel refuses a tail call in a program that a dispatcher runs. */
	if (chain)
		setenv(SKIP, "1", 1);
	err = attach_load(&source->at, &opts->dev, &own);
	if (chain)
		unsetenv(SKIP);
	if (!err)
		attach_announce(&source->at);
	return err;
}

/*
 * Tracing: the program that is attached stays as it is. First: which one?
 */

/*
 * All programs on @dev; before several of them libxdp's dispatcher. With only
 * one, that replaces the dispatcher itself, which cannot be traced then.
 */
static int list_programs(const struct netif *dev, struct attach_list *list)
{
	struct attach_list found;
	struct xdp_multiprog *mp;
	struct xdp_program *main;
	int err = attach_query(dev, &found), i;

	list->count = 0;
	if (err)
		return err;
	mp = xdp_multiprog__get_from_ifindex(dev->index);
	main = mp && !libxdp_get_error(mp) && !xdp_multiprog__is_legacy(mp) ?
		       xdp_multiprog__main_prog(mp) :
		       NULL;
	if (main && found.count > 1) {
		struct attach_entry *entry = &list->entry[list->count++];

		*entry = (struct attach_entry){ .id = xdp_program__id(main),
						.mode = found.entry[0].mode };
		snprintf(entry->name, sizeof(entry->name), "%s", xdp_program__name(main));
	}
	if (mp && !libxdp_get_error(mp))
		xdp_multiprog__close(mp);
	for (i = 0; i < found.count && list->count < ATTACH_LIST_MAX; i++)
		list->entry[list->count++] = found.entry[i];
	return 0;
}

/* Whether --trace @word, an id or a name, is the program @entry. */
static bool is_called(const struct attach_entry *entry, const char *word)
{
	char *end;
	unsigned long id = strtoul(word, &end, 10);

	if (*word && !*end)
		return entry->id == id;
	return !strcmp(entry->name, word);
}

static const char *list_names(const struct attach_list *list, char *names, size_t size)
{
	size_t len = 0;
	int i;

	snprintf(names, size, "none");
	for (i = 0; i < list->count && len < size; i++)
		len += (size_t)snprintf(names + len, size - len, "%s%u ('%s')", i ? ", " : "",
					list->entry[i].id, list->entry[i].name);
	return names;
}

/* Find the program to trace. */
static int find_traced(struct source *source, const struct sample_opts *opts)
{
	struct attach_list list;
	char names[NAMES_MAX];
	int i, err, found = 0;

	err = list_programs(&opts->dev, &list);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", opts->dev.name, strerror(-err));
		return err == -ENODEV ? err : -EIO;
	}
	for (i = list.count - 1; i >= 0; i--) {
		if (opts->trace && !is_called(&list.entry[i], opts->trace))
			continue;
		source->traced = list.entry[i];
		found++;
	}
	/* Without --trace it is the first: the dispatcher, or the only one. */
	if (found == 1 || (found && !opts->trace))
		return 0;
	if (found)
		pr_err("several programs '%s' are on '%s': %s (--trace ID)", opts->trace,
		       opts->dev.name, list_names(&list, names, sizeof(names)));
	else
		pr_err("no program '%s' to trace on '%s'; there is: %s", opts->trace ?: "",
		       opts->dev.name, list_names(&list, names, sizeof(names)));
	return found ? -EINVAL : -ENOENT;
}

/* Then, programs of ours at its entry, its exit, or both. */

static const char *const trace_names[SAMPLE_PLACES] = {
	[SAMPLE_ENTRY] = "sample_entry",
	[SAMPLE_EXIT] = "sample_exit",
};

/* Only the exit shows the verdict, so the exit is the default. */
static bool is_sampled(const struct sample_opts *opts, enum sample_place place)
{
	return place == SAMPLE_ENTRY ? opts->entry : opts->exit || !opts->entry;
}

/* Set what our programs trace, before they are loaded: the verifier needs it. */
static int set_targets(struct source *source, const struct sample_opts *opts, int fd)
{
	struct bpf_program *prog;
	int i, err = 0;

	for (i = SAMPLE_ENTRY; !err && i < SAMPLE_PLACES; i++) {
		prog = bpf_object__find_program_by_name(source->tracing, trace_names[i]);
		if (!prog)
			return -ENOENT;
		bpf_program__set_autoload(prog, is_sampled(opts, i));
		if (is_sampled(opts, i))
			err = bpf_program__set_attach_target(prog, fd, source->traced.name);
	}
	return err;
}

static int link_programs(struct source *source, const struct sample_opts *opts)
{
	int i;

	for (i = SAMPLE_ENTRY; i < SAMPLE_PLACES; i++) {
		if (!is_sampled(opts, i))
			continue;
		source->links[i] = bpf_program__attach(
			bpf_object__find_program_by_name(source->tracing, trace_names[i]));
		if (!source->links[i])
			return -errno;
	}
	return 0;
}

static int load_tracing(struct source *source, const struct sample_opts *opts)
{
	int err, fd = bpf_prog_get_fd_by_id(source->traced.id);

	if (fd < 0)
		return fd;
	err = set_targets(source, opts, fd);
	if (!err)
		err = bpf_object__load(source->tracing);
	if (!err)
		err = link_programs(source, opts);
	close(fd);
	return err;
}

static int explain_tracing(const struct source *source, int err)
{
	err = probe_explain("fentry", err);
	if (!err || err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot trace '%s' (id %u): %s", source->traced.name, source->traced.id,
	       log_reason(LOG_LIBBPF, strerror(-err)));
	log_rejection(trace_names[SAMPLE_ENTRY]);
	log_rejection(trace_names[SAMPLE_EXIT]);
	return -ENOEXEC;
}

static int trace_theirs(struct source *source, const struct sample_opts *opts)
{
	char path[PATH_MAX];
	int err = find_traced(source, opts);
	bool frags;

	if (err)
		return err;
	source->tracing = attach_open_object(TRACE_FILENAME, path);
	if (!source->tracing)
		return -ENOEXEC;
	err = set_up(source, source->tracing, opts, &frags);
	if (err)
		return err;
	source->holding = !signals_hold(&source->old_signals);
	err = explain_tracing(source, load_tracing(source, opts));
	if (err)
		return err;
	source->traces = true;
	pr_info("tracing id %u ('%s') on '%s'; Ctrl-C ends it", source->traced.id,
		source->traced.name, source->dev.name);
	return 0;
}

/*
 * Whether to trace: because the user says so, or because a program is on the
 * interface that is neither to be replaced nor called. Returns 1 or 0; or -EBUSY
 * after one error line where the kernel has no tracing.
 */
static int must_trace(const struct sample_opts *opts)
{
	char reason[PROBE_REASON_MAX];
	struct attach_list list;

	if (opts->entry || opts->exit || opts->trace)
		return 1;
	if (opts->attach.force || opts->attach.filename || attach_query(&opts->dev, &list) ||
	    !list.count)
		return 0;
	if (probe_feature("fentry", reason, sizeof(reason)))
		return 1;
	pr_err("cannot sample on '%s': id %u ('%s') is there, "
	       "and cannot be traced: %s (--force replaces it)",
	       opts->dev.name, list.entry[0].id, list.entry[0].name, reason);
	return -EBUSY;
}

/* What a capture file says of where its packets were sampled. */
static void describe_place(struct source *source, enum sample_place place, const char *where,
			   const char *prog)
{
	unsigned int i = source->setup.count++;

	snprintf(source->text[place], sizeof(source->text[place]), "%s%s", where, prog);
	source->interface[place] = i;
	source->setup.interfaces[i] = (struct capfile_interface){
		.name = source->dev.name,
		.description = source->text[place],
	};
}

static void describe(struct source *source)
{
	if (source->next.prog)
		describe_place(source, SAMPLE_XDP, "before ", xdp_program__name(source->next.prog));
	else if (source->at.prog)
		describe_place(source, SAMPLE_XDP, "", xdp_program__name(source->at.prog));
	if (source->links[SAMPLE_ENTRY])
		describe_place(source, SAMPLE_ENTRY, "entry of ", source->traced.name);
	if (source->links[SAMPLE_EXIT])
		describe_place(source, SAMPLE_EXIT, "exit of ", source->traced.name);
}

int source_start(struct source *source, const struct sample_opts *opts)
{
	int err = open_ring(&source->ring, opts->buffer);

	source->dev = opts->dev;
	source->setup.snaplen = opts->snaplen;
	if (!err)
		err = must_trace(opts);
	if (err > 0)
		err = trace_theirs(source, opts);
	else if (!err)
		err = attach_ours(source, opts);
	if (!err)
		describe(source);
	return err;
}

int source_read(struct source *source, int ms, source_sample_fn *on_sample, void *context)
{
	struct ring *ring = &source->ring;
	struct epoll_event event;
	int err;

	ring->on_sample = on_sample;
	ring->context = context;
	ring->result = 0;
	epoll_wait(perf_buffer__epoll_fd(ring->buffer), &event, 1, ms);
	/* Also those buffers that are not full enough to wake anybody. */
	err = perf_buffer__consume(ring->buffer);
	return ring->result ? ring->result : err;
}

static int check_traced(const struct source *source)
{
	struct attach_list list;
	int i, err = list_programs(&source->dev, &list);

	for (i = 0; !err && i < list.count; i++)
		if (list.entry[i].id == source->traced.id)
			return 0;
	if (err)
		pr_err("interface '%s' is gone", source->dev.name);
	else
		pr_err("id %u ('%s') is no longer attached to '%s'", source->traced.id,
		       source->traced.name, source->dev.name);
	return err ? -ENODEV : -ENOENT;
}

int source_check(struct source *source)
{
	return source->tracing ? check_traced(source) : attach_check(&source->at);
}

/* Returns 0 or -errno after one error line; 0 also when it was stopped before. */
static int stop(struct source *source)
{
	int i, err;

	for (i = 0; i < SAMPLE_PLACES; i++) {
		bpf_link__destroy(source->links[i]);
		source->links[i] = NULL;
	}
	if (source->traces)
		pr_info("no longer tracing id %u ('%s') on '%s'", source->traced.id,
			source->traced.name, source->dev.name);
	source->traces = false;
	err = attach_detach(&source->at);
	source->at.id = 0;
	/* Wait for programs that run at this moment on another CPU. */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	return err ? -EIO : 0;
}

/* Add up the counters of all places and CPUs. Returns 0 or -errno after one error line. */
static int add_counts(const struct source *source, struct sample_counts *sum)
{
	const struct bpf_object *obj = source->tracing ?: source->at.obj;
	int fd = maps_find(obj, "sample_counts"), cpus, i, err;
	struct sample_counts *counts;

	*sum = (struct sample_counts){ 0 };
	cpus = libbpf_num_possible_cpus();
	if (fd < 0 || cpus < 0)
		return -ENOEXEC;
	counts = calloc((size_t)cpus * SAMPLE_PLACES, sizeof(*counts));
	if (!counts)
		return -ENOMEM;
	err = maps_read_percpu(fd, SAMPLE_PLACES, sizeof(*counts), counts);
	if (err)
		pr_err("cannot read 'sample_counts': %s", strerror(-err));
	for (i = 0; !err && i < cpus * SAMPLE_PLACES; i++) {
		sum->seen += counts[i].seen;
		sum->lost += counts[i].lost;
	}
	free(counts);
	return err ? -ENOEXEC : 0;
}

int source_stop(struct source *source, struct sample_counts *sum)
{
	int err = stop(source);

	return err ? err : add_counts(source, sum);
}

void source_close(struct source *source)
{
	stop(source);
	bpf_object__close(source->tracing);
	if (source->holding)
		signals_restore(&source->old_signals);
	attach_close(&source->at);
	if (source->next_map)
		close(source->next_map);
	attach_close(&source->next);
	close_ring(&source->ring);
}
