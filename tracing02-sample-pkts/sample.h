/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The options of xdp_sample_pkts_user, and the functions of its files. These are the
 * source of samples with the buffers they are in (source.c), and the capture, which
 * empties the buffers into a file (capture.c).
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "attach.h"
#include "filter.h"
#include "packets/capfile.h"
#include "xdp_sample_pkts.h"

struct sample_opts {
	struct netif dev;
	struct attach_opts attach;
	const char *file; /* NULL: packets are printed, not stored */
	const char *filter; /* NULL: all packets */
	const char *sample; /* "1/N" */
	unsigned int every; /* this N */
	unsigned int snaplen; /* bytes */
	unsigned int buffer; /* KiB for each CPU; 0: as fits */
	unsigned int count; /* stop after so many; 0: never */
	double duration; /* stop after seconds; 0: never */
	bool entry, exit; /* trace a program that is attached already */
	const char *trace; /* its name or id; NULL: the only one */
	bool hex; /* print all of a sample */
	bool json;
};

/*
 * Called with each sample, and with the bytes of its packet that were copied.
 * Returns 0; or another number, which ends the reading.
 */
typedef int source_sample_fn(void *context, const struct sample *sample, const unsigned char *data);

/* The perf buffers, one for each CPU. */
struct ring {
	int map_fd; /* xdp_samples; 0: none */
	struct perf_buffer *buffer;
	source_sample_fn *on_sample; /* arguments of source_read(), */
	void *context;
	int result; /* and what on_sample() returned */
};

/* Where the samples come from: .at is in use, or .traced. Zeroed at first. */
struct source {
	struct ring ring;
	struct attach at; /* the sampling program on the interface, */
	struct attach next; /* the program that it calls (only its object is used), */
	int next_map; /* and the map for that; 0: none */
	struct netif dev;
	struct attach_entry traced; /* the program that is traced; id 0: none */
	struct bpf_object *tracing; /* our programs at its entry and exit */
	struct bpf_link *links[SAMPLE_PLACES];
	bool traces; /* and has said so */
	sigset_t old_signals;
	bool holding;
	struct capfile_setup setup; /* for a capture file */
	unsigned int interface[SAMPLE_PLACES]; /* each place's index in it */
	char text[SAMPLE_PLACES][ATTACH_NAME_MAX + 16];
};

/*
 * Start sampling as @opts says: make the buffers, then attach a program of ours, or
 * trace one that is attached already. Returns 0, or -errno after one error line, for
 * attach_status(). To be released with source_close(), also after an error.
 */
int source_start(struct source *source, const struct sample_opts *opts);

/*
 * Wait until a buffer is well filled, @ms milliseconds at most, and hand what is
 * in all of them to @on_sample. Returns 0, what that returned, or -errno.
 */
int source_read(struct source *source, int ms, source_sample_fn *on_sample, void *context);

/*
 * Check that samples can still come. Returns 0, -ENODEV after one error line when
 * the interface is gone, -ENOENT when the program is.
 */
int source_check(struct source *source);

/*
 * Stop, so that no further sample comes: the interface is as it was found. What is in
 * the buffers can still be read. Store the @sum of the counters of all places and
 * CPUs. Returns 0 or -errno after one error line.
 */
int source_stop(struct source *source, struct sample_counts *sum);

/* Stop it, if that was not done, and release it. */
void source_close(struct source *source);

/*
 * Capture what @source samples, until opts->count, opts->duration or a signal ends
 * it; stop the source, take what is left in the buffers, and report. Returns 0, or
 * -errno after one error line.
 */
int capture(const struct sample_opts *opts, struct source *source, const struct filter *filter);

#endif /* SAMPLE_H */
