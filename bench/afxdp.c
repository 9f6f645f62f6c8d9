// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * --af-xdp: what AF_XDP carries and costs, in the lab of live_lab.h: advanced03's own
 * command is started at recv, on one CPU, and frames come from another one. What it
 * answers is counted at send, by the interface.
 *
 * A row is one thing measured: frames a second at full rate, the processor time at a
 * fixed rate, or round trips of single echo requests. The same is measured of
 * XDP_DROP, of an answer by XDP_TX and of the kernel's own answer.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <glob.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>

#include "clock.h"
#include "live_lab.h"
#include "log.h"
#include "packets/packet.h"

#define COMMAND "advanced03-AF_XDP/af_xdp_user"
#define CPU_PPS 500000 /* at which processor time is measured */
#define INTERVAL "0.05" /* seconds between reports */
#define ICMP_AT (ETH_HLEN + sizeof(struct iphdr))

enum { MPPS, CPU, P50, P99, MAX, BEST, LOST, LEFT };

static const struct column columns[] = {
	[MPPS] = { "Mpps", 6, 2, "mpps", .goal = "mpps", .is_rate = true },
	[CPU] = { "CPU%", 5, 0, "cpu_percent", .goal = "cpu" },
	[P50] = { "p50", 6, 1, "p50_us", .goal = "p50" },
	[P99] = { "p99", 6, 1, "p99_us", .goal = "p99" },
	[MAX] = { "max", 7, 0, "max_us", .over = OVER_MAX },
	[BEST] = { "best", 7, 2, "best", .over = OVER_BEST },
	[LOST] = { "lost%", 5, 1, "lost_percent",
		   .over = OVER_MEDIAN }, /* did not get into the socket */
	[LEFT] = { "left", 5, 0, "unanswered", .over = OVER_MAX }, /* taken in and not answered */
};

/* Who receives. The first three are cases of live_lab.h. */
enum receiver {
	BY_DROP, /* an empty program that drops */
	BY_TX, /* packet03's program, which answers */
	BY_STACK, /* the kernel answers */
	CASES,
	SPINNING = CASES, /* af_xdp_user */
	SLEEPING, /* the same with --poll-mode */
};

/* Round trips (about P50), processor time (about CPU), or a rate. */
struct afxdp_row {
	struct row row;
	enum receiver by;
	bool drop; /* --drop instead of answers */
};

/* clang-format off */
/* Ratios are those of the best known program to the same cases. */
static struct afxdp_row rows[] = {
	{ { .name = "drop", .text = "frames into XDP_DROP" }, BY_DROP, false },
	{ { .name = "tx", .text = "echo answered by XDP_TX" }, BY_TX, false },
	{ { .name = "stack", .text = "echo answered by the kernel" }, BY_STACK, false },
	{ { .name = "receive", .text = "received in user space, spinning",
	    .goals = { GOAL("mpps", 4.26), GOAL("drop", 0.66) } }, SPINNING, true },
	{ { .name = "receive-poll", .text = "the same with --poll-mode",
	    .goals = { GOAL("mpps", 3.57), GOAL("drop", 0.55) } }, SLEEPING, true },
	{ { .name = "echo", .text = "echo answered in user space, spinning",
	    .goals = { GOAL("mpps", 0.80), GOAL("tx", 0.19) } }, SPINNING, false },
	{ { .name = "echo-poll", .text = "the same with --poll-mode",
	    .goals = { GOAL("mpps", 0.80), GOAL("tx", 0.19) } }, SLEEPING, false },
	{ { .name = "cpu-receive", .text = "processor time, --poll-mode", .about = CPU,
	    .goals = { GOAL("cpu", 19) } }, SLEEPING, true },
	{ { .name = "cpu-echo", .text = "processor time, --poll-mode", .about = CPU,
	    .goals = { GOAL("cpu", 63) } }, SLEEPING, false },
	{ { .name = "rtt-stack", .text = "round trip, the kernel", .about = P50 },
	  BY_STACK, false },
	{ { .name = "rtt-tx", .text = "round trip, XDP_TX", .about = P50 }, BY_TX, false },
	{ { .name = "rtt", .text = "round trip, user space, spinning", .about = P50,
	    .goals = { GOAL("rtt-stack", 1.5) } }, SPINNING, false },
	{ { .name = "rtt-poll", .text = "round trip, user space, --poll-mode", .about = P50,
	    .goals = { GOAL("p50", 63), GOAL("p99", 109) } }, SLEEPING, false },
};
/* clang-format on */

/* The same frames for all, so that nothing else is compared. */
static const struct {
	const char *name, *object, *program, *forwarding;
} yardsticks[CASES] = {
	[BY_DROP] = { "drop", NULL, "XDP_DROP", "drop" },
	[BY_TX] = { "tx", "packet03-redirecting/xdp_redirect_kern.o", "xdp_icmp_echo_func",
		    "echo" },
	[BY_STACK] = { "stack", NULL, "XDP_PASS", "echo" },
};

