// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * --ping: what pings reach, in a lab of two network namespaces that end with this
 * process:
 *
 *	send, 10.0.1.2 (here, where commands run) <==> recv, 10.0.1.1 (which answers)
 *
 * The answers are the kernel's, behind a program that passes all, or those of
 * packet03's program by XDP_TX. The requests come from one command after the other:
 * ping(8), nping and advanced04's own with both engines. Each stays on one CPU, and so
 * does all that happens to its packets. Floods have as many requests as fit into a
 * moment; what a command reports in the end is its figure.
 *
 * Not every request need be answered: those that are not are counted. What
 * others keep the CPU for is not taken off: a command that waits for it may wait for
 * what becomes of its own packets (ksoftirqd). So rates need a quiet machine, and one
 * that nobody traces: a program at the tracepoint xdp_redirect costs the live
 * engine a tenth and more.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "command.h"
#include "log.h"
#include "probe/probe.h"

#define COMMAND "advanced04-xdp-ping/xdp_ping_user"
#define REMOTE "10.0.1.1"
#define SINGLE 200 /* requests, one at a time */

enum { MPPS, BEST, AVG, P50, P99, MAX, LOST };

static const struct column columns[] = {
	[MPPS] = { "Mpps", 7, 4, "pps", .scale = 1e6, .goal = "mpps", .is_rate = true },
	[BEST] = { "best", 7, 4, "best_pps", .over = OVER_BEST, .scale = 1e6 },
	[AVG] = { "avg", 7, 1, "avg_us", .over = OVER_MEDIAN },
	[P50] = { "p50", 7, 1, "p50_us", .over = OVER_MEDIAN },
	[P99] = { "p99", 7, 1, "p99_us", .over = OVER_MEDIAN },
	[MAX] = { "max", 7, 0, "max_us", .over = OVER_MEDIAN },
	[LOST] = { "lost", 5, 0, NULL, .over = OVER_SUM }, /* requests without an answer */
};

/* What is at the other end. */
enum answers {
	BY_NONE, /* no program: the kernel answers */
	BY_STACK, /* a program that passes; the kernel answers */
	BY_TX, /* packet03's program, which answers */
	ANSWERS,
};

/* Take the figures from one of the last lines that a command prints. */
typedef void line_reader(double *at, const char *line);

/* When @received of @sent have come back in @seconds. */
static void take_counts(double *at, double sent, double received, double seconds)
{
	at[LOST] = sent - received;
	at[MPPS] = received / seconds / 1e6;
}

/* "N packets transmitted, N received, 0% packet loss, time 296ms", and
 * "rtt min/avg/max/mdev = 0.004/0.004/0.130/0.002 ms, ..."
 */
static void read_ping(double *at, const char *line)
{
	const char *time = strstr(line, ", time ");
	double sent, received, ms, avg, max;

	if (time && sscanf(line, "%lf packets transmitted, %lf received", &sent, &received) == 2) {
		ms = strtod(time + strlen(", time "), NULL);
		/* It knows nothing less. */
		take_counts(at, sent, received, (ms < 1 ? 1 : ms) / 1e3);
	}
	if (sscanf(line, "rtt min/avg/max/mdev = %*f/%lf/%lf/", &avg, &max) == 2) {
		at[AVG] = avg * 1e3;
		at[MAX] = max * 1e3;
	}
}

/* "Raw packets sent: N (...", and "Tx time: 0.27563s | ...". What is received
 * is counted elsewhere, and until then all of it is.
 */
static void read_nping(double *at, const char *line)
{
	double number;

	if (sscanf(line, "Raw packets sent: %lf", &number) == 1)
		take_counts(at, number, number, 1);
	if (sscanf(line, "Tx time: %lf", &number) == 1 && number > 0)
		at[MPPS] /= number;
}

