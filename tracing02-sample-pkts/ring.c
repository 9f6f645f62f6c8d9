// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The perf buffers, one for each CPU: they wake the reader when there is much to
 * read, not for each sample.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/perf_event.h>

#include "log.h"
#include "sample.h"

#define PAGE ((unsigned int)sysconf(_SC_PAGESIZE))
#define TOTAL_KIB (64 * 1024U) /* for all CPUs together, without --buffer, */
#define MOST_KIB (32 * 1024U) /* and for one of them */
#define LEAST_KIB 512U
#define WAKEUP_MAX (512 * 1024U) /* bytes */

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

int ring_open(struct ring *ring, unsigned int kib)
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

int ring_use(const struct ring *ring, struct bpf_object *obj)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "xdp_samples");
	int err = map ? bpf_map__reuse_fd(map, ring->map_fd) : -ENOENT;

	if (!err)
		return 0;
	pr_err("cannot use map 'xdp_samples': %s", strerror(-err));
	return -ENOEXEC;
}

int ring_read(struct ring *ring, int ms, ring_sample_fn *on_sample, void *context)
{
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

void ring_close(struct ring *ring)
{
	perf_buffer__free(ring->buffer);
	if (ring->map_fd)
		close(ring->map_fd);
}