static struct live_lab lab;
static struct live_case cases[CASES];
static char command[PATH_MAX];
static int pass_fd; /* a program */
static int prober; /* a packet socket */

static int read_rows(struct bench *bench)
{
	rows_add(bench, rows, sizeof(rows[0]), sizeof(rows) / sizeof(rows[0]));
	return rows_choose(bench);
}

/* The lab, in which the kernel answers as well. */

static int open_case(enum receiver by, const char *top)
{
	struct live_case *one = &cases[by];
	int err;

	one->row.name = yardsticks[by].name;
	one->row.program = yardsticks[by].program;
	if (yardsticks[by].object &&
	    asprintf(&one->row.object, "%s/%s", top, yardsticks[by].object) < 0)
		return -ENOMEM;
	err = live_case_set(one, "echo4", yardsticks[by].forwarding);
	return err ? err : live_case_open(one, &lab, top);
}

/* A socket at send, which round trips are measured with. */
static int open_prober(void)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		/* Of one protocol: our own requests are not received. */
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = lab.send.dev.index,
	};

	prober = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (prober >= 0 && !bind(prober, (struct sockaddr *)&at, sizeof(at)))
		return 0;
	pr_err("cannot open a packet socket: %s", strerror(errno));
	return -EIO;
}

static int open_all(struct bench *bench)
{
	int by, err = lab_require(bench->top, COMMAND, command);

	if (err)
		return err;
	/* Frames come from the CPU that most interrupts go to, as they would. */
	lab.other_cpu = bench->other_cpu = machine_choose(&lab.cpu);
	bench->cpu = lab.cpu;
	if (lab.other_cpu < 0)
		return lab.other_cpu;
	err = live_lab_open(&lab, bench->top);
	/* What the frames ask for is an address of this machine. */
	if (!err)
		err = lab_ip("addr add 10.0.2.2/32 dev recv");
	if (!err)
		err = lab_neighbour("10.0.1.2", "recv", &lab.send);
	if (err)
		return err;
	pass_fd = program_returns(XDP_PASS, 0);
	if (pass_fd < 0)
		return pass_fd;
	for (by = 0; !err && by < CASES; by++)
		err = open_case((enum receiver)by, bench->top);
	/* What the kernel answers differs in fields that are its own affair. */
	for (by = 0; !err && by < BY_STACK; by++)
		err = live_try(&lab, &cases[by]);
	return err ? err : open_prober();
}

static void close_all(struct bench *bench)
{
	int by;

	(void)bench; /* its rows own nothing */
	for (by = 0; by < CASES; by++) {
		live_case_close(&cases[by]);
		free(cases[by].row.object);
	}
	live_lab_close(&lab);
	if (pass_fd > 0)
		close(pass_fd);
	if (prober > 0)
		close(prober);
}

/* af_xdp_user at work, and what it has reported. */
struct receiver_child {
	struct lab_child process;
	char *line; /* the last one */
	size_t size;
	double seconds; /* since it has begun to report */
	double received, sent; /* packets */
};

/* Wait for its next report. */
static int read_report(struct receiver_child *child)
{
	const char *sum, *line;

	while (getline(&child->line, &child->size, child->process.out) > 0) {
		line = child->line;
		sum = strstr(line, "\"sum\": ");
		if (!sum)
			continue;
		child->seconds += number_behind(line, "\"period\": ", 0);
		child->received = number_behind(sum, "\"rx\": {\"packets\": ", 0);
		child->sent = number_behind(sum, "\"tx\": {\"packets\": ", 0) -
			      number_behind(line, "\"tx_dropped\": ", 0);
		return 0;
	}
	pr_err("cannot measure 'af_xdp_user': it said: %.*s",
	       child->line ? (int)strcspn(child->line, "\n") : 0, child->line ? child->line : "");
	return -EIO;
}

/* Start it; returns when the socket is there and its first report. */
static int start_child(struct receiver_child *child, const struct bench *bench,
		       const struct afxdp_row *row)
{
	const char *argv[12] = { "af_xdp_user", "--dev", "recv", "--json", "--interval", INTERVAL };
	int n = 6, err;

	*child = (struct receiver_child){ 0 };
	if (row->by == SLEEPING)
		argv[n++] = "--poll-mode";
	if (row->drop)
		argv[n++] = "--drop";
	err = lab_child_start(&child->process, command, argv, lab.other_cpu, bench->seconds);
	return err ? err : read_report(child);
}

/*
 * End it, when no more frames come; what it says last, of all the time, is stored.
 * Always to be called; @err, if not 0, is what is returned.
 */
