/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Where the samples come from. Part of xdp_sample_pkts_user. */
#ifndef SOURCE_H
#define SOURCE_H

#include "behind.h"
#include "packets/capfile.h"
#include "ring.h"
#include "sample_opts.h"
#include "trace.h"

/* Zeroed at first. Either .at or .trace is in use. */
struct source {
	struct attach at; /* the sampling program on the interface */
	struct behind behind; /* and the one that it calls */
	struct trace trace; /* another one, looked at */
	struct capfile_setup setup; /* what they are to a capture file */
	unsigned int interface[SAMPLE_PLACES]; /* and where there */
	char text[SAMPLE_PLACES][ATTACH_NAME_MAX + 16];
};

/*
 * Start sampling into @ring, as @opts asks for: a program of ours is attached;
 * or one that is there is traced, if it is to be, or if it need not give way.
 * Returns 0, or -errno after one error line, as attach_status() knows it. To be
 * released with source_stop() and source_close(), also after an error.
 */
int source_start(struct source *source, const struct sample_opts *opts, const struct ring *ring);

/* Fill in .setup and what belongs to it. */
void source_describe(struct source *source, const struct sample_opts *opts);

/*
 * Check that it is still so. Returns 0, -ENODEV after one error line when the
 * interface is gone, -ENOENT when the program is.
 */
int source_check(struct source *source);

/*
 * Stop, so that no further sample comes: the interface is as it was found.
 * Returns 0 or -errno after one error line.
 */
int source_stop(struct source *source);

/* Add up what was counted at all places, on all CPUs. Returns 0 or -errno. */
int source_counts(const struct source *source, struct sample_counts *sum);

void source_close(struct source *source);

#endif /* SOURCE_H */
