/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Running an XDP program over one packet, without an interface: the kernel
 * copies the packet, runs the program (BPF_PROG_RUN) and hands back verdict,
 * packet and time. What the program does to maps is done; no packet leaves.
 * Taught in testing01-prog-run.
 */
#ifndef COMMON_PROG_RUN_H
#define COMMON_PROG_RUN_H

#include <stdbool.h>

#include <linux/types.h>

#include "packets/prog_target.h"

/* The kernel takes no shorter frame: an Ethernet header. */
#define PROG_RUN_MIN 14
/* Bytes of prog_run's .out: more than any kernel takes and a program adds. */
#define PROG_RUN_OUT (256 * 1024)

/* Released with prog_run_close(). */
struct prog_run {
	int fd; /* of the program; its object owns it */
	bool frags; /* a program that takes packets of several pages */
	unsigned int max; /* longest frame; 0: not measured yet */
	unsigned char *out; /* the packet after the run */
	struct prog_target_twin twin;
};

/* Zeroed members are the defaults. */
struct prog_run_input {
	const void *data;
	unsigned int len;
	unsigned int ifindex; /* it came in there; 0: the kernel takes lo */
	unsigned int queue; /* receive queue of that interface */
	unsigned int repeat; /* runs; 0: one */
};

struct prog_run_result {
	__u32 verdict; /* of the first run, as the other members but ns */
	const unsigned char *data; /* the packet then; owned by prog_run */
	unsigned int len;
	unsigned int metadata; /* bytes that the program put in front of it */
	bool changed; /* the packet is another one than went in */
	double ns; /* for each run, as the kernel measured it */
	struct prog_target target;
};

/*
 * Make ready to run @prog, which is loaded and stays so until prog_run_close().
 * Returns 0 or -ENOMEM.
 */
int prog_run_open(struct prog_run *run, const struct bpf_program *prog);

/*
 * Run the program on the packet @in->repeat times. The kernel hands one and
 * the same buffer to all runs of a call; so those of a program that has changed
 * the packet are a call each, and find the packet as it came. (The kernel's
 * clock is then read for each run, which @result->ns contains.) Of several
 * runs the first is not measured: it finds cold caches.
 *
 * Returns 0; -ERANGE when the frame is shorter than PROG_RUN_MIN or longer than
 * prog_run_max(); -EINTR when signals are held back (signals.h) and one came;
 * -ENODEV when there is no such interface; another -errno, -EINVAL among them:
 * there is no such queue.
 */
int prog_run_packet(struct prog_run *run, const struct prog_run_input *in,
		    struct prog_run_result *result);

/*
 * The longest frame that this kernel takes for such a program, found out by
 * trying with one of our own; 0 when it takes none at all.
 */
unsigned int prog_run_max(struct prog_run *run);

/*
 * The same for a caller that makes the call of the first run itself, as
 * testing01-prog-run does to show it: prog_run_begin() returns the descriptor of
 * the program to run. prog_run_end() is handed what the call gave, 0 or -errno
 * and *@result; it adds the target, makes the other runs, and returns what
 * prog_run_packet() does.
 */
int prog_run_begin(struct prog_run *run);
int prog_run_end(struct prog_run *run, const struct prog_run_input *in, int err,
		 struct prog_run_result *result);

/* Release what prog_run_open() has made. */
void prog_run_close(struct prog_run *run);

#endif /* COMMON_PROG_RUN_H */