/* What xdp_ping_user prints with --json. */
static void read_own(double *at, const char *line)
{
	double sent = number_behind(line, "\"transmitted\": ", -1);
	double received = number_behind(line, "\"received\": ", -1);
	double pps = number_behind(line, "\"pps\": ", -1);

	if (sent <= 0 || pps <= 0)
		return;
	/* That is of requests. */
	take_counts(at, sent, received, sent / pps);
	at[AVG] = number_behind(line, "\"avg\": ", UNKNOWN);
	at[P50] = number_behind(line, "\"p50\": ", UNKNOWN);
	at[P99] = number_behind(line, "\"p99\": ", UNKNOWN);
	at[MAX] = number_behind(line, "\"max\": ", UNKNOWN);
}

struct ping_row {
	struct row row;
	const char *command; /* and its options, all but count and address */
	line_reader *read;
	enum answers by;
	bool single; /* SINGLE requests, one at a time: no flood */
	bool counts; /* it does not see answers: they are counted at send */
	unsigned int count; /* requests in a round */
};

/* At more than 1000 a second xdp_ping_user writes no line for each answer. */
#define SLOWLY " -i 0.00099"
/* Less is nothing to it. */
#define PING_SLOWLY PING " -i 0.001"
#define PING "ping -n -q"
#define NPING "nping --icmp -N -H -v1 --rate 100000000"
#define OWN "xdp_ping_user --json"
#define LIVE OWN " --engine live"

/* clang-format off */
static struct ping_row rows[] = {
	{ { .name = "ping-bare", .text = "ping -f, no program at the far end" },
	  PING " -f", read_ping, .by = BY_NONE },
	{ { .name = "ping", .text = "ping -f" }, PING " -f", read_ping, .by = BY_STACK },
	{ { .name = "ping-64", .text = "ping -f -l 64" },
	  PING " -f -l 64", read_ping, .by = BY_STACK },
	{ { .name = "nping", .text = "nping -N" },
	  NPING, read_nping, .by = BY_STACK, .counts = true },
	{ { .name = "xsk", .text = "xdp_ping_user --flood", .goals = { GOAL("ping", 2.1) } },
	  OWN " --flood", read_own, .by = BY_STACK },
	{ { .name = "xsk-bare", .text = "the same, no program at the far end",
	    .goals = { GOAL("ping-bare", 2.1) } },
	  OWN " --flood", read_own, .by = BY_NONE },
	{ { .name = "live", .text = "xdp_ping_user --flood --engine live",
	    .goals = { GOAL("ping", 3) } },
	  LIVE " --flood", read_own, .by = BY_STACK },
	{ { .name = "tx-xsk", .text = "xdp_ping_user --flood, XDP_TX answers",
	    .goals = { GOAL("mpps", 0.70) } },
	  OWN " --flood", read_own, .by = BY_TX },
	{ { .name = "tx-live", .text = "the same with --engine live",
	    .goals = { GOAL("mpps", 3.0) } },
	  LIVE " --flood", read_own, .by = BY_TX },
	{ { .name = "one-ping", .text = "ping, one at a time" },
	  PING_SLOWLY, read_ping, .by = BY_STACK, .single = true },
	{ { .name = "one-xsk", .text = "xdp_ping_user, one at a time" },
	  OWN SLOWLY, read_own, .by = BY_STACK, .single = true },
	{ { .name = "one-live", .text = "the same with --engine live" },
	  LIVE SLOWLY, read_own, .by = BY_STACK, .single = true },
};
/* clang-format on */

static struct lab_port near, remote; /* the veths send and recv */
static int near_ns, remote_ns; /* 0: not there yet */
static int fds[ANSWERS]; /* programs; -1: none */
static struct attach echo;
static char command[PATH_MAX];

static int read_rows(struct bench *bench)
{
	rows_add(bench, rows, sizeof(rows[0]), sizeof(rows) / sizeof(rows[0]));
	return rows_choose(bench);
}

/* The lab. */

static bool is_installed(const char *name)
{
	const char *const argv[] = { name, "-V", NULL };
	char said[64];

	return command_run(argv, said, sizeof(said)) >= 0;
}

/* What this machine or this build may lack. */
static int require(struct bench *bench)
{
	struct row *nping = rows_find(bench, "nping");
	int err = lab_require(bench->top, COMMAND, command);

	if (err)
		return err;
	nping->missing = nping->chosen && !is_installed("nping");
	nping->chosen &= !nping->missing;
	if (is_installed("ping"))
		return 0;
	pr_err("cannot run 'ping': %s", strerror(ENOENT));
	return PROBE_UNSUPPORTED;
}