static int stop_child(struct receiver_child *child, int err)
{
	struct lab_child *process = &child->process;
	bool reported = false;

	if (process->pid > 0)
		kill(process->pid, SIGTERM);
	/* "received N packets, sent N, ..." */
	while (process->out && getline(&child->line, &child->size, process->out) > 0) {
		if (!strstr(child->line, "received "))
			continue;
		child->received = number_behind(child->line, "received ", 0);
		child->sent = number_behind(child->line, "sent ", 0);
		reported = true;
	}
	lab_child_end(process);
	free(child->line);
	if (err || reported)
		return err;
	pr_err("cannot measure 'af_xdp_user': it did not say what it has done");
	return -EIO;
}

/* What its threads have used, in seconds. */
static double cpu_time(const struct receiver_child *child)
{
	unsigned long long ns;
	char pattern[64];
	double sum = 0;
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "/proc/%d/task/*/schedstat", (int)child->process.pid);
	if (glob(pattern, GLOB_NOSORT, NULL, &found))
		return 0;
	for (i = 0; i < found.gl_pathc; i++)
		if (scan_file(found.gl_pathv[i], "%llu", &ns) == 1)
			sum += (double)ns / 1e9;
	globfree(&found);
	return sum;
}

/* Frames a second, and the processor time that they take. */

#define WARM_REPORTS 2

/* While frames come: from one report to another. */
static int watch_reports(const struct bench *bench, struct receiver_child *child,
			 const struct afxdp_row *row, double *at)
{
	struct receiver_child first;
	double cpu, seconds;
	int i, err = 0;

	for (i = 0; !err && i < WARM_REPORTS; i++)
		err = read_report(child);
	first = *child;
	seconds = monotonic_now();
	cpu = cpu_time(child);
	while (!err && child->seconds - first.seconds < bench->seconds)
		err = read_report(child);
	if (err)
		return err;
	at[CPU] = 100 * (cpu_time(child) - cpu) / (monotonic_now() - seconds);
	at[MPPS] = row->drop ? child->received - first.received : child->sent - first.sent;
	at[MPPS] /= (child->seconds - first.seconds) * 1e6;
	return 0;
}

/* What came in and did not get to the socket, or got there and not back. */
static void find_losses(const struct receiver_child *child, bool drop,
			const struct live_count *from, const struct live_count *to, double *at)
{
	double came = (double)(to->received - from->received);
	double back = (double)(to->arrived - from->arrived);
	double taken = child->received;

	at[LOST] = came > taken ? 100 * (came - taken) / came : 0;
	/* Both what it says and what has arrived. */
	if (!drop)
		at[LEFT] = taken - (back > child->sent ? child->sent : back);
}

/* At @pps frames a second; 0: as many as go. */
static int measure_rate(const struct bench *bench, const struct afxdp_row *row, double pps,
			double *at)
{
	const struct live_case *one = &cases[BY_TX];
	struct receiver_child child;
	struct live_count from, to;
	int err, stopped;
	pid_t pid;

	err = lab_attach(&lab.recv, -1);
	if (!err)
		err = live_count(&lab, one, 0, &from);
	if (err)
		return err;
	err = start_child(&child, bench, row);
	if (!err)
		err = live_sender_start(one, &lab, pps, &pid);
	if (err)
		return stop_child(&child, err);
	err = watch_reports(bench, &child, row, at);
	stopped = live_sender_stop(one, pid);
	err = stop_child(&child, err ? err : stopped);
	if (!err)
		err = live_count(&lab, one, 0, &to);
	if (!err)
		find_losses(&child, row->drop, &from, &to, at);
	return err;
}

/* Round trips of single echo requests. */

#define PROBES 1000 /* in a round */
#define WARM 20 /* before them */
#define PATIENCE 0.1 /* seconds */
#define PAUSE 0.0001 /* so that who sleeps between packets sleeps */

/* Is there the answer to request @number? Others are thrown away. */
static bool has_answer(__u16 number)
{
	unsigned char frame[2 * LIVE_FRAME_LEN];
	struct icmphdr icmph;
	ssize_t len = recv(prober, frame, sizeof(frame), MSG_DONTWAIT);

	if (len < (ssize_t)(ICMP_AT + sizeof(icmph)))
		return false;
	memcpy(&icmph, frame + ICMP_AT, sizeof(icmph));
	return icmph.type == ICMP_ECHOREPLY && icmph.un.echo.sequence == htons(number);
}

