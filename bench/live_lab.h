/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Frames at full rate, in a network namespace that ends with this process,
 * however that ends.
 *
 *	send ==> recv (the program is here) -> out ==> remote
 *
 * Two pairs of veths. A frame enters at send, is received at recv, and what
 * the program does with it decides at which end it is counted, by the kernel's
 * own counter of that interface: at recv what is dropped there, at send what
 * goes back, at remote what is redirected or forwarded. Other programs (XDP_DROP)
 * stand at send and remote: a veth takes no XDP frames without one at its peer.
 *
 * One process sends, which stays on one CPU: all that happens to a frame
 * happens on that CPU before the next frames are made. Time that others have
 * kept the sender waiting is taken off.
 */
#ifndef LIVE_LAB_H
#define LIVE_LAB_H

#include "bench.h"
#include "live_frame.h"
#include "packets/live.h"

struct live_lab {
	struct lab_port send, recv, out, remote;
	struct attach look; /* its program keeps the last frame it saw */
	int look_fd, drop_fd; /* programs */
	int seen_fd; /* the map with that frame */
	int cpu; /* of the sender */
	int other_cpu; /* another one, if there is one */
};

struct frames;
struct forwarding;

/* A program that frames are sent to. */
struct live_case {
	struct row row;
	const struct frames *frames;
	const struct forwarding *forwarding;
	bool ipv6; /* the frames */
	unsigned char frame[LIVE_FRAME_LEN]; /* what is sent */
	unsigned char wanted[LIVE_FRAME_LEN]; /* what is to arrive */
	struct attach at, send; /* the program, and the one that sends */
	struct live live; /* the latter one */
	int fd, work_fd;
};

/* What follows returns 0, -ENOMEM, or another -errno after one error line. */

/* Make the lab, which this process enters; its programs are of the tree @top. */
int live_lab_open(struct live_lab *lab, const char *top);
void live_lab_close(struct live_lab *lab);

/*
 * What is sent, and what is done with it: words of bench/cases-live (see the tables in
 * live_lab.c). Returns 0, or -EINVAL without a message where there is none of such a name.
 */
int live_case_set(struct live_case *one, const char *frames, const char *forwarding);

/* Load what a case needs, and make its frames. */
int live_case_open(struct live_case *one, const struct live_lab *lab, const char *top);
void live_case_close(struct live_case *one);

/* Send frames, @pps a second or (0) as many as go, until that is stopped. */
int live_sender_start(const struct live_case *one, const struct live_lab *lab, double pps,
		      pid_t *pid);
/* -EIO after one error line when it has ended by itself. */
int live_sender_stop(const struct live_case *one, pid_t pid);

/* Frames so far, and time. */
struct live_count {
	double seconds; /* without those that the sender had to wait */
	__u64 received, arrived;
};
int live_count(const struct live_lab *lab, const struct live_case *one, pid_t sender,
	       struct live_count *count);

/* Whether what arrives is what should, byte by byte: a case that answers nothing is fast. */
int live_try(const struct live_lab *lab, const struct live_case *one);

/* Send for @seconds: Mpps that arrive, and % of what came in that do not. */
int live_measure(const struct live_lab *lab, const struct live_case *one, double seconds,
		 double *mpps, double *lost);

#endif /* LIVE_LAB_H */
