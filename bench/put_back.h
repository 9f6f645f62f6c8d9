/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A packet put back between runs, for programs that change it. A second run
 * would otherwise find another packet than the first: an echo reply instead of
 * a request, no tag where there was one.
 *
 * So what is measured is a copy of the program with a few instructions in front
 * of its own: they move the start of the packet back (bpf_xdp_adjust_head),
 * and store what its bytes were. A call of a function that does it would cost
 * as much as many a program. What is put back is found out by looking: where
 * the packet begins in a second run, and which bytes differ after many.
 *
 * The price is that of another program, measured in the same round: the same
 * instructions and nothing behind them. As nobody moves the start of its
 * packet, it does so itself, there and back in turns: one move in each run,
 * as in the copy.
 *
 * The bytes are put back in pieces that later loads can be served from. A
 * processor waits for a load that needs bytes of two stores which are still on
 * their way: about 4 ns that no real packet costs. So addresses are put back
 * whole, small gaps are filled, and pieces have 8 bytes.
 *
 * Not handled, and said: programs that move the end of the packet, or leave
 * metadata in front of it.
 */
#ifndef PUT_BACK_H
#define PUT_BACK_H

#include <stdbool.h>

struct bpf_program;

struct bench_packet {
	char *name; /* "tags:9" */
	unsigned char *data;
	unsigned int len;
	unsigned int ingress; /* interface it comes in at; 0: lo */
};

/* Zeroed: not opened. */
struct put_back {
	int fd; /* what to measure: the program itself, or its copy */
	int ref_fd; /* the same without the program; 0: nothing is put back */
	int move; /* bytes that the program moves the start on by */
	bool *changed; /* for each byte: is put back */
	unsigned char *out; /* the packet after the last run of a call */
	unsigned int out_len;
};

/* What one call has found. */
struct put_back_run {
	double ns; /* of processor time, for each run */
	unsigned int verdict;
};

/*
 * Find out what loaded program @prog does to @packet, and make the copy. Its
 * name in messages is @name. Returns 0, or -EIO after one error line.
 */
int put_back_open(struct put_back *back, const struct bpf_program *prog, const char *name,
		  const struct bench_packet *packet);

/* For program @fd, which changes nothing. Returns 0 or -ENOMEM. */
int put_back_none(struct put_back *back, int fd, const struct bench_packet *packet);

void put_back_close(struct put_back *back);

/* Run program @fd on @packet @repeat times. Returns 0 or -errno, no message. */
int put_back_call(struct put_back *back, int fd, const struct bench_packet *packet,
		  unsigned int repeat, struct put_back_run *run);

/*
 * After a call: true when something has changed that is not put back. Bytes are
 * marked for the next copy.
 */
bool put_back_missed(struct put_back *back, const struct bench_packet *packet);

#endif /* PUT_BACK_H */
