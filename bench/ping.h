/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What pings reach, measured side by side, in a lab of two network namespaces
 * that end with this process:
 *
 *	send, 10.0.1.2 (here; who asks) <==> recv, 10.0.1.1 (who answers)
 *
 * Who answers is the kernel, behind a program that passes all, or a program of
 * packet03 by XDP_TX. Who asks is one command after the other: ping(8), nping
 * and advanced04's own with both engines. Each stays on one CPU, and so does
 * all that happens to its packets. Floods have as many requests as fit into a
 * moment; what a command reports in the end is its figure. In each round every
 * row has its turn; a ratio is the median of those within a round.
 *
 * Not every request need be answered: those that are not are counted. What
 * others keep the CPU for is not taken off: who waits for it may wait for what
 * becomes of its own packets (ksoftirqd). So rates want a quiet machine, and so
 * does one that nobody traces: a program at the tracepoint xdp_redirect costs
 * the live engine a tenth and more.
 */
#ifndef PING_H
#define PING_H

#include <stdint.h>

#include "rate.h"

#define PING_GOALS 2
#define PING_FAR "10.0.1.1"
#define PING_SINGLE 200 /* requests, one at a time */

/* What is at the other end. */
enum ping_far {
	PING_BY_NONE, /* no program: the kernel answers */
	PING_BY_STACK, /* a program that passes; the kernel answers */
	PING_BY_TX, /* packet03's program, which answers */
	PING_FARS,
};

/* Of one round; and of all: the middle ones. Less than 0: not known. */
struct ping_figures {
	double mpps; /* millions of round trips a second */
	double avg, p50, p99, max; /* us */
	double lost; /* requests without an answer */
};

/* Take what one of the command's last lines says. */
typedef void ping_reader(struct ping_figures *at, const char *line);

/* At least @wanted: of "mpps", or of the ratio to another row. */
struct ping_goal {
	const char *of;
	double wanted;
};

struct ping_row {
	const char *name, *text;
	const char *command; /* and its options, all but count and address */
	ping_reader *read;
	enum ping_far far;
	bool single; /* PING_SINGLE requests, one at a time: no flood */
	bool counts; /* it does not see answers: they are counted at send */
	struct ping_goal goals[PING_GOALS];

	bool chosen, missing; /* missing: the command is not installed */
	unsigned int count; /* requests in a round */
	struct ping_figures *at; /* of each round */
	struct ping_figures median; /* lost: of all rounds together */
	double best; /* Mpps */
	double reached[PING_GOALS]; /* 0: not known */
};

struct ping_bench {
	struct ping_row *rows;
	unsigned int rounds;
	double seconds, foreign;
	int cpu;
	char command[PATH_MAX + sizeof("/advanced04-xdp-ping/xdp_ping_user")];
	int near_ns, far_ns; /* 0: not there yet */
	struct rate_port send, recv;
	struct attach echo;
	int fds[PING_FARS]; /* programs; -1: none */
};

/* What follows returns 0, -ENOMEM, or another -errno after one error line. */

/* ping.c: all of it. */
int ping_run(const struct bench_opts *opts);

/* ping_rows.c: the table, which ends with a row without a name. */
struct ping_row *ping_rows(void);
struct ping_row *ping_row_find(struct ping_row *rows, const char *name);

/* ping_lab.c: the lab; what is at the other end. @top is the tree. */
int ping_lab_make(struct ping_bench *bench, const char *top);
int ping_lab_answer(const struct ping_bench *bench, enum ping_far far);
void ping_lab_close(struct ping_bench *bench);

/* ping_read.c: what each of the commands says. */
ping_reader ping_read_ping, ping_read_nping, ping_read_own;

/* ping_child.c: let the row's command ask @count times, and take its report. */
int ping_child_run(const struct ping_bench *bench, const struct ping_row *row, unsigned int count,
		   struct ping_figures *at);

/* ping_rounds.c: measure all rows. */
int ping_rounds_run(struct ping_bench *bench);

/* ping_print.c: the results on standard output. */
int ping_print_table(const struct ping_bench *bench);
int ping_print_json(const struct ping_bench *bench);

#endif /* PING_H */
