/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Looking at a program that is attached. Part of xdp_sample_pkts_user. */
#ifndef TRACE_H
#define TRACE_H

#include "ring.h"
#include "sample_opts.h"

/* Zeroed at first. */
struct trace {
	struct bpf_object *obj;
	struct bpf_link *links[SAMPLE_PLACES];
	struct netif dev;
	struct attach_entry prog; /* that is traced; id 0: none */
	sigset_t old_signals;
	bool holding;
};

/*
 * Find the program on opts->dev that is to be traced. Returns 0, or -errno
 * after one error line: -ENOENT when it is not there, -EINVAL when several
 * could be meant.
 */
int trace_find(struct trace *trace, const struct sample_opts *opts);

/*
 * Have its packets sampled into @ring, where it gets them, or leaves them, or
 * both. Returns 0, or -errno after one error line; PROBE_UNSUPPORTED when this
 * kernel has no such programs. To be released with trace_stop() and
 * trace_close(), also after an error.
 */
int trace_start(struct trace *trace, const struct sample_opts *opts, const struct ring *ring);

/* Check that it is still attached. Returns 0, -ENODEV or -ENOENT. */
int trace_check(const struct trace *trace);

/* Sample no more. */
void trace_stop(struct trace *trace);

void trace_close(struct trace *trace);

#endif /* TRACE_H */