/* Enter a new one, which stays as long as *@fd is open. */
static int make_namespace(int *fd)
{
	/* All frames are ours: nobody speaks IPv6, nobody looks MAC addresses up. */
	static const char *const quiet[] = { "set ipv6/conf/default/disable_ipv6 1", NULL };
	int err = lab_enter_new();

	if (err)
		return err;
	*fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (*fd >= 0)
		return lab_make(quiet);
	pr_err("cannot make a network namespace: %s", strerror(errno));
	return -EIO;
}

static int enter(int fd)
{
	if (!setns(fd, CLONE_NEWNET))
		return 0;
	pr_err("cannot enter the lab: %s", strerror(errno));
	return -EIO;
}

static int make_ports(void)
{
	/* Here, */
	if (lab_ip("link add send type veth peer name recv netns /proc/%d/fd/%d", (int)getpid(),
		   remote_ns) ||
	    lab_ip("addr add 10.0.1.2/24 dev send") || lab_ip("link set send up") ||
	    lab_find(&near, "send"))
		return -EIO;
	/* there, */
	if (enter(remote_ns) || lab_ip("addr add " REMOTE "/24 dev recv") ||
	    lab_ip("link set recv up") || lab_find(&remote, "recv") ||
	    lab_neighbour("10.0.1.2", "recv", &near))
		return -EIO;
	/* and back. */
	return enter(near_ns) || lab_neighbour(REMOTE, "send", &remote) ? -EIO : 0;
}

static int open_programs(const char *top)
{
	char path[PATH_MAX + sizeof("/packet03-redirecting/xdp_redirect_kern.o")];
	int err;

	snprintf(path, sizeof(path), "%s/packet03-redirecting/xdp_redirect_kern.o", top);
	err = program_find(&echo, path, "xdp_icmp_echo_func");
	if (!err)
		err = program_load(&echo);
	if (err)
		return err;
	fds[BY_NONE] = -1;
	fds[BY_TX] = bpf_program__fd(program_of(&echo));
	fds[BY_STACK] = program_returns(XDP_PASS, 0);
	return fds[BY_STACK] < 0 ? -EIO : 0;
}

static int attach_remote(enum answers by)
{
	int back, err = enter(remote_ns);

	if (err)
		return err;
	err = lab_attach(&remote, fds[by]);
	back = enter(near_ns);
	return err ? err : back;
}

static void close_all(struct bench *bench)
{
	(void)bench; /* its rows own nothing */
	attach_close(&echo);
	if (fds[BY_STACK] > 0)
		close(fds[BY_STACK]);
	if (near_ns > 0)
		close(near_ns);
	if (remote_ns > 0)
		close(remote_ns);
}

/* Commands at work. */

#define ARGS 20

/* Cuts @words at blanks. */
static void make_argv(char *words, const char *count, const char *argv[ARGS])
{
	int n = 0;
	char *word;

	while ((word = strsep(&words, " ")) && n < ARGS - 4)
		argv[n++] = word;
	argv[n++] = "-c";
	argv[n++] = count;
	argv[n++] = REMOTE;
	argv[n] = NULL;
}

/* All that it prints; the last line is what a failure is explained with. */
static void read_lines(FILE *out, const struct ping_row *row, double *at, char said[256])
{
	char *line = NULL;
	size_t size = 0;

	said[0] = '\0';
	while (getline(&line, &size, out) > 0) {
		row->read(at, line);
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			snprintf(said, 256, "%s", line);
	}
	free(line);
}

/* What has come back, for a command that does not know. */
static int count_answers(__u64 before, unsigned int count, double *at)
{
	__u64 after;

	if (lab_received(&near, &after)) {
		pr_err("cannot count: no '%s'", near.dev.name);
		return -EIO;
	}
	after -= before;
	at[LOST] = after < count ? (double)(count - after) : 0;
	at[MPPS] *= 1 - at[LOST] / count;
	return 0;
}

