// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The rings of an AF_XDP socket in plain memory, with a kernel of twenty lines
 * on their other side: every frame goes its way round, through the end of the
 * indexes' 32 bits, in a build that watches each of them.
 */
#include "afxdp/xsk.h"
#include "dies.h"
#include "tap.h"

#define FRAMES 96 /* in rings of 128 */
#define RING 128
#define SIZE 2048
#define HEADROOM 256
#define FIRST (2 * FRAMES * SIZE)
#define NEARLY 0xffffffc0U /* 64 entries before the indexes begin again */

/* A ring: both indexes, flags, and entries. */
struct ring {
	__u32 producer, consumer, flags;
	union {
		struct xdp_desc desc[RING];
		__u64 addr[RING];
	};
};

static struct ring rx, tx, fill, comp;
static struct xsk xsk;
static unsigned int seed;

static unsigned int up_to(unsigned int max)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % (max + 1);
}

static void set_ring(struct ring *ring, __u32 index, void *ours)
{
	/* Both kinds have the same members. */
	struct xsk_ring_prod *prod = ours;

	*ring = (struct ring){ .producer = index, .consumer = index };
	*prod = (struct xsk_ring_prod){ .cached_prod = index,
					.cached_cons = index,
					.mask = RING - 1,
					.size = RING,
					.producer = &ring->producer,
					.consumer = &ring->consumer,
					.ring = ring->desc,
					.flags = &ring->flags };
}

/* A socket whose rings begin at @index. Nobody is to be woken, by no call. */
static void fresh(__u32 index)
{
	frames_close(&xsk.frames);
	xsk = (struct xsk){ .fd = -1 };
	set_ring(&rx, index, &xsk.rx);
	set_ring(&tx, index, &xsk.tx);
	set_ring(&fill, index, &xsk.fill);
	set_ring(&comp, index, &xsk.comp);
	/* Our side of a ring that we write has the other's index in advance. */
	xsk.tx.cached_cons += RING;
	xsk.fill.cached_cons += RING;
	if (frames_open(&xsk.frames, FIRST, FRAMES, SIZE))
		abort();
}

/* The kernel receives: a frame of the fill ring, with @len bytes in it. */
static bool kernel_receives(__u32 len)
{
	__u64 addr;

	if (fill.consumer == fill.producer)
		return false;
	addr = fill.addr[fill.consumer++ % RING];
	rx.desc[rx.producer++ % RING] = (struct xdp_desc){ addr + HEADROOM + 256, len, 0 };
	return true;
}

/* It has sent up to @n packets: they come back, the last one first. */
static void kernel_sends(unsigned int n)
{
	unsigned int i;

	if (n > tx.producer - tx.consumer)
		n = tx.producer - tx.consumer;
	for (i = n; i--;)
		comp.addr[comp.producer++ % RING] = tx.desc[(tx.consumer + i) % RING].addr;
	tx.consumer += n;
}

static void census_is(unsigned int in_free, unsigned int in_fill, unsigned int in_rx,
		      unsigned int in_tx, unsigned int in_comp, const char *name)
{
	struct xsk_frame_counts got;

	xsk_count(&xsk, &got);
	if (!ok(got.free == in_free && got.fill == in_fill && got.rx == in_rx && got.tx == in_tx &&
			got.completion == in_comp,
		name))
		printf("# free %u, fill %u, rx %u, tx %u, completion %u\n", got.free, got.fill,
		       got.rx, got.tx, got.completion);
}

static void test_round(void)
{
	struct xdp_desc packets[XSK_BATCH];

	fresh(0);
	census_is(FRAMES, 0, 0, 0, 0, "all frames are free");
	is_int(xsk_receive(&xsk, packets, XSK_BATCH), 0, "nothing is received");
	is_int(xsk_service(&xsk), 0, "work, without a system call");
	census_is(0, FRAMES, 0, 0, 0, "all frames are in the fill ring");
	is_int((long long)fill.addr[0], FIRST, "the first one first");
	kernel_receives(60);
	kernel_receives(61);
	kernel_receives(62);
	census_is(0, FRAMES - 3, 3, 0, 0, "three packets have come");
	is_int(xsk_receive(&xsk, packets, 2), 2, "two are received");
	ok(packets[0].len == 60 && packets[1].len == 61 &&
		   packets[1].addr == FIRST + SIZE + HEADROOM + 256,
	   "in order, where they begin");
	census_is(0, FRAMES - 3, 3, 0, 0, "they are ours as that in the ring");
	is_int(rx.consumer, 2, "the kernel may write their entries again");
	packets[0].options = 7;
	xsk_send(&xsk, packets, 1);
	xsk_drop(&xsk, packets + 1, 1);
	census_is(1, FRAMES - 3, 1, 1, 0, "one is sent, one dropped");
	ok(tx.desc[0].addr == packets[0].addr && tx.desc[0].len == 60 && !tx.desc[0].options,
	   "where the packet begins, without options");
	kernel_sends(1);
	census_is(1, FRAMES - 3, 1, 0, 1, "sent");
	xsk_service(&xsk);
	census_is(0, FRAMES - 1, 1, 0, 0, "and back in the fill ring");
	is_int((long long)fill.addr[FRAMES], FIRST, "without the headroom");
	is_int(fill.producer, FRAMES + 2, "each once");
	xsk_send(&xsk, packets, 0);
	xsk_drop(&xsk, packets, 0);
	is_int(tx.producer, 1, "no packets are none");
}

