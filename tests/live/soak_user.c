// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Traffic at the highest rate there is, in bursts of random length, and a count
 * of what comes back. Frames are those of tests/packets; each burst is of live
 * frames from one CPU, or of flows through a packet socket, which reach all
 * queues of the other end. When the time is over it says so, goes on counting
 * until a signal comes, and prints what it has counted.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_packet.h>

#include "attach.h"
#include "cpus.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "packets/live.h"
#include "rodata.h"
#include "signals.h"
#include "soak.h"
#include "stats.h"

#define FLOWS 64
#define MANY 1000000000
#define MAC_LEN 6
#define BURST_MAX 0.3 /* seconds */
#define PAUSE_MAX 0.1

struct soak_opts {
	struct netif dev;
	const char *packets; /* the folder */
	bool udp; /* instead of echo requests */
	bool mixed; /* every other flow */
	double seconds;
	unsigned int seed;
};

struct generator {
	struct soak_opts opts;
	struct attach at;
	struct live live;
	struct cpus cpus;
	int counts; /* the map they are in */
	unsigned char frame[SOAK_FRAMES][SOAK_LEN];
	unsigned char flow[SOAK_FRAMES][FLOWS][SOAK_LEN];
	struct soak_settings settings;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct soak_opts, dev),
	OPTION("packets", 0, "DIR", OPTION_STRING, struct soak_opts, packets, "tests/packets"),
	OPTION("udp", 0, NULL, OPTION_FLAG, struct soak_opts, udp,
	       "UDP, which is to come back as it is, not echo requests"),
	OPTION("mixed", 0, NULL, OPTION_FLAG, struct soak_opts, mixed,
	       "UDP, which is not to come back, in every other flow"),
	OPTION_RANGE("seconds", 0, "N", OPTION_SECONDS, struct soak_opts, seconds, 0.01,
		     STATS_SECONDS_MAX, "of traffic"),
	OPTION_RANGE("seed", 0, "N", OPTION_UINT, struct soak_opts, seed, 0, 4294967295.0,
		     "of what is random (default 0)"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Send bursts of frames of tests/packets, count what comes back.",
	.options = options,
};

/* Packet @number of a capture file that make.py wrote; all have SOAK_LEN. */
static int read_packet(const char *folder, const char *name, int number, unsigned char *packet)
{
	char path[4096];
	__u32 head[4];
	FILE *file;
	bool good;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	good = file && !fseek(file, 24, SEEK_SET);
	while (good && number--)
		good = fread(head, sizeof(head), 1, file) == 1 &&
		       (number ? !fseek(file, head[2], SEEK_CUR) :
				 fread(packet, SOAK_LEN, 1, file) == 1);
	if (file)
		fclose(file);
	if (!good)
		pr_err("cannot read '%s'", path);
	return good ? 0 : -EIO;
}

static void add(unsigned char *at, int number)
{
	__u16 word;

	memcpy(&word, at, sizeof(word));
	word = htons((__u16)(ntohs(word) + number));
	memcpy(at, &word, sizeof(word));
}

/*
 * Flow @n has addresses of its own: one word of them is more by as much as
 * another is less, so that no checksum changes.
 */
static const int words[SOAK_FRAMES][2] = { { 28, 30 }, { 36, 40 } };
/* Where those words and their counterparts are in an answer, which has the
 * addresses swapped, or not.
 */
static const int vary[SOAK_FRAMES][4] = { { 26, 28, 30, 32 }, { 24, 36, 40, 52 } };

static void make_flows(struct generator *gen, int i, const unsigned char *other)
{
	int n;

	for (n = 0; n < FLOWS; n++) {
		memcpy(gen->flow[i][n], gen->opts.mixed && n % 2 ? other : gen->frame[i], SOAK_LEN);
		add(gen->flow[i][n] + words[i][0], n);
		add(gen->flow[i][n] + words[i][1], -n);
	}
}

/* What the frame becomes, in @answer: numbers of packets see list.txt. */
static int make_answer(const struct soak_opts *opts, int i, const unsigned char *frame,
		       struct soak_answer *answer)
{
	unsigned char *bytes = (unsigned char *)answer->word;
	int j;

	memset(answer->same, 0xff, sizeof(answer->same));
	for (j = 0; j < 4; j++)
		memset((char *)answer->same + vary[i][j], 0, 2);
	if (!opts->udp)
		return read_packet(opts->packets, "echo/ordinary.pcap", 13 + i, bytes);
	memcpy(bytes, frame + MAC_LEN, MAC_LEN);
	memcpy(bytes + MAC_LEN, frame, MAC_LEN);
	memcpy(bytes + 2L * MAC_LEN, frame + 2L * MAC_LEN, SOAK_LEN - 2L * MAC_LEN);
	return 0;
}

/* The frames, and what is to become of them. */
static int make_frames(struct generator *gen)
{
	const struct soak_opts *opts = &gen->opts;
	unsigned char udp[SOAK_LEN];
	int i, err = 0;

	memset(&gen->settings.mac, 0xff, MAC_LEN);
	for (i = 0; !err && i < SOAK_FRAMES; i++) {
		unsigned char *frame = gen->frame[i];

		err = read_packet(opts->packets, "ordinary.pcap", 1 + i, udp);
		if (!err)
			err = read_packet(opts->packets, "ordinary.pcap", 13 + i, frame);
		if (opts->udp)
			memcpy(frame, udp, SOAK_LEN);
		if (!err)
			err = make_answer(opts, i, frame, &gen->settings.answer[i]);
		make_flows(gen, i, udp);
	}
	return err;
}