/* Let the row's command send @count requests, and take its figures. */
static int run(const struct bench *bench, const struct ping_row *row, unsigned int count,
	       double *at)
{
	char number[16], words[128], said[256];
	const char *argv[ARGS];
	struct lab_child child;
	__u64 before = 0;
	int i, err;

	for (i = 0; i < COLUMNS_MAX; i++)
		at[i] = UNKNOWN;
	snprintf(number, sizeof(number), "%u", count);
	snprintf(words, sizeof(words), "%s", row->command);
	make_argv(words, number, argv);
	err = attach_remote(row->by);
	if (!err && row->counts)
		lab_received(&near, &before);
	if (err)
		return err;
	err = lab_child_start(&child, row->read == read_own ? command : argv[0], argv, bench->cpu,
			      bench->seconds);
	if (!err)
		read_lines(child.out, row, at, said);
	lab_child_end(&child);
	if (!err && row->counts && at[MPPS] > UNKNOWN)
		err = count_answers(before, count, at);
	if (err)
		return err;
	if (at[MPPS] > UNKNOWN && at[LOST] < count)
		return 0;
	if (at[MPPS] > UNKNOWN)
		pr_err("cannot measure '%s': no request is answered", row->row.name);
	else
		pr_err("cannot measure '%s': it said: %s", row->row.name, *said ? said : "nothing");
	return -EIO;
}

#define FEW 1000 /* requests */
#define STEP 5
#define MOST 4e8

/* How many requests fill the time: more and more, until a few times as many would. */
static int find_count(const struct bench *bench, struct ping_row *row)
{
	double at[COLUMNS_MAX], count = FEW, fit;
	int err;

	row->count = SINGLE;
	if (row->single)
		return run(bench, row, row->count, at);
	for (;;) {
		err = run(bench, row, (unsigned int)count, at);
		if (err)
			return err;
		fit = bench->seconds * at[MPPS] * 1e6;
		if (fit < STEP * count || STEP * count > MOST)
			break;
		count *= STEP;
	}
	fit = fit < MOST ? fit : MOST;
	row->count = (unsigned int)(fit > count ? fit : count);
	return 0;
}

static int open_all(struct bench *bench)
{
	struct row *row;
	int other, err = require(bench);

	if (err)
		return err;
	bench->cpu = machine_choose(&other);
	if (bench->cpu < 0)
		return bench->cpu;
	err = make_namespace(&remote_ns);
	if (!err)
		err = make_namespace(&near_ns);
	if (!err)
		err = make_ports();
	if (!err)
		err = open_programs(bench->top);
	for (row = rows_next(bench, NULL); !err && row; row = rows_next(bench, row))
		err = find_count(bench, (struct ping_row *)row);
	return err;
}

static int measure(struct bench *bench, struct row *row, unsigned int round)
{
	const struct ping_row *one = (const struct ping_row *)row;

	return run(bench, one, one->count, row->at[round]);
}

static void explain(const struct bench *bench)
{
	printf("Mpps: millions of round trips a second, of all rounds the middle one; best: of\n"
	       "the best round. avg, p50, p99, max: round trips, us; one-*: %d requests, one at\n"
	       "a time. lost: requests without an answer, of all rounds together.\n"
	       "goals: times what that row has, or Mpps (to be reached).\n"
	       "%u rounds of %g s, all of it on CPU %d; others used %.0f %% of all CPUs\n"
	       "meanwhile\n",
	       SINGLE, bench->rounds, bench->seconds, bench->cpu, bench->other_load);
}

static void json(struct json *json, const struct row *row)
{
	json_member(json, "requests", "%u", ((const struct ping_row *)row)->count);
	json_member(json, "lost", "%.0f", row->figure[LOST]);
}

const struct kind pings_kind = {
	.words = { { "measure", 10, "measure" } },
	.columns = columns,
	.count = sizeof(columns) / sizeof(columns[0]),
	.behind = "  what; goals",
	.has_goals = true,
	.has_text = true,
	.rounds = 9,
	.seconds = 0.3,
	.read = read_rows,
	.open = open_all,
	.measure = measure,
	.explain = explain,
	.json = json,
	.close = close_all,
};
