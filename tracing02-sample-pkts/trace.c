// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs of ours at the entry and the exit of one that is attached. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "log.h"
#include "probe/probe.h"
#include "rodata.h"
#include "signals.h"
#include "trace.h"

#define FILENAME "sample_trace_kern.o"

static const char *const names[SAMPLE_PLACES] = {
	[SAMPLE_ENTRY] = "sample_entry",
	[SAMPLE_EXIT] = "sample_exit",
};

/* A verdict is there at the exit only: so that is what one gets unasked. */
static bool wants(const struct sample_opts *opts, enum sample_place place)
{
	return place == SAMPLE_ENTRY ? opts->entry : opts->exit || !opts->entry;
}

static int open_object(struct trace *trace)
{
	char path[PATH_MAX];

	if (attach_find_file(FILENAME, path, sizeof(path)))
		return -ENOEXEC;
	trace->obj = bpf_object__open_file(path, NULL);
	if (trace->obj)
		return 0;
	pr_err("cannot open '%s': %s", path, strerror(errno));
	return -ENOEXEC;
}

/* Say where our programs go, before they are loaded: the verifier asks. */
static int aim(struct trace *trace, const struct sample_opts *opts, int fd)
{
	struct bpf_program *prog;
	int i, err = 0;

	for (i = SAMPLE_ENTRY; !err && i < SAMPLE_PLACES; i++) {
		prog = bpf_object__find_program_by_name(trace->obj, names[i]);
		if (!prog)
			return -ENOENT;
		bpf_program__set_autoload(prog, wants(opts, i));
		if (wants(opts, i))
			err = bpf_program__set_attach_target(prog, fd, trace->prog.name);
	}
	return err;
}

static int link_programs(struct trace *trace, const struct sample_opts *opts)
{
	int i;

	for (i = SAMPLE_ENTRY; i < SAMPLE_PLACES; i++) {
		if (!wants(opts, i))
			continue;
		trace->links[i] = bpf_program__attach(
			bpf_object__find_program_by_name(trace->obj, names[i]));
		if (!trace->links[i])
			return -errno;
	}
	return 0;
}

static int load(struct trace *trace, const struct sample_opts *opts)
{
	int err, fd = bpf_prog_get_fd_by_id(trace->prog.id);

	if (fd < 0)
		return fd;
	err = aim(trace, opts, fd);
	if (!err)
		err = bpf_object__load(trace->obj);
	if (!err)
		err = link_programs(trace, opts);
	close(fd);
	return err;
}

static int explain(const struct trace *trace, int err)
{
	err = probe_explain("fentry", err);
	if (!err || err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot trace '%s' (id %u): %s", trace->prog.name, trace->prog.id,
	       log_reason(LOG_LIBBPF, strerror(-err)));
	log_rejection(names[SAMPLE_ENTRY]);
	log_rejection(names[SAMPLE_EXIT]);
	return -ENOEXEC;
}

int trace_start(struct trace *trace, const struct sample_opts *opts, const struct ring *ring)
{
	const struct sample_settings settings = sample_settings(opts);
	int err = open_object(trace);

	if (!err)
		err = rodata_set(trace->obj, "settings", &settings, sizeof(settings));
	if (!err)
		err = ring_use(ring, trace->obj);
	if (err)
		return err;
	trace->holding = !signals_hold(&trace->old_signals);
	err = explain(trace, load(trace, opts));
	if (!err)
		pr_info("tracing id %u ('%s')", trace->prog.id, trace->prog.name);
	return err;
}

void trace_stop(struct trace *trace)
{
	int i;

	for (i = 0; i < SAMPLE_PLACES; i++) {
		bpf_link__destroy(trace->links[i]);
		trace->links[i] = NULL;
	}
}

void trace_close(struct trace *trace)
{
	trace_stop(trace);
	bpf_object__close(trace->obj);
	if (trace->holding)
		signals_restore(&trace->old_signals);
}
