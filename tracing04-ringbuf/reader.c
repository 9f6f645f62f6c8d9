// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Events read, from whichever buffer it is: prepared, opened, waited for, counted. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "clock.h"
#include "log.h"
#include "maps.h"
#include "reader.h"
#include "rodata.h"

#define KIB 1024
#define WAIT_MS 50 /* events too few for a wakeup wait so long at most */
#define RING_HEADER 8 /* in front of each record */
#define PERF_HEADER 16
#define NS_PER_MS 1000000L
#define NEVER 0x7fffffffU
/*
 * To read the clock for each event would cost more than to read the event. A
 * prime number: no batch is a multiple of it.
 */
#define MEASURE_EACH 61

/* How many bytes have to wait before the reader is woken; 0: bytes do not matter. */
static unsigned int wake_bytes(const struct way *way, const struct events_opts *opts)
{
	unsigned int most = opts->size * KIB / 2, wake = opts->batch;

	if (opts->busy || opts->every)
		return way->perf ? most : NEVER;
	if (way->wake == WAKE_KERNEL)
		return 0;
	if (way->wake == WAKE_EACH)
		return !way->perf;
	wake *= sizeof(struct event) + (way->perf ? PERF_HEADER : RING_HEADER);
	return wake < most ? wake : most;
}

int reader_prepare(struct bpf_object *obj, const struct way *way, const struct events_opts *opts)
{
	unsigned int bytes = way->bytes ? opts->bytes : 0;
	unsigned int wake = wake_bytes(way, opts);
	struct bpf_map *ring, *perf;
	int err = 0;

	ring = bpf_object__find_map_by_name(obj, "events_ring");
	perf = bpf_object__find_map_by_name(obj, "events_perf");
	/* What the program does not use needs no memory. */
	if (perf && !way->perf)
		err = bpf_map__set_autocreate(perf, false);
	if (!err && ring && way->perf)
		err = bpf_map__set_autocreate(ring, false);
	if (!err && ring && !way->perf)
		err = bpf_map__set_max_entries(ring, opts->size * KIB);
	if (err) {
		pr_err("cannot prepare the buffers of '%s': %s", way->object, strerror(-err));
		return -ENOEXEC;
	}
	err = rodata_set(obj, "packet_bytes", &bytes, sizeof(bytes));
	if (!err && !way->perf && !way->bytes)
		err = rodata_set(obj, "wake_bytes", &wake, sizeof(wake));
	return err;
}

int reader_open(struct reader *reader, const struct bpf_object *obj, const struct way *way,
		const struct events_opts *opts)
{
	size_t size = (size_t)opts->size * KIB;
	const char *name = way->perf ? "events_perf" : "events_ring";
	int map = maps_find(obj, name), err;

	if (map < 0)
		return -ENOEXEC;
	if (way->perf) {
		reader->perf = reader_open_perf(map, size, wake_bytes(way, opts), reader);
	} else {
		reader->batch = way->wake == WAKE_BATCH;
		reader->ring = reader_open_ring(map, size, reader);
	}
	err = errno;
	if (reader->perf || reader->ring)
		return 0;
	pr_err("cannot open '%s': %s", name, strerror(err));
	return -ENOEXEC;
}

int reader_drain(struct reader *reader)
{
	int err = reader->ring ? ring_buffer__consume(reader->ring) :
				 perf_buffer__consume(reader->perf);

	return err < 0 && err != -EINTR ? err : 0;
}

int reader_next(struct reader *reader, const struct events_opts *opts)
{
	struct timespec pause = { .tv_sec = opts->every / 1000,
				  .tv_nsec = opts->every % 1000 * NS_PER_MS };
	int woken;

	/* Not to be woken: look again at once, or after a pause. */
	if (opts->every)
		nanosleep(&pause, NULL);
	if (opts->busy || opts->every)
		return reader_drain(reader);

	woken = reader->ring ? reader_poll_ring(reader, WAIT_MS) :
			       perf_buffer__poll(reader->perf, WAIT_MS);
	if (woken < 0 && woken != -EINTR)
		return woken;
	if (woken > 0) {
		reader->wakeups++;
		return 0;
	}
	/* Events that are too few to be woken for must not wait for ever. */
	return reader_drain(reader);
}

void reader_close(struct reader *reader)
{
	ring_buffer__free(reader->ring);
	perf_buffer__free(reader->perf);
	if (reader->epoll > 0)
		close(reader->epoll);
	reader->ring = NULL;
	reader->perf = NULL;
	reader->epoll = 0;
}

struct event_counts reader_counts(const struct bpf_object *obj)
{
	struct event_counts counts = { 0 };
	__u32 key = 0;

	/* The variables of a program are an array of one element. */
	bpf_map_lookup_elem(maps_find(obj, ".bss"), &key, &counts);
	return counts;
}

void tally_add(struct tally *tally, const struct event *event)
{
	if (event->seq < tally->next)
		tally->out_of_order++;
	else
		tally->next = event->seq + 1;
	if (tally->received++ % MEASURE_EACH)
		return;
	tally->ns += (double)(monotonic_ns() - event->time);
	tally->measured++;
}
