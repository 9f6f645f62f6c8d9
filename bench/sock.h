/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What AF_XDP carries and costs, measured side by side, in the lab of rate.h:
 * advanced03's own command is started at recv, on one CPU, and frames come from
 * another one. What it answers is counted at send, by the interface.
 *
 * A row of the result is one thing measured: frames a second at full rate, the
 * processor time at a fixed rate, or round trips of single echo requests. In
 * each round every row has its turn for a moment. The same is measured of
 * XDP_DROP, of an answer by XDP_TX and of the kernel's own answer: figures of
 * another machine or another day say little, a ratio within a round much.
 */
#ifndef SOCK_H
#define SOCK_H

#include <stdint.h>
#include <stdio.h>

#include "rate.h"

#define SOCK_GOALS 3
#define SOCK_CPU_PPS 500000 /* at which processor time is measured */

/* Who receives. The first three are cases of rate.h, in this order. */
enum sock_who {
	SOCK_BY_DROP, /* an empty program that drops */
	SOCK_BY_TX, /* packet03's program, which answers */
	SOCK_BY_STACK, /* the kernel answers */
	SOCK_CASES,
	SOCK_SPINNING = SOCK_CASES, /* af_xdp_user */
	SOCK_SLEEPING, /* the same with --poll-mode */
};

/* At least, or at most, @wanted: of a figure, or of a ratio to another row. */
struct sock_goal {
	const char *of; /* "cpu", "p50", "p99", "mpps", or a row's name */
	double wanted;
};

struct sock_bench;
struct sock_row;

/* What is measured: into the row's @at[round]. */
typedef int sock_measure(struct sock_bench *bench, struct sock_row *row, unsigned int round);

/* Of one round; and of all: the middle ones. Less than 0: not known. */
struct sock_figures {
	double mpps, cpu; /* cpu: % of one */
	double p50, p99, max; /* us */
	double lost; /* %: did not get into the socket */
	double left; /* taken in and not answered */
};

struct sock_row {
	const char *name, *text;
	sock_measure *measure;
	enum sock_who who;
	bool drop; /* --drop instead of answers */
	struct sock_goal goals[SOCK_GOALS];

	bool chosen;
	struct sock_figures *at; /* of each round */
	struct sock_figures median;
	double best; /* Mpps, CPU or p50, whatever the row is about */
	double reached[SOCK_GOALS]; /* 0: not known */
};

struct sock_bench {
	struct rates rates; /* its cases: the first of enum sock_who */
	char command[PATH_MAX + sizeof("/advanced03-AF_XDP/af_xdp_user")];
	int pass_fd;
	int prober; /* a packet socket */
	struct sock_row *rows;
};

/* What follows returns 0, -ENOMEM, or another -errno after one error line. */

/* sock.c: all of it. */
int sock_run(const struct bench_opts *opts);

/* sock_rows.c: the table, which ends with a row without a name. */
struct sock_row *sock_rows(void);
struct sock_row *sock_row_find(struct sock_row *rows, const char *name);

/* sock_lab.c: the lab, and the three cases in it; @top is the tree. */
int sock_lab_make(struct sock_bench *bench, const char *top);
void sock_lab_close(struct sock_bench *bench);

/* sock_child.c: af_xdp_user at work. */
struct sock_child {
	pid_t pid;
	FILE *out; /* what it says */
	char *line; /* the last one */
	size_t size;
	/* What it has reported. */
	double seconds; /* since it has begun to */
	uint64_t received, sent;
};

/* Start it; returns when the socket is there and its first report. */
int sock_child_start(struct sock_child *child, const struct sock_bench *bench,
		     const struct sock_row *row);
/* Wait for its next report. */
int sock_child_report(struct sock_child *child);
/* End it, when no more frames come; what it says last is stored. Always to be
 * called; @err, if not 0, is what is returned.
 */
int sock_child_stop(struct sock_child *child, int err);
/* For a new process: no BPF file system, where libxdp would leave a folder.
 * Returns 0 or -errno, no message.
 */
int sock_hide_pins(void);

/* sock_use.c: what its threads have used, in seconds. */
double sock_child_cpu(const struct sock_child *child);

/* sock_rate.c, sock_rtt.c: the measurements. */
int sock_measure_case(struct sock_bench *bench, struct sock_row *row, unsigned int round);
int sock_measure_rate(struct sock_bench *bench, struct sock_row *row, unsigned int round);
int sock_measure_cpu(struct sock_bench *bench, struct sock_row *row, unsigned int round);
int sock_measure_rtt(struct sock_bench *bench, struct sock_row *row, unsigned int round);

/* sock_send.c: send the frames of @one, @pps a second, 0: as many as go. To be
 * ended with rate_send_stop().
 */
int sock_send_start(const struct rate_case *one, const struct rate_lab *lab, double pps,
		    pid_t *pid);
double sock_now(void); /* seconds */

/* sock_probe.c: requests, one at a time. */
int sock_probe_open(struct sock_bench *bench);
/* Send one and wait for its answer: how many us; 0: none has come. */
int sock_probe(struct sock_bench *bench, double *us);

/* sock_rounds.c: measure all rows. */
int sock_rounds_run(struct sock_bench *bench);

/* sock_print.c: the results on standard output. */
int sock_print_table(const struct sock_bench *bench);
int sock_print_json(const struct sock_bench *bench);
/* A blank and @value, or a dash where it is not known. */
void sock_print_figure(double value, int width, int digits);

#endif /* SOCK_H */