static void test_keep(void)
{
	fresh(0);
	xsk.keep = 10;
	xsk_service(&xsk);
	census_is(10, FRAMES - 10, 0, 0, 0, "frames that are kept stay free");
	fresh(0);
	xsk.keep = FRAMES;
	xsk_service(&xsk);
	census_is(FRAMES, 0, 0, 0, 0, "if need be all of them");
}

/* A round of both sides: something of everything. False: a packet is wrong. */
static bool go_round(unsigned int *next, unsigned int *received, unsigned int *sent)
{
	struct xdp_desc packets[XSK_BATCH];
	unsigned int n, i, answers;
	struct xsk_frame_counts now;
	bool right = true;

	for (i = up_to(XSK_BATCH); i && kernel_receives(*next); i--)
		++*next;
	n = xsk_receive(&xsk, packets, up_to(XSK_BATCH));
	for (i = 0; i < n; i++)
		right &= packets[i].len == (*received)++;
	answers = up_to(n);
	xsk_send(&xsk, packets, answers);
	xsk_drop(&xsk, packets + answers, n - answers);
	*sent += answers;
	kernel_sends(up_to(XSK_BATCH));
	right &= !xsk_service(&xsk);
	xsk_count(&xsk, &now); /* aborts where the owners do not add up */
	n = now.free + now.fill + now.rx + now.tx + now.completion;
	return right && n == FRAMES;
}

static void test_wrap(__u32 index, unsigned int which, const char *name)
{
	unsigned int next = 0, received = 0, sent = 0, round;
	bool right = true;

	fresh(index);
	seed = which;
	for (round = 0; round < 10000; round++)
		right &= go_round(&next, &received, &sent);
	ok(right && received > 50000 && sent > 10000, name);
	ok(tx.producer == index + sent && comp.consumer == tx.consumer,
	   "all that was sent came back");
	ok(rx.consumer == index + received && rx.producer == index + next,
	   "and all that was received came in");
}

/* Everything at once, where the indexes begin again. */
static void test_full(void)
{
	struct xdp_desc packets[FRAMES];

	fresh(NEARLY);
	xsk_service(&xsk);
	while (kernel_receives(100))
		;
	census_is(0, 0, FRAMES, 0, 0, "every frame holds a packet");
	is_int(xsk_receive(&xsk, packets, FRAMES), FRAMES, "they are received");
	xsk_send(&xsk, packets, FRAMES);
	is_int(tx.producer, (__u32)(NEARLY + FRAMES), "and sent, all at once");
	xsk_service(&xsk);
	census_is(0, 0, 0, FRAMES, 0, "none is left to receive into");
	ok(!kernel_receives(100), "(the kernel sees that)");
	kernel_sends(FRAMES);
	xsk_service(&xsk);
	census_is(0, FRAMES, 0, 0, 0, "until they are back");
}

static void complete_twice(void)
{
	comp.addr[comp.producer++ % RING] = tx.desc[tx.consumer % RING].addr;
	kernel_sends(1);
	xsk_service(&xsk);
}

static void receive_another_ones(void)
{
	struct xdp_desc packet;

	rx.desc[rx.producer++ % RING] = (struct xdp_desc){ FIRST - SIZE, 60, 0 };
	while (xsk_receive(&xsk, &packet, 1))
		;
}

static void send_twice(void)
{
	struct xdp_desc packet;

	kernel_receives(60);
	xsk_receive(&xsk, &packet, 1);
	xsk_send(&xsk, &packet, 1);
	xsk_send(&xsk, &packet, 1);
}

static void send_and_drop(void)
{
	struct xdp_desc packet;

	kernel_receives(60);
	xsk_receive(&xsk, &packet, 1);
	xsk_send(&xsk, &packet, 1);
	xsk_drop(&xsk, &packet, 1);
}

/* What neither we nor a kernel may do, one packet being on its way out */
static void test_aborts(void)
{
	struct xdp_desc packet;

	fresh(NEARLY);
	xsk_service(&xsk);
	kernel_receives(60);
	xsk_receive(&xsk, &packet, 1);
	xsk_send(&xsk, &packet, 1);
	dies(complete_twice, "xsk: frame 0 goes from TX to free, but it was free\n",
	     "a packet that is completed twice");
	dies(receive_another_ones, "xsk: the frame at 391168 is none of ours\n",
	     "one received in another socket's frame");
	dies(send_twice, "xsk: frame 1 goes from RX to TX, but it was TX\n",
	     "one that is sent twice");
	dies(send_and_drop, "xsk: frame 1 goes from RX to free, but it was TX\n",
	     "one that is sent and dropped");
}

int main(void)
{
	test_round();
	test_keep();
	test_wrap(0, 1, "10000 rounds: every packet, in order");
	test_wrap(NEARLY, 2, "the same through the end of 32 bits");
	test_wrap(0x7fffffc0, 3, "and through the sign bit");
	test_full();
	test_aborts();
	frames_close(&xsk.frames);
	return tap_done();
}
