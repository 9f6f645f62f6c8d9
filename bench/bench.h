/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What programs cost and carry, measured side by side: what the four kinds of
 * measurement (cost.c, live.c, afxdp.c, pings.c) have in common.
 *
 * A kind measures rows, each of which is a line of the result. In each round
 * every row has its turn for a moment, so a machine that is busy for a second
 * spoils one round. A figure is the median of all rounds; a ratio to another row
 * is the median of the ratios within a round. Figures of another machine or
 * another day tell little, such a ratio tells much.
 */
#ifndef BENCH_H
#define BENCH_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "attach.h"
#include "json.h"
#include "netif.h"
#include "options.h"

struct bench_opts {
	bool json, live, af_xdp, ping;
	const char *save, *compare; /* files of results */
	const char *cases; /* file; NULL: the one beside the command */
	const char *packet; /* FILE:N, for the programs of --against */
	struct option_strings against, only;
	unsigned int rounds, repeat; /* 0: the default */
	double seconds; /* of a round; 0: the default */
};

#define ROUNDS_MAX 1000
#define ROW_GOALS 3
#define COLUMNS_MAX 8
#define NEEDED_MAX 3
#define UNKNOWN (-INFINITY) /* a figure: less than any */

/* How the figure of all rounds comes from those of each. */
enum over_rounds {
	OVER_MEDIAN,
	OVER_MAX, /* what happens seldom does not disappear in the middle */
	OVER_SUM,
	OVER_BEST, /* not of this column, but of what the row is about */
	OVER_NONE, /* the kind's finish() fills it in */
};

/* A column of figures. */
struct column {
	const char *title;
	int width, digits;
	const char *key; /* in JSON; NULL: not there */
	enum over_rounds over;
	double scale; /* JSON has it so many times; 0: once */
	const char *goal; /* what goals call it, if any is about it */
	bool is_rate; /* the more the better */
	bool compared; /* only there with --compare */
};

/* What is to be reached: times what row @of has, or the figure itself. */
struct goal {
	const char *of; /* a row, or a column's .goal */
	double wanted, reached;
};

/* clang-format off */
#define GOAL(of_, wanted_) { .of = of_, .wanted = wanted_ }
/* clang-format on */

/* The beginning of a kind's own struct for a row. */
struct row {
	const char *name, *text;
	const char *program, *packet; /* NULL: the kind does not show any */
	struct goal goals[ROW_GOALS];
	int about; /* the column that ratios are of */

	struct row *next;
	char *line; /* of a table, and what its words are in; or NULL */
	char *object; /* path, or NULL */
	bool always; /* measured whatever --case says, and no case itself */
	bool chosen; /* to be measured: by --case, or for a ratio to it */
	bool missing; /* cannot be measured, as something is not installed */
	double (*at)[COLUMNS_MAX]; /* of each round */

	/* The result. */
	double figure[COLUMNS_MAX];
	const char *verdict; /* NULL: not shown */
	double old[2]; /* of a stored run; both 0: not there */
};

struct bench;

/* A kind of measurement. All that return an int return as bench.h's functions. */
struct kind {
	struct {
		const char *title; /* NULL: none; key: of JSON */
		int width;
		const char *key;
	} words[3]; /* of a row: name, program, packet */
	const struct column *columns;
	int count; /* of columns */
	const char *behind; /* title of what stands behind them */
	bool has_goals, has_text; /* in the table; JSON always has the text */
	unsigned int rounds; /* the defaults */
	double seconds; /* 0: rounds have no length */
	unsigned int repeat, frame_len; /* 0: none */
	const char *needed[NEEDED_MAX]; /* rows, measured whatever --case says */

	/* Make the rows, and choose among them. */
	int (*read)(struct bench *bench);
	/* Make all ready, and choose the CPUs. */
	int (*open)(struct bench *bench);
	/* One row in one round: figures that are known go to row->at[round]. */
	int (*measure)(struct bench *bench, struct row *row, unsigned int round);
	/* The columns that are OVER_NONE. May be NULL. */
	void (*finish)(const struct bench *bench, struct row *row);
	/* Below the table. */
	void (*explain)(const struct bench *bench);
	/* Further members of a row's JSON. May be NULL. */
	void (*json)(struct json *json, const struct row *row);
	/* In a file of results: comments on the run, and the numbers of a row. Or NULL. */
	void (*save_run)(FILE *file, const struct bench *bench);
	void (*save)(FILE *file, const struct row *row);
	/* Release what the kind has made. Always called. */
	void (*close)(struct bench *bench);
};

struct bench {
	const struct kind *kind;
	const struct bench_opts *opts;
	char top[PATH_MAX]; /* the tree this command was built in */
	struct row *first, *last;
	unsigned int rounds, repeat;
	double seconds;
	int cpu; /* that all is on */
	int other_cpu; /* 0: the result has none */
	double other_load; /* % of all CPUs that others used meanwhile */
};

