// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Where the samples come from. A program of ours is attached: alone, or in front
 * of one that the user brings, which it calls. Or one that is attached already is
 * traced, at its entry and exit. Then, how it is checked, described and undone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/membarrier.h>

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

/* The settings and buffers of our programs, set while @obj is open. */
static int set_up(struct bpf_object *obj, const struct sample_opts *opts, const struct ring *ring,
		  bool *frags)
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
	return err ? err : ring_use(ring, obj);
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
static int attach_ours(struct source *source, const struct sample_opts *opts,
		       const struct ring *ring)
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
		err = set_up(source->at.obj, opts, ring, &frags);
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

static int trace_theirs(struct source *source, const struct sample_opts *opts,
			const struct ring *ring)
{
	char path[PATH_MAX];
	int err = find_traced(source, opts);
	bool frags;

	if (err)
		return err;
	source->tracing = attach_open_object(TRACE_FILENAME, path);
	if (!source->tracing)
		return -ENOEXEC;
	err = set_up(source->tracing, opts, ring, &frags);
	if (err)
		return err;
	source->holding = !signals_hold(&source->old_signals);
	err = explain_tracing(source, load_tracing(source, opts));
	if (!err)
		pr_info("tracing id %u ('%s')", source->traced.id, source->traced.name);
	return err;
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

int source_start(struct source *source, const struct sample_opts *opts, const struct ring *ring)
{
	int err = must_trace(opts);

	source->dev = opts->dev;
	source->setup.snaplen = opts->snaplen;
	if (err > 0)
		err = trace_theirs(source, opts, ring);
	else if (!err)
		err = attach_ours(source, opts, ring);
	if (!err)
		describe(source);
	return err;
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

int source_stop(struct source *source)
{
	int i, err;

	for (i = 0; i < SAMPLE_PLACES; i++) {
		bpf_link__destroy(source->links[i]);
		source->links[i] = NULL;
	}
	err = attach_detach(&source->at);
	source->at.id = 0;
	/* Wait for programs that run at this moment on another CPU. */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	return err ? -EIO : 0;
}

int source_counts(const struct source *source, struct sample_counts *sum)
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

void source_close(struct source *source)
{
	source_stop(source);
	bpf_object__close(source->tracing);
	if (source->holding)
		signals_restore(&source->old_signals);
	attach_close(&source->at);
	if (source->next_map)
		close(source->next_map);
	attach_close(&source->next);
}
