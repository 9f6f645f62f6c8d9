// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A perf buffer: as many rings as CPUs, made as perf events. */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <linux/perf_event.h>

#include "reader.h"

/* What the kernel writes for bpf_perf_event_output(). */
struct sample {
	struct perf_event_header header;
	__u32 size; /* of data: rounded up, so that the next one is aligned */
	unsigned char data[];
};

/*
 * libbpf's callback for a record of a ring. The data begins 4 bytes off the boundary
 * of 8 that an event needs: copy it. What was lost (PERF_RECORD_LOST) the program
 * has counted.
 */
static enum bpf_perf_event_ret on_sample(void *ctx, int cpu, struct perf_event_header *header)
{
	struct sample *sample = (struct sample *)header;
	struct reader *reader = ctx;
	struct event event;

	(void)cpu;
	if (header->type != PERF_RECORD_SAMPLE || sample->size < sizeof(event))
		return LIBBPF_PERF_EVENT_CONT;
	memcpy(&event, sample->data, sizeof(event));
	if (event.bytes <= sample->size - sizeof(event))
		reader->on_event(reader->ctx, &event, sample->data + sizeof(event));
	return LIBBPF_PERF_EVENT_CONT;
}

struct perf_buffer *reader_open_perf(int map_fd, size_t size, unsigned int wake,
				     struct reader *reader)
{
	size_t page = (size_t)getpagesize();
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		.watermark = wake != 0,
	};
	struct perf_buffer *perf;

	if (wake)
		attr.wakeup_watermark = wake;
	else
		attr.wakeup_events = 1;
	perf = perf_buffer__new_raw(map_fd, size / page, &attr, on_sample, reader, NULL);
	/* Each has one page more, for the two positions. */
	if (perf)
		reader->memory = perf_buffer__buffer_cnt(perf) * (size + page);
	return perf;
}