extern const struct kind cost_kind, live_kind, afxdp_kind, pings_kind;

/* What follows returns 0, -ENOMEM, or another -errno after one error line. */

/* rows.c: add the rows of a kind's own table. */
void rows_add(struct bench *bench, void *rows, size_t size, size_t count);
/*
 * Add a new one, of @size zeroed bytes, whose words will be in a copy of @line. Returns
 * it, which rows_close() frees, or NULL without memory.
 */
struct row *rows_new(struct bench *bench, size_t size, const char *line);
/*
 * A new row for each line of table @path, split at blanks into @fields words,
 * of which the last one is the rest of the line; @read handles them.
 */
typedef int row_reader(struct bench *bench, struct row *row, char *const word[]);
int rows_read(struct bench *bench, const char *path, size_t size, int fields, row_reader *read);
/* Those that --case fits, what they are compared with, and what the kind needs. */
int rows_choose(struct bench *bench);
struct row *rows_find(const struct bench *bench, const char *name);
/* The first chosen row behind @row, or of all with NULL. */
struct row *rows_next(const struct bench *bench, const struct row *row);
double rows_ratio(const struct bench *bench, const struct row *row, const struct row *base);
double median(double *values, unsigned int count); /* sorts them */
/* A run from its rows to the report, and the end of it: 0 or -errno. */
int bench_run(struct bench *bench);

/* program.c: a program of an object, with maps of its own; settings come in between. */
int program_find(struct attach *at, const char *object, const char *program);
int program_load(struct attach *at);
struct bpf_program *program_of(const struct attach *at);
/* The file descriptor of a program that does only that; XDP_REDIRECT: to @ifindex. */
int program_returns(enum xdp_action verdict, int ifindex);
const char *verdict_name(unsigned int verdict); /* "XDP_PASS" */

struct bench_packet {
	char *name; /* "tags:9" */
	unsigned char *data;
	unsigned int len;
	unsigned int ingress; /* interface it comes in at; 0: lo */
	/* What a program does to it, and what is put back. */
	bool *changed; /* for each byte */
	int move; /* bytes that the start is moved on by */
};

/*
 * A copy of loaded program @prog that puts the packet back first; with NULL, a program
 * that only does that. Returns its file descriptor, or -errno without a message.
 */
int program_copy(const struct bpf_program *prog, const struct bench_packet *packet);

/* Where a first and a second run have found the packet. */
struct program_seen {
	__u64 runs;
	struct {
		__u64 data, end, meta;
	} run[2];
};

/*
 * A copy that stores this in array @map_fd. A second run does only that: the program
 * meets no other packet. Returns as program_copy().
 */
int program_probe(const struct bpf_program *prog, int map_fd);

/* machine.c: its CPUs, and numbers in its files. */

/*
 * The CPU to measure on, the last one that this process may use. The process leaves
 * it, for others of which @other is one; it is the same where there is no other.
 */
int machine_choose(int *other);
int machine_pin(int cpu); /* stay on it; returns 0 or -errno, no message */
/* Numbers at the beginning of file @path, as fscanf(3). */
int scan_file(const char *path, const char *fmt, ...) __attribute__((format(scanf, 2, 3)));

/* lab.c: network namespaces that end with this process, and veths in them. */
struct lab_port {
	struct netif dev;
	struct netif_mac mac;
};

int lab_enter_new(void);
/* A command of ip(8). */
int lab_ip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Such commands, up to NULL; "set NAME VALUE" is a setting below /proc/sys/net. */
int lab_make(const char *const lines[]);
int lab_find(struct lab_port *port, const char *name);
/* On interface @dev @address is behind the MAC address of @port. */
int lab_neighbour(const char *address, const char *dev, const struct lab_port *port);
/* Put program @fd (-1: none) on @port; the one that is there goes. */
int lab_attach(const struct lab_port *port, int fd);
/* Frames that came in at @port, in this namespace. Returns 0 or -errno, no message. */
int lab_received(const struct lab_port *port, __u64 *count);

/*
 * For measuring command @command of the tree @top: stores where it is. Returns
 * PROBE_UNSUPPORTED after one error line when it or a feature of the kernel lacks.
 */
int lab_require(const char *top, const char *command, char path[PATH_MAX]);

/* A command at work in the lab, on one CPU; what it prints is read from @out. */
struct lab_child {
	pid_t pid;
	FILE *out;
};

/*
 * Start @argv, a command that is killed when it hangs (@seconds and more). It sees no
 * BPF file system, where libxdp would leave a folder. To be ended with
 * lab_child_end(), also after an error.
 */
int lab_child_start(struct lab_child *child, const char *path, const char *const argv[], int cpu,
		    double seconds);
/* Read the rest of @out first. */
void lab_child_end(struct lab_child *child);
/* The number behind the first @text in @line, or @otherwise. */
double number_behind(const char *line, const char *text, double otherwise);

#endif /* BENCH_H */
