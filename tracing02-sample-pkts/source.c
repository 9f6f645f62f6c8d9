// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach, or trace; and the same again backwards. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/membarrier.h>

#include "attach.h"
#include "log.h"
#include "probe/probe.h"
#include "rodata.h"
#include "source.h"

#define FILENAME "xdp_sample_pkts_kern.o"
#define SKIP "LIBXDP_SKIP_DISPATCHER" /* libxdp asks for it */

/* Set up the object while it is open, then load and attach it. */
static int attach_ours(struct source *source, const struct sample_opts *opts,
		       const struct ring *ring)
{
	const struct sample_settings settings = sample_settings(opts);
	struct attach_opts own = opts->attach;
	bool chain = own.filename;
	int err = 0;

	own.filename = own.progname = NULL;
	if (chain)
		err = behind_open(&source->behind, &opts->attach);
	if (!err)
		err = attach_open(&source->at, &own, FILENAME,
				  chain ? "xdp_sample_chain_prog" : "xdp_sample_prog");
	if (!err)
		err = rodata_set(source->at.obj, "settings", &settings, sizeof(settings));
	if (!err)
		err = ring_use(ring, source->at.obj);
	/* libxdp 1.3 does not take it from the section's name. */
	if (!err && !chain)
		err = xdp_program__set_xdp_frags_support(source->at.prog, settings.frags);
	if (!err && chain)
		err = behind_use(&source->behind, &source->at);
	if (err)
		return err;
	/* The kernel refuses such a call in what a dispatcher runs. */
	if (chain)
		setenv(SKIP, "1", 1);
	err = attach_load(&source->at, &opts->dev, &own);
	if (chain)
		unsetenv(SKIP);
	return err;
}

static int trace_theirs(struct source *source, const struct sample_opts *opts,
			const struct ring *ring)
{
	int err = trace_find(&source->trace, opts);

	if (!err)
		err = trace_start(&source->trace, opts, ring);
	if (err)
		source->trace.prog.id = 0;
	return err;
}

static bool is_to_trace(const struct sample_opts *opts)
{
	return opts->entry || opts->exit || opts->trace;
}

/*
 * Whether something is on the interface that is neither to be replaced nor
 * called: it stays, and is traced. Returns 1 or 0; or -EBUSY after one error
 * line where the kernel does not let us.
 */
static int must_trace(const struct sample_opts *opts)
{
	char reason[PROBE_REASON_MAX];
	struct attach_list list;

	if (is_to_trace(opts))
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

int source_start(struct source *source, const struct sample_opts *opts, const struct ring *ring)
{
	int err = must_trace(opts);

	if (err > 0)
		err = trace_theirs(source, opts, ring);
	else if (!err)
		err = attach_ours(source, opts, ring);
	if (!err)
		source_describe(source, opts);
	return err;
}

int source_check(struct source *source)
{
	return source->trace.prog.id ? trace_check(&source->trace) : attach_check(&source->at);
}

int source_stop(struct source *source)
{
	int err;

	trace_stop(&source->trace);
	err = attach_detach(&source->at);
	source->at.id = 0;
	/* Wait for those that run at this moment on another CPU. */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	return err ? -EIO : 0;
}

void source_close(struct source *source)
{
	trace_close(&source->trace);
	attach_close(&source->at);
	behind_close(&source->behind);
}
