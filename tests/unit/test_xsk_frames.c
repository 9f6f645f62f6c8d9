// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The frames of an AF_XDP socket, in a build that watches each of them. */
#include "afxdp/frames.h"
#include "dies.h"
#include "tap.h"

#define COUNT 8
#define SIZE 2048
#define FIRST (3 * COUNT * SIZE) /* the part of a fourth socket */

static struct frames frames;

static void fresh(void)
{
	frames_close(&frames);
	if (frames_open(&frames, FIRST, COUNT, SIZE))
		abort();
}

static uint64_t take(enum frames_owner to)
{
	return frames_alloc(&frames, to);
}

static void are(unsigned int in_free, unsigned int fill, unsigned int rx, unsigned int tx,
		const char *name)
{
	const unsigned int *owned = frames.owned;

	if (!ok(owned[FRAMES_FREE] == in_free && owned[FRAMES_FILL] == fill &&
			owned[FRAMES_RX] == rx && owned[FRAMES_TX] == tx,
		name))
		printf("# free %u, fill %u, RX %u, TX %u\n", owned[0], owned[1], owned[2],
		       owned[3]);
	frames_check(&frames);
}

static void test_stack(void)
{
	bool right = true;
	uint64_t addr[COUNT];
	int i;

	fresh();
	are(COUNT, 0, 0, 0, "all are free at first");
	for (i = 0; i < COUNT; i++) {
		addr[i] = take(FRAMES_FILL);
		right &= addr[i] == FIRST + (uint64_t)i * SIZE;
	}
	ok(right, "each is taken once, the first one first");
	are(0, COUNT, 0, 0, "all were taken");
	frames_free(&frames, addr[2], FRAMES_FILL);
	frames_free(&frames, addr[5], FRAMES_FILL);
	are(2, COUNT - 2, 0, 0, "two are back");
	ok(take(FRAMES_FILL) == addr[5] && take(FRAMES_FILL) == addr[2],
	   "the last one that came back, whose bytes the cache has, goes first");
}

static void test_round(void)
{
	uint64_t addr;

	fresh();
	addr = take(FRAMES_FILL);
	are(COUNT - 1, 1, 0, 0, "a frame is the kernel's");
	frames_move(&frames, addr, FRAMES_FILL, FRAMES_RX);
	are(COUNT - 1, 0, 1, 0, "ours, with a packet");
	frames_move(&frames, addr, FRAMES_RX, FRAMES_TX);
	are(COUNT - 1, 0, 0, 1, "the kernel's, to be sent");
	frames_free(&frames, addr, FRAMES_TX);
	are(COUNT, 0, 0, 0, "and free");
}

/* The packet is behind the headroom of the UMEM and that of XDP. */
static void test_headroom(void)
{
	uint64_t addr;

	fresh();
	addr = take(FRAMES_FILL);
	frames_move(&frames, addr + 256 + 256, FRAMES_FILL, FRAMES_RX);
	frames_move(&frames, addr + SIZE - 1, FRAMES_RX, FRAMES_TX);
	frames_free(&frames, addr + 1, FRAMES_TX);
	are(COUNT, 0, 0, 0, "wherever in its frame an address points");
	ok(take(FRAMES_FILL) == addr, "the frame is taken at its beginning");
}

static void give_twice(void)
{
	uint64_t addr = take(FRAMES_RX);

	frames_free(&frames, addr, FRAMES_RX);
	frames_free(&frames, addr + 256, FRAMES_RX);
}

static void move_twice(void)
{
	uint64_t addr = take(FRAMES_RX);

	frames_move(&frames, addr, FRAMES_RX, FRAMES_TX);
	frames_move(&frames, addr, FRAMES_RX, FRAMES_TX);
}

static void receive_what_is_free(void)
{
	frames_move(&frames, FIRST + 2 * SIZE, FRAMES_FILL, FRAMES_RX);
}

static void give_from_before(void)
{
	frames_free(&frames, FIRST - 1, FRAMES_TX);
}

static void give_from_behind(void)
{
	frames_free(&frames, FIRST + COUNT * SIZE, FRAMES_TX);
}

static void give_the_last(void)
{
	frames_free(&frames, FIRST + COUNT * SIZE - 1, FRAMES_TX);
}

static void take_with_headroom(void)
{
	frames.stack[COUNT - 1] += 256;
	take(FRAMES_FILL);
}

static void count_wrong(void)
{
	frames.owned[FRAMES_TX]++;
	frames_check(&frames);
}

/* What happens when a stack has the same frame twice. */
static void take_twice(void)
{
	frames.stack[0] = frames.stack[1];
	while (frames.owned[FRAMES_FREE])
		take(FRAMES_FILL);
}

static void test_aborts(void)
{
	fresh();
	dies(give_twice, "xsk: frame 0 goes from RX to free, but it was free\n",
	     "a frame that is given twice");
	dies(move_twice, "xsk: frame 0 goes from RX to TX, but it was TX\n",
	     "one that is sent twice");
	dies(receive_what_is_free, "xsk: frame 2 goes from fill to RX, but it was free\n",
	     "one that was received and not given to the kernel");
	dies(give_from_before, "xsk: the frame at 47104 is none of ours\n",
	     "one of the socket before");
	dies(give_from_behind, "xsk: the frame at 65536 is none of ours\n",
	     "one of the socket behind");
	dies(give_the_last, "xsk: frame 7 goes from TX to free, but it was free\n",
	     "the last one is ours");
	dies(take_twice, "xsk: frame 6 goes from free to fill, but it was fill\n",
	     "one that is on the stack twice");
	dies(take_with_headroom, "xsk: at 49408 begins no frame\n",
	     "one whose headroom was not masked when it came back");
	dies(count_wrong, "xsk: 0 frames are TX, but 1 are counted\n",
	     "one that is counted and not there");
	are(COUNT, 0, 0, 0, "(here nothing of that has happened)");
}

int main(void)
{
	ok(FRAMES_CHECKED, "this build watches each frame");
	test_stack();
	test_round();
	test_headroom();
	test_aborts();
	frames_close(&frames);
	frames_close(&frames);
	return tap_done();
}
