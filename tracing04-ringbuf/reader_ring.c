// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A ring buffer: one for all CPUs, mapped into this process. */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "reader.h"

/* libbpf's callback for a record of the ring: the event is read in its place. */
static int on_record(void *ctx, void *data, size_t size)
{
	const struct event *event = data;
	struct reader *reader = ctx;

	if (size >= sizeof(*event) && size - sizeof(*event) >= event->bytes)
		reader->on_event(reader->ctx, event, (const unsigned char *)(event + 1));
	return 0;
}

/*
 * An epoll of our own that reports wakeups only (edge-triggered). That of
 * libbpf does not wait as long as there is something to read: so a reader that is
 * faster than the packets is back for each of them, and there are no batches.
 */
static int open_epoll(int map_fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0 || !epoll_ctl(fd, EPOLL_CTL_ADD, map_fd, &event))
		return fd;
	close(fd);
	return -1;
}

struct ring_buffer *reader_open_ring(int map_fd, size_t size, struct reader *reader)
{
	if (reader->batch) {
		reader->epoll = open_epoll(map_fd);
		if (reader->epoll < 0)
			return NULL;
	}
	/* Two pages more, for the position of each side. */
	reader->memory = size + 2 * (size_t)getpagesize();
	return ring_buffer__new(map_fd, on_record, reader, NULL);
}

int reader_poll_ring(struct reader *reader, int ms)
{
	struct epoll_event event;
	int woken;

	if (!reader->epoll)
		return ring_buffer__poll(reader->ring, ms);
	woken = epoll_wait(reader->epoll, &event, 1, ms);
	if (woken < 0)
		return -errno;
	return woken ? ring_buffer__consume(reader->ring) : 0;
}
