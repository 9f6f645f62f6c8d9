// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A stack of the frames that are free, and what a debug build checks. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "afxdp/frames.h"

static const char *const owner_names[FRAMES_OWNERS] = { "free", "fill", "RX", "TX" };

int frames_open(struct frames *frames, uint64_t first, unsigned int count, unsigned int size)
{
	unsigned int i;

	*frames = (struct frames){ .first = first, .count = count };
	frames->mask = ~(uint64_t)(size - 1);
	frames->stack = calloc(count, sizeof(*frames->stack));
	frames->owner = calloc(count, sizeof(*frames->owner));
	if (!frames->stack || !frames->owner) {
		frames_close(frames);
		return -ENOMEM;
	}
	/* The first frame is on top. */
	for (i = 0; i < count; i++)
		frames->stack[i] = first + (uint64_t)(count - 1 - i) * size;
	frames->owned[FRAMES_FREE] = count;
	return 0;
}

void frames_close(struct frames *frames)
{
	free(frames->stack);
	free(frames->owner);
	*frames = (struct frames){ 0 };
}

/* Which one begins at @addr. The size of one is what the mask leaves out. */
static uint64_t index_of(const struct frames *frames, uint64_t addr)
{
	return (addr - frames->first) / (~frames->mask + 1);
}

void frames_trace(struct frames *frames, uint64_t addr, enum frames_owner from,
		  enum frames_owner to)
{
	uint64_t index = index_of(frames, addr);

	if (addr < frames->first || index >= frames->count) {
		fprintf(stderr, "xsk: the frame at %llu is none of ours\n",
			(unsigned long long)addr);
		abort();
	}
	if (addr & ~frames->mask) {
		fprintf(stderr, "xsk: at %llu begins no frame\n", (unsigned long long)addr);
		abort();
	}
	if (frames->owner[index] != from) {
		fprintf(stderr, "xsk: frame %llu goes from %s to %s, but it was %s\n",
			(unsigned long long)index, owner_names[from], owner_names[to],
			owner_names[frames->owner[index]]);
		abort();
	}
	frames->owner[index] = (unsigned char)to;
}

void frames_check(const struct frames *frames)
{
	unsigned int seen[FRAMES_OWNERS] = { 0 }, i, owner;

	if (!FRAMES_CHECKED)
		return;
	for (i = 0; i < frames->count; i++)
		seen[frames->owner[i]]++;
	for (owner = 0; owner < FRAMES_OWNERS; owner++) {
		if (seen[owner] == frames->owned[owner])
			continue;
		fprintf(stderr, "xsk: %u frames are %s, but %u are counted\n", seen[owner],
			owner_names[owner], frames->owned[owner]);
		abort();
	}
}
