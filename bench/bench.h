/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What programs cost, measured side by side. In each round the empty program
 * runs, and then every case once, many runs in one call of BPF_PROG_RUN; what
 * a case costs above the empty program is the median of the differences within
 * a round. So a machine that is busy for a second spoils one round.
 *
 * Time is the processor time of this thread: the kernel's own figure has whole
 * nanoseconds only, and a clock on the wall also counts who ran in between.
 * Interrupts are in it. A machine with other work shows higher figures.
 *
 * Programs that do nothing without settings, elements of maps or routes get
 * them as prepare.h says. All that need a network are in the same one.
 *
 * The kernel hands one and the same packet to all runs of a call. Where a
 * program changes it, put_back.h says what is done.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdio.h>

#include "attach.h"
#include "options.h"
#include "put_back.h"

struct bench_opts {
	bool json, live, af_xdp, ping;
	const char *save, *compare; /* files of results */
	const char *cases; /* file; NULL: the one beside the command */
	const char *packet; /* FILE:N, for peers; NULL: those of the cases */
	struct option_strings peers, only;
	unsigned int rounds, repeat; /* 0: the default */
	double seconds; /* of a live round; 0: the default */
};

/* A program on a packet. Zeroed at first. */
struct bench_case {
	char *name, *object, *program, *text;
	char *prepared; /* as what of the lesson's prepare.txt, or NULL */
	double goal; /* ns above the empty program; less than 0: none */
	struct bench_packet packet;
	struct attach at; /* the object, loaded */
	struct put_back back;
	double *raw, *ref; /* ns of each round; ref: with nothing to do */

	/* The result. */
	double ns, above; /* without the price of putting back */
	double back_ns; /* that price */
	unsigned int jited, verified; /* verified: 0 where it is not known */
	unsigned int verdict;
	double old_ns, old_above; /* of a stored run; old_ns 0: not there */
};

struct bench {
	unsigned int rounds, repeat;
	int cpu; /* that all ran on */
	double foreign; /* % of all CPUs that others used meanwhile */
	struct bench_case *cases; /* the empty program is the first one */
	int count;
};

/* What follows returns 0, -ENOMEM, or another -errno after one error line. */

/* cases.c: the cases of the table that @opts chooses, and the peers. */
int cases_read(struct bench *bench, const struct bench_opts *opts);
/* A new one at the end, or NULL without memory. */
struct bench_case *cases_add(struct bench *bench);
/* Takes off the program's name what it is prepared as, behind a slash. */
void cases_split(struct bench_case *one);

/*
 * cases_table.c: hand each line of table @path to @read, which returns 1 when
 * fields are missing; whether @only, what --case says, allows for a case.
 */
typedef int cases_reader(void *arg, const char *line);
int cases_table(const char *path, int fields, cases_reader *read, void *arg);
bool cases_chosen(const char *name, const struct option_strings *only);

/*
 * peers.c: each peer on each packet of the cases, whose files are in the tree
 * @top; the empty program, which is the first case.
 */
int peers_add(struct bench *bench, const struct bench_opts *opts, const char *top);
int empty_open(struct bench *bench);
void cases_close(struct bench *bench);

/* packet.c: packet number N of "FILE:N"; FILE is looked for in @folder. */
int packet_read(struct bench_packet *packet, const char *folder, const char *where);

/* program.c: load the case's object, and find out what has to be put back. */
int program_open(struct bench_case *one);
/* A program of an object, with maps of its own; settings come in between. */
int program_find(struct attach *at, const char *object, const char *program);
int program_load(struct attach *at);
struct bpf_program *program_of(const struct attach *at);
/* program_empty.c: the file descriptor of a program that does only that. */
int program_returns(enum xdp_action verdict);
int program_redirects(int ifindex);

/* rounds.c: measure all cases. */
int rounds_run(struct bench *bench);
double rounds_median(double *values, unsigned int count); /* sorts them */

/* stored.c: write the results to file @path; find those of an earlier run. */
int stored_save(const struct bench *bench, const char *path);
int stored_read(struct bench *bench, const char *path);
/* The same for whatever runs: lines of three words and two numbers or more. */
typedef void stored_writer(FILE *file, const void *run);
typedef void stored_taker(void *run, const char *const word[3], double first, double second);
int stored_write(const char *path, stored_writer *save, const void *run);
int stored_find(const char *path, stored_taker *found, void *run);

/* print.c: the results on standard output. */
int print_table(const struct bench *bench, bool compare);
int print_json(const struct bench *bench, bool compare);

/* print_json.c: a member of an object, and what comes before the next one;
 * a number that is not known is null.
 */
void print_json_text(const char *name, const char *text);
void print_json_number(const char *name, bool is_known, double number);

/* machine.c: where we are; one CPU to stay on, and what others use. */
struct machine_use {
	double all, busy, own; /* seconds since the start of the machine */
};

/* The tree this command was built in. */
int machine_top(char *top, size_t size);
int machine_pin(void); /* the CPU */
/* One for somebody else, and @other to be on; the same if there is one only. */
int machine_leave(int *other);
void machine_look(struct machine_use *use);
double machine_foreign(const struct machine_use *before,
		       const struct machine_use *after); /* % of all CPUs */

#endif /* BENCH_H */
