/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What programs carry, measured side by side: frames at full rate in a lab of
 * its own, a network namespace that ends with this process, however that ends.
 *
 *	send ==> recv (the program is here) -> out ==> far
 *
 * Two pairs of veths. A frame enters at send, is received at recv, and what
 * the program does with it decides at which end it is counted, by the kernel's
 * own counter of that interface: at recv what is dropped there, at send what
 * goes back, at far what is redirected or forwarded. Other programs (XDP_DROP)
 * stand at send and far: a veth takes no XDP frames without one at its peer.
 *
 * One process sends, which stays on one CPU: all that happens to a frame
 * happens on that CPU before the next frames are made. In each round every case
 * sends for a moment; a ratio is the median of those within a round. Time that
 * others have kept the sender waiting is taken off.
 *
 * Before the first round each case must show, byte by byte, that the frame
 * that arrives is the one that should: a case that answers nothing is fast.
 */
#ifndef RATE_H
#define RATE_H

#include <linux/types.h>
#include <sys/types.h>

#include "bench.h"
#include "netif.h"
#include "packets/live.h"
#include "rate_frame.h"

#define RATE_GOALS 3
#define RATE_PORT 9 /* where UDP is sent to: discard */

/* An end of a veth. */
struct rate_port {
	struct netif dev;
	struct netif_mac mac;
};

struct rate_lab {
	struct rate_port send, recv, out, far;
	struct attach look; /* its program keeps the last frame it saw */
	int look_fd, drop_fd; /* programs */
	int seen_fd; /* the map with that frame */
	int cpu; /* of who sends */
	int other_cpu; /* another one, if there is one */
};

/* Where a frame is counted. */
enum rate_end {
	RATE_AT_RECV, /* by the interface itself */
	RATE_AT_STACK, /* by the stack, as broken */
	RATE_AT_CPU, /* by the program that another CPU runs */
	RATE_AT_SEND,
	RATE_AT_FAR,
};

/* What that program counts, as packet04-cpumap has it. */
struct rate_work {
	__u64 packets, bytes, filtered;
};

struct rate_case;

/* What is done with frames: a word in the table of cases. */
struct rate_way {
	const char *name;
	enum rate_end end;
	/* Between opening and loading, and after it. May be NULL. */
	int (*set)(struct rate_case *one, const struct rate_lab *lab);
	int (*fill)(struct rate_case *one, const struct rate_lab *lab);
	/* What arrives: unchanged, or these of it changed. */
	bool swapped, answered, resent, routed;
};

/* The ratio to case @base that is to be reached. */
struct rate_goal {
	char *base;
	double wanted, reached;
};

struct rate_case {
	char *name, *object, *program, *kind, *text;
	const struct rate_way *way;
	struct rate_goal goals[RATE_GOALS];
	int n_goals;
	bool needed; /* chosen, or a base of one that is */

	unsigned char frame[RATE_FRAME_LEN]; /* what is sent */
	unsigned char wanted[RATE_FRAME_LEN]; /* what is to arrive */
	struct attach at, send; /* the program, and the one that sends */
	struct live live; /* the latter one */
	int fd, work_fd;
	double *rates, *lost; /* of each round, Mpps and % */

	/* The result. */
	double mpps, of_drop, of_forward; /* of_...: 0: not known */
	double lost_percent; /* of what came in at recv */
	double old_mpps, old_of_drop; /* of a stored run; 0: not there */
};

struct rates {
	struct rate_lab lab;
	struct rate_case *cases;
	int count;
	unsigned int rounds;
	double seconds, foreign;
};

/* What follows returns 0, -ENOMEM, or another -errno after one error line. */

/* rates.c: all of it. */
int rate_run(const struct bench_opts *opts);

/* rate_cases.c: the table, from the tree @top; of it what @opts chooses. */
int rate_cases_read(struct rates *rates, const struct bench_opts *opts, const char *top);
struct rate_case *rate_cases_find(const struct rates *rates, const char *name);

/* rate_choose.c: leave the cases that fit @only, and their bases. */
int rate_choose(struct rates *rates, const struct option_strings *only);
void rate_cases_close(struct rates *rates);

/* rate_lab.c: the namespace, which this process enters, and its interfaces. */
int rate_lab_make(struct rate_lab *lab);
/*
 * Its steps, for other labs: a command of ip(8); a setting, which is a name
 * below /proc/sys/net, a blank and the value; all lines up to NULL; and who is
 * at an end.
 */
typedef int rate_lab_step(const char *line);
rate_lab_step rate_lab_ip, rate_lab_set;
int rate_lab_each(rate_lab_step *step, const char *const lines[]);
int rate_lab_port(struct rate_port *port, const char *name);

/* rate_ends.c: the programs that are there for all cases; @top is the tree. */
int rate_ends_open(struct rate_lab *lab, const char *top);
void rate_ends_close(struct rate_lab *lab);
/* Put program @fd on @port; the one that is there goes. */
int rate_ends_attach(const struct rate_port *port, int fd);

/* rate_way.c: the way that a word of the table stands for, or NULL. */
const struct rate_way *rate_way_find(const char *name);

/* rate_open.c: make a case ready to run; @top is the tree. */
int rate_open(struct rate_case *one, const struct rate_lab *lab, const char *top);

/* rate_frame.c: a frame of @kind; false: there is no such kind. */
struct rate_packet {
	const unsigned char *dst, *src; /* MAC addresses */
	unsigned char hops;
	bool answer;
	bool broken; /* the checksum of the IPv4 header, a reason to drop it */
};
bool rate_frame_build(unsigned char *frame, const char *kind, const struct rate_packet *packet);
bool rate_frame_is_ipv6(const char *kind);

/*
 * rate_send.c: a process that sends until it is ended. rate_send_stop() returns
 * -EIO after one error line when it had ended by itself.
 */
int rate_send_start(const struct rate_case *one, const struct rate_lab *lab, pid_t *pid);
int rate_send_stop(const struct rate_case *one, pid_t pid);

/* rate_count.c: frames so far, and time. */
struct rate_count {
	double seconds; /* without those that the sender had to wait */
	__u64 received, arrived;
};
int rate_count(const struct rate_lab *lab, const struct rate_case *one, pid_t sender,
	       struct rate_count *count);
/* Frames that came in at @port, in this namespace. -ENOENT: no message. */
int rate_count_port(const struct rate_port *port, __u64 *count);

/*
 * rate_wait.c: until @frames more have arrived than @first says. -EIO without a
 * line when the sender has ended: rate_send_stop() says why.
 */
int rate_wait(const struct rate_lab *lab, const struct rate_case *one, pid_t sender,
	      const struct rate_count *first, __u64 frames);

/* rate_try.c: whether what arrives is what should, in each case. */
int rate_try(struct rates *rates);

/* rate_rounds.c: measure all cases; one case in one round. */
int rate_rounds_run(struct rates *rates);
int rate_measure(struct rates *rates, struct rate_case *one, unsigned int round);

/* rate_stored.c: write the results to file @path; find an earlier run's. */
int rate_stored_save(const struct rates *rates, const char *path);
int rate_stored_read(struct rates *rates, const char *path);

/* rate_print.c: the results on standard output. */
int rate_print_table(const struct rates *rates, bool compare);
int rate_print_json(const struct rates *rates, bool compare);

#endif /* RATE_H */