static int open_programs(struct generator *gen)
{
	const struct attach_opts own = { 0 };
	__u32 key = 0, ifindex = (__u32)gen->opts.dev.index;
	struct bpf_program *send, *sink;
	int err;

	err = attach_open(&gen->at, &own, "soak_kern.o", "soak_send_func");
	if (err)
		return err;
	sink = bpf_object__find_program_by_name(gen->at.obj, "soak_sink_func");
	bpf_program__set_autoload(sink, true);
	err = rodata_set(gen->at.obj, "soak", &gen->settings, sizeof(gen->settings));
	if (!err)
		err = attach_load_only(&gen->at, &send);
	if (err)
		return err;
	gen->counts = maps_find(gen->at.obj, ".bss");
	if (bpf_map_update_elem(maps_find(gen->at.obj, "soak_dev"), &key, &ifindex, BPF_ANY) ||
	    /* It ends with its last descriptor: when we do. */
	    bpf_link_create(bpf_program__fd(sink), (int)ifindex, BPF_XDP, NULL) < 0) {
		pr_err("cannot use '%s': %s", gen->opts.dev.name, strerror(errno));
		return -EIO;
	}
	live_open(&gen->live, bpf_program__fd(send));
	return 0;
}

/* Never returns. */
static void send_live(const struct generator *gen, int i, unsigned int cpu)
{
	const struct live_frame frame = { .data = gen->frame[i], .len = SOAK_LEN };
	cpu_set_t set;
	int err = 0;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(errno);
	while (!err)
		err = live_send(&gen->live, &frame, MANY);
	_exit(-err);
}

/* Each flow, once or until it ends. Returns 0, or the number of an error. */
static int send_flows(struct generator *gen, int i, bool once)
{
	const struct sockaddr_ll addr = { .sll_family = AF_PACKET,
					  .sll_ifindex = gen->opts.dev.index };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), n;
	struct mmsghdr message[FLOWS] = { 0 };
	struct iovec part[FLOWS];

	for (n = 0; n < FLOWS; n++) {
		part[n] = (struct iovec){ gen->flow[i][n], SOAK_LEN };
		message[n].msg_hdr.msg_iov = &part[n];
		message[n].msg_hdr.msg_iovlen = 1;
	}
	if (fd < 0 || bind(fd, (const struct sockaddr *)&addr, sizeof(addr)))
		return errno;
	do /* A queue that is full is no error. */
		n = sendmmsg(fd, message, FLOWS, 0);
	while (!once && (n > 0 || errno == ENOBUFS));
	close(fd);
	return n > 0 ? 0 : errno;
}

static double at_random(double max)
{
	return drand48() * max;
}

/* True: a signal has come. What could not be sent goes to *@err. */
static bool burst(struct generator *gen, int *err)
{
	unsigned int cpu = gen->cpus.cpu[lrand48() % gen->cpus.count];
	int i = (int)(lrand48() % SOAK_FRAMES), status = 0;
	bool live = lrand48() % 4, ended;
	pid_t parent = getpid(), pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		if (live)
			send_live(gen, i, cpu);
		_exit(send_flows(gen, i, false));
	}
	ended = signals_wait(at_random(BURST_MAX));
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	/* A sender goes on until it is ended, unless it cannot. */
	if (pid < 0 || WIFEXITED(status)) {
		*err = pid < 0 ? -EAGAIN : -EIO;
		pr_err("cannot send: %s", strerror(pid < 0 ? EAGAIN : WEXITSTATUS(status)));
	}
	return ended || signals_wait(at_random(PAUSE_MAX));
}

static int work(struct generator *gen)
{
	double end = monotonic_now() + gen->opts.seconds;
	struct soak_counts counts;
	unsigned int bursts = 0;
	bool ended = false;
	__u32 key = 0;
	int err = 0, i;

	/* However short the time is, all queues get something. */
	for (i = 0; !err && i < SOAK_FRAMES; i++)
		err = -send_flows(gen, i, true);
	srand48((long)gen->opts.seed);
	while (!err && !ended && monotonic_now() < end) {
		ended = burst(gen, &err);
		bursts++;
	}
	pr_info("all is sent");
	while (!err && !ended)
		ended = signals_wait(1);
	if (!err && bpf_map_lookup_elem(gen->counts, &key, &counts))
		err = -errno;
	if (!err)
		printf("{\"bursts\": %u, \"live\": %llu, \"good\": %llu, \"bad\": %llu}\n", bursts,
		       counts.sent, counts.good, counts.bad);
	return err ? err : output_flush();
}

int main(int argc, char **argv)
{
	static struct generator gen = { .opts = { .packets = ".", .seconds = 1 } };
	sigset_t signals;
	int err;

	err = options_parse(&spec, argc, argv, &gen.opts, NULL);
	if (err)
		return options_status(err);
	signals_hold(&signals);
	err = cpus_read("online", &gen.cpus);
	if (!err)
		err = make_frames(&gen);
	if (!err)
		err = open_programs(&gen);
	if (!err)
		err = work(&gen);
	live_close(&gen.live);
	attach_close(&gen.at);
	return attach_status(err);
}
