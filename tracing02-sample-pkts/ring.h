/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The perf buffers, one for each CPU. Part of xdp_sample_pkts_user. */
#ifndef RING_H
#define RING_H

#include <bpf/libbpf.h>

#include "xdp_sample_pkts.h"

/*
 * Called with each sample, and the bytes of its packet that there are. Returns
 * 0; or another number, which ends the reading.
 */
typedef int ring_take(void *context, const struct sample *sample, const unsigned char *data);

/* Zeroed at first. */
struct ring {
	int map_fd; /* xdp_samples; 0: none */
	struct perf_buffer *buffer;
	ring_take *take;
	void *context;
	int result; /* what @take has returned */
};

/*
 * Make the map and the buffers, of @kib KiB for each CPU (0: what suits the
 * machine). Returns 0 or -errno after one error line. To be released with
 * ring_close(), also after an error.
 */
int ring_open(struct ring *ring, unsigned int kib, ring_take *take, void *context);

/*
 * Have @obj, not loaded yet, use this map: so the buffers are there before the
 * first packet. Returns 0, or -ENOEXEC after one error line.
 */
int ring_use(const struct ring *ring, struct bpf_object *obj);

/*
 * Wait until a buffer is well filled, @ms milliseconds at most, and take what
 * is in all of them. Returns 0, what take() returned, or -errno.
 */
int ring_read(struct ring *ring, int ms);

void ring_close(struct ring *ring);

#endif /* RING_H */