/* Send one and wait, spinning, for its answer: how many us; 0: none has come. */
static int probe_once(double *us)
{
	const struct packet_ends ipv4 = { .dst.family = AF_INET };
	unsigned char frame[LIVE_FRAME_LEN];
	static __u16 number;
	double start, now;
	bool answered;

	memcpy(frame, cases[BY_TX].frame, sizeof(frame));
	packet_put_echo(frame + ICMP_AT, &ipv4, 1, ++number,
			sizeof(frame) - ICMP_AT - PACKET_ECHO_HEAD);
	start = monotonic_now();
	if (send(prober, frame, sizeof(frame), 0) < 0) {
		pr_err("cannot send an echo request: %s", strerror(errno));
		return -EIO;
	}
	do {
		answered = has_answer(number);
		now = monotonic_now();
	} while (!answered && now - start < PATIENCE);
	*us = answered ? 1e6 * (now - start) : 0;
	for (start = now; now - start < PAUSE; now = monotonic_now())
		;
	return 0;
}

/* Who answers none of these will not answer any. */
static int warm_up(void)
{
	bool answered = false;
	int i, err = 0;
	double us;

	for (i = 0; !err && i < WARM; i++) {
		err = probe_once(&us);
		answered |= !err && us > 0;
	}
	if (err || answered)
		return err;
	pr_err("cannot measure round trips: no request is answered");
	return -EIO;
}

static int probe_all(double *at)
{
	double us[PROBES], one;
	int i, n = 0, err = warm_up();

	for (i = 0; !err && i < PROBES; i++) {
		err = probe_once(&one);
		if (!err && one > 0)
			us[n++] = one;
	}
	at[LEFT] = PROBES - n;
	if (err || !n)
		return err;
	at[P50] = median(us, (unsigned int)n); /* sorts them */
	at[P99] = us[n * 99 / 100];
	at[MAX] = us[n - 1];
	return 0;
}

/* From the CPU that frames are sent from otherwise. */
static int probe_pinned(double *at)
{
	cpu_set_t before;
	int err = sched_getaffinity(0, sizeof(before), &before) ? -errno : 0;

	if (!err)
		err = machine_pin(lab.cpu);
	if (err) {
		pr_err("cannot stay on one CPU: %s", strerror(-err));
		return -EIO;
	}
	err = probe_all(at);
	sched_setaffinity(0, sizeof(before), &before);
	return err;
}

static int probe_child(const struct bench *bench, const struct afxdp_row *row, double *at)
{
	struct receiver_child child;
	double cpu, seconds;
	int err = lab_attach(&lab.recv, -1);

	if (err)
		return err;
	err = start_child(&child, bench, row);
	cpu = cpu_time(&child);
	seconds = monotonic_now();
	if (!err)
		err = probe_pinned(at);
	at[CPU] = 100 * (cpu_time(&child) - cpu) / (monotonic_now() - seconds);
	return stop_child(&child, err);
}

static int measure_round_trips(const struct bench *bench, const struct afxdp_row *row, double *at)
{
	/* Where answers come in, a program lets them pass to the socket. */
	int err = lab_attach(&lab.send, pass_fd);

	if (err)
		return err;
	if (row->by < CASES) {
		err = lab_attach(&lab.recv, cases[row->by].fd);
		if (!err)
			err = probe_pinned(at);
	} else {
		err = probe_child(bench, row, at);
	}
	return err ? err : lab_attach(&lab.send, lab.drop_fd);
}

static int measure(struct bench *bench, struct row *row, unsigned int round)
{
	const struct afxdp_row *one = (const struct afxdp_row *)row;
	double *at = row->at[round];

	if (row->about == P50)
		return measure_round_trips(bench, one, at);
	if (one->by < CASES)
		return live_measure(&lab, &cases[one->by], bench->seconds, &at[MPPS], &at[LOST]);
	return measure_rate(bench, one, row->about == CPU ? CPU_PPS : 0, at);
}

static void explain(const struct bench *bench)
{
	printf("Mpps: %d-byte frames received, or answers that are back. CPU%%: of one CPU, by\n"
	       "af_xdp_user (cpu-*: at %d frames a second). p50, p99, max: round\n"
	       "trips of single requests, us. best: round, of what the row is about. lost%%:\n"
	       "came in and did not get into the socket. left: taken in and not answered.\n"
	       "goals: times what that row has, or a figure itself (to be reached).\n"
	       "%u rounds of %g s, frames from CPU %d, af_xdp_user on CPU %d; others used\n"
	       "%.0f %% of all CPUs meanwhile\n",
	       LIVE_FRAME_LEN, CPU_PPS, bench->rounds, bench->seconds, bench->cpu, bench->other_cpu,
	       bench->other_load);
}

const struct kind afxdp_kind = {
	.words = { { "measure", 12, "measure" } },
	.columns = columns,
	.count = sizeof(columns) / sizeof(columns[0]),
	.behind = "  goals",
	.has_goals = true,
	.rounds = 9,
	.seconds = 0.3,
	.frame_len = LIVE_FRAME_LEN,
	.read = read_rows,
	.open = open_all,
	.measure = measure,
	.explain = explain,
	.close = close_all,
};
