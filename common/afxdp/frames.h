/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The frames of one AF_XDP socket, and who has each of them.
 *
 * The rule: a frame has one owner. It is given away with the ring entry that
 * says so and comes back with an entry of another ring, never earlier:
 *
 *	FREE --fill ring--> FILL --RX ring--> RX --TX ring--> TX
 *	 ^                                    |               |
 *	 +-----------------dropped------------+--completion---+
 *
 * In FILL and TX it is the kernel's, and must not be touched. How many frames
 * each owner has is always counted. A debug build (make debug, which defines
 * XSK_DEBUG) also knows the owner of each, and aborts with a line on standard
 * error as soon as a frame comes from where it is not: one that was given away
 * twice, or that is none of ours. Taught in advanced03-AF_XDP.
 */
#ifndef COMMON_FRAMES_H
#define COMMON_FRAMES_H

#include <stdint.h>

#ifdef XSK_DEBUG
#define FRAMES_CHECKED 1
#else
#define FRAMES_CHECKED 0
#endif

enum frames_owner {
	FRAMES_FREE, /* nobody: here, on the stack */
	FRAMES_FILL, /* the kernel, to receive into */
	FRAMES_RX, /* we, with a packet in it */
	FRAMES_TX, /* the kernel, to send */
	FRAMES_OWNERS
};

/*
 * A frame is named by where it begins in the UMEM, in bytes. What comes out of
 * a ring may point into it: behind the headroom, or to the packet.
 */
struct frames {
	uint64_t first; /* where the first of them begins */
	uint64_t mask; /* of where a frame begins: its size is a power of 2 */
	unsigned int count;
	unsigned int owned[FRAMES_OWNERS];
	uint64_t *stack; /* the free ones, owned[FRAMES_FREE] of them */
	unsigned char *owner; /* of each, in a debug build */
};

/*
 * Take charge of @count frames of @size bytes (a power of 2) from offset @first
 * of the UMEM on; all are free. Returns 0 or -ENOMEM. To be released with
 * frames_close(), also when it was only zeroed.
 */
int frames_open(struct frames *frames, uint64_t first, unsigned int count, unsigned int size);
void frames_close(struct frames *frames);

/* Note, in a debug build, that the frame that begins at @addr goes from one to
 * another.
 */
void frames_trace(struct frames *frames, uint64_t addr, enum frames_owner from,
		  enum frames_owner to);

/* Check, in a debug build, that the owners of all frames are as counted. */
void frames_check(const struct frames *frames);

/*
 * Take a free frame for @to: where it begins. There must be one: ask
 * frames->owned[FRAMES_FREE].
 */
static inline uint64_t frames_alloc(struct frames *frames, enum frames_owner to)
{
	uint64_t addr = frames->stack[--frames->owned[FRAMES_FREE]];

	frames->owned[to]++;
	if (FRAMES_CHECKED)
		frames_trace(frames, addr, FRAMES_FREE, to);
	return addr;
}

/* The frame that @addr points into, which @from had, is free. */
static inline void frames_free(struct frames *frames, uint64_t addr, enum frames_owner from)
{
	/* The headroom goes: what is left is where the frame begins. */
	addr &= frames->mask;
	if (FRAMES_CHECKED)
		frames_trace(frames, addr, from, FRAMES_FREE);
	frames->owned[from]--;
	frames->stack[frames->owned[FRAMES_FREE]++] = addr;
}

/* It goes from one to another; neither has to do with the stack. */
static inline void frames_move(struct frames *frames, uint64_t addr, enum frames_owner from,
			       enum frames_owner to)
{
	if (FRAMES_CHECKED)
		frames_trace(frames, addr & frames->mask, from, to);
	frames->owned[from]--;
	frames->owned[to]++;
}

#endif /* COMMON_FRAMES_H */
