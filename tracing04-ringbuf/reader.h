/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The side that reads events from either kind of buffer (reader.c); what differs
 * between the two is in reader_perf.c and reader_ring.c, to be read side by side.
 */
#ifndef READER_H
#define READER_H

#include "events.h"
#include "xdp_events.h"

/* Called with each event, and the @bytes of its packet if it carries any. */
typedef void (*reader_on_event)(void *ctx, const struct event *event, const unsigned char *bytes);

/* Zeroed at first; on_event and ctx are the caller's to set. */
struct reader {
	reader_on_event on_event;
	void *ctx;
	struct ring_buffer *ring; /* one of these two */
	struct perf_buffer *perf;
	bool batch; /* ring: wait for a wakeup, not for contents */
	int epoll; /* for that; 0: none */
	unsigned long long memory; /* bytes of all buffers */
	unsigned long long wakeups; /* times that waiting ended with events */
};

/*
 * Before loading: set the size of @obj's buffers from @opts, and when its program
 * wakes the reader from @way. Returns 0 or -errno after one error line.
 */
int reader_prepare(struct bpf_object *obj, const struct way *way, const struct events_opts *opts);

/*
 * After loading: open the buffers. Returns 0, or -errno after one error line.
 * To be released with reader_close(), also after an error.
 */
int reader_open(struct reader *reader, const struct bpf_object *obj, const struct way *way,
		const struct events_opts *opts);

/*
 * Wait for events as @opts says, some 50 ms at most, and read all that are
 * there. Returns 0 or -errno.
 */
int reader_next(struct reader *reader, const struct events_opts *opts);

/* Read all that are there. Returns 0 or -errno. */
int reader_drain(struct reader *reader);

void reader_close(struct reader *reader);

/* What the programs of @obj have counted until now; this cannot fail. */
struct event_counts reader_counts(const struct bpf_object *obj);

/* Which events have arrived, in which order, and how late. Zeroed at first. */
struct tally {
	unsigned long long received;
	unsigned long long out_of_order; /* behind one with a larger number */
	__u64 next; /* the number behind the largest one seen */
	double ns; /* from an event to its reader, the sum of those measured */
	unsigned long long measured;
};

/* Count @event, the next one that has arrived. */
void tally_add(struct tally *tally, const struct event *event);

/* reader_perf.c: the part for perf buffers; @wake: bytes, 0: each event. */
struct perf_buffer *reader_open_perf(int map_fd, size_t size, unsigned int wake,
				     struct reader *reader);

/* reader_ring.c: the part for ring buffers. */
struct ring_buffer *reader_open_ring(int map_fd, size_t size, struct reader *reader);
/* As ring_buffer__poll(): events taken, 0 after @ms milliseconds, or -errno. */
int reader_poll_ring(struct reader *reader, int ms);

#endif /* READER_H */
