/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Frames that a program sends: the kernel makes them, copies of one given
 * frame, runs the program on each (BPF_PROG_RUN), and does what it returns.
 * What it redirects leaves through an interface, what it passes goes up the
 * stack as if it had come in. Taught in testing02-traffic-gen.
 */
#ifndef COMMON_LIVE_H
#define COMMON_LIVE_H

/* Frames that the kernel handles in one go: a veth's ring holds 256. */
#define LIVE_BATCH 64

/* Released with live_close(). Zeroed, there is nothing to release. */
struct live {
	int prog_fd; /* its object owns it */
	int netns; /* a namespace of our own; 0: none */
	int link; /* that attaches the program in there; 0: none */
};

/* The frame that the program finds when it is run. */
struct live_frame {
	const void *data;
	unsigned int len;
	unsigned int batch; /* frames in one go; 0: LIVE_BATCH */
};

/*
 * Make ready to run the loaded program @prog_fd. Cannot fail; where the process
 * may not make a namespace, each live_send() of more than one frame takes some
 * 25 ms longer.
 */
void live_open(struct live *live, int prog_fd);

/*
 * Have the kernel make @count frames and run the program on each. It returns
 * when that is done. The kernel uses its pages again: apart from the first ones
 * a program finds in its frame what the last receiver of that page has left.
 * The context tells that it came in on lo.
 *
 * Returns 0; -EINTR when a signal that is not held back has come (how many
 * were sent, only the program knows); another -errno: where the kernel has no
 * live frames (before 5.18), -EINVAL or -E2BIG; -EINVAL also for a frame that
 * is shorter than an Ethernet header or longer than there is room for in a
 * page, with what the kernel keeps in it: some 3400 bytes. Which of these it
 * is probe_feature("live_frames") tells.
 */
int live_send(const struct live *live, const struct live_frame *frame, unsigned int count);

/* Release what live_open() has made. */
void live_close(struct live *live);

#endif /* COMMON_LIVE_H */
