// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The lab of live frames: veths, a router's tables, cases, a sender, and counters. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/icmpv6.h>

#include "clock.h"
#include "live_lab.h"
#include "log.h"
#include "maps.h"
#include "packets/packet.h"
#include "rodata.h"

#define KERN "bench/live_kern.o"

static const char *const lab_lines[] = {
	/* None of them speaks unless it is asked to: every frame is one of ours. */
	"set ipv6/conf/default/accept_dad 0",
	"set ipv6/conf/default/accept_ra 0",
	"set ipv6/conf/default/router_solicitations 0",
	"set ipv6/conf/default/addr_gen_mode 1",
	"link add send type veth peer name recv",
	"link add out type veth peer name remote",
	"set ipv6/conf/send/disable_ipv6 1",
	"set ipv6/conf/remote/disable_ipv6 1",
	/* A router between recv and out. */
	"set ipv6/conf/all/forwarding 1",
	"set ipv4/conf/recv/forwarding 1",
	"set ipv4/conf/out/forwarding 1",
	"set ipv4/conf/recv/rp_filter 0",
	"set ipv4/conf/out/send_redirects 0",
	"addr add 10.0.1.1/24 dev recv",
	"addr add 10.0.2.1/24 dev out",
	"addr add fd00:1::1/64 dev recv nodad",
	"addr add fd00:2::1/64 dev out nodad",
	"link set send up",
	"link set recv up",
	"link set out up",
	"link set remote up",
	NULL,
};

static int make_veths(struct live_lab *lab)
{
	if (lab_enter_new() || lab_make(lab_lines) || lab_find(&lab->send, "send") ||
	    lab_find(&lab->recv, "recv") || lab_find(&lab->out, "out") ||
	    lab_find(&lab->remote, "remote") || lab_neighbour("10.0.2.2", "out", &lab->remote) ||
	    lab_neighbour("fd00:2::2", "out", &lab->remote))
		return -EIO;
	return 0;
}

/* A program of bench itself; not loaded yet. */
static int find_own(struct attach *at, const char *top, const char *program)
{
	char path[PATH_MAX + sizeof("/" KERN)];

	snprintf(path, sizeof(path), "%s/" KERN, top);
	return program_find(at, path, program);
}

int live_lab_open(struct live_lab *lab, const char *top)
{
	int err = make_veths(lab);

	if (err)
		return err;
	lab->drop_fd = program_returns(XDP_DROP, 0);
	if (lab->drop_fd < 0)
		return lab->drop_fd;
	err = find_own(&lab->look, top, "bench_look_func");
	if (!err)
		err = program_load(&lab->look);
	if (err)
		return err;
	lab->look_fd = bpf_program__fd(program_of(&lab->look));
	lab->seen_fd = maps_find(lab->look.obj, "bench_seen");
	if (lab->seen_fd < 0)
		return -ENOEXEC;
	err = lab_attach(&lab->send, lab->drop_fd);
	return err ? err : lab_attach(&lab->remote, lab->drop_fd);
}

void live_lab_close(struct live_lab *lab)
{
	attach_close(&lab->look);
	if (lab->drop_fd > 0)
		close(lab->drop_fd);
}

/* Frames. */

#define HOPS 64
#define SOURCE_PORT 4242
#define DEST_PORT 9 /* discard */
#define ECHO_ID 1

static const struct frames {
	const char *name;
	int family;
	uint8_t protocol, request, answer; /* the latter are types of ICMP */
} frames[] = {
	{ "udp4", AF_INET, IPPROTO_UDP, 0, 0 },
	{ "udp6", AF_INET6, IPPROTO_UDP, 0, 0 },
	{ "echo4", AF_INET, IPPROTO_ICMP, ICMP_ECHO, ICMP_ECHOREPLY },
	{ "echo6", AF_INET6, IPPROTO_ICMPV6, ICMPV6_ECHO_REQUEST, ICMPV6_ECHO_REPLY },
};

/* UDP, or an echo message: both headers have 8 bytes, and zeros follow. */
static void put_body(unsigned char *at, size_t len, const struct frames *kind, uint8_t type,
		     const struct packet_ends *ends)
{
	const uint16_t udp[4] = { htons(SOURCE_PORT), htons(DEST_PORT), htons((uint16_t)len) };
	const uint16_t echo[4] = { htons((uint16_t)(type << 8)), 0, htons(ECHO_ID) };
	bool is_udp = kind->protocol == IPPROTO_UDP;
	uint64_t sum = 0;
	uint16_t check;

	memcpy(at, is_udp ? udp : echo, sizeof(udp));
	if (kind->protocol != IPPROTO_ICMP)
		sum = packet_pseudo_sum(ends, kind->protocol, len);
	check = packet_fold(packet_sum(at, len, sum));
	memcpy(at + (is_udp ? 6 : 2), &check, sizeof(check));
}

static void put_frame(unsigned char *frame, const struct frames *kind,
		      const struct packet_ends *ends, uint8_t hops, uint8_t type)
{
	size_t len, head = ETH_HLEN + (kind->family == AF_INET ? 20 : 40);

	memset(frame, 0, LIVE_FRAME_LEN);
	len = packet_put_eth(frame, ends, 0);
	packet_put_ip(frame + len, ends, kind->protocol, hops, LIVE_FRAME_LEN - head);
	put_body(frame + head, LIVE_FRAME_LEN - head, kind, type, ends);
}

/* Where frames are counted. */
enum live_end {
	LIVE_AT_RECV, /* by the interface itself */
	LIVE_AT_STACK, /* by the stack, as broken */
	LIVE_AT_CPU, /* by the program that another CPU runs */
	LIVE_AT_SEND,
	LIVE_AT_REMOTE,
};

/* What is done with frames, and what a program needs for that. */
struct forwarding {
	const char *name;
	enum live_end end;
	/* Between opening and loading, and after it. May be NULL. */
	int (*set)(struct live_case *one, const struct live_lab *lab);
	int (*fill)(struct live_case *one, const struct live_lab *lab);
	/* What arrives: unchanged, or these of it changed. */
	bool answered, resent, routed;
};

/* The frame that is sent, and the one that is to arrive. */
static void make_frames(struct live_case *one, const struct live_lab *lab)
{
	const struct frames *kind = one->frames;
	const struct forwarding *forwarding = one->forwarding;
	bool four = kind->family == AF_INET;
	struct packet_ends ends = { .src_mac = lab->send.mac, .dst_mac = lab->recv.mac };
	struct netif_addr src;
	uint8_t hops = HOPS, type = kind->request;

	netif_parse_addr(four ? "10.0.1.2" : "fd00:1::2", &ends.src);
	netif_parse_addr(four ? "10.0.2.2" : "fd00:2::2", &ends.dst);
	put_frame(one->frame, kind, &ends, hops, type);
	/* A header whose checksum is wrong is a reason to drop it. */
	if (forwarding->end == LIVE_AT_STACK)
		one->frame[ETH_HLEN + offsetof(struct iphdr, check)] ^= 1;
	if (forwarding->answered) {
		ends.src_mac = lab->recv.mac;
		ends.dst_mac = lab->send.mac;
		src = ends.src;
		ends.src = ends.dst;
		ends.dst = src;
		type = kind->answer;
	}
	if (forwarding->resent || forwarding->routed)
		ends.dst_mac = lab->remote.mac;
	if (forwarding->routed) {
		ends.src_mac = lab->out.mac;
		hops--;
	}
	put_frame(one->wanted, kind, &ends, hops, type);
}

/* Forwarding cases. */

/* What the lessons' objects agree on with their own commands. */
#define PORT_OF_MAP 0 /* the key of tx_port that goes with redirect_params */
#define BUCKETS 1024 /* entries of cpu_buckets */
#define CPU_PROG "xdp_cpumap_target_func"
#define QUEUE 2048 /* packets */

/* What a CPU's program counts, as packet04-cpumap has it. */
struct work {
	__u64 packets, bytes, filtered;
};

static int put(const struct live_case *one, const char *map, const void *key, const void *value)
{
	int fd = maps_find(one->at.obj, map);

	if (fd < 0)
		return -ENOEXEC;
	if (!bpf_map_update_elem(fd, key, value, BPF_ANY))
		return 0;
	pr_err("cannot fill map '%s': %s", map, strerror(errno));
	return -EIO;
}

static int set_redirect(struct live_case *one, const struct live_lab *lab)
{
	__u32 index = (__u32)lab->out.dev.index;
	int err = rodata_set(one->at.obj, "redirect_ifindex", &index, sizeof(index));

	if (err)
		return err;
	return rodata_set(one->at.obj, "redirect_mac", &lab->remote.mac, sizeof(lab->remote.mac));
}

static int fill_map(struct live_case *one, const struct live_lab *lab)
{
	__u32 key = PORT_OF_MAP, index = (__u32)lab->out.dev.index;
	int err = put(one, "tx_port", &key, &index);

	return err ? err : put(one, "redirect_params", &lab->send.mac, &lab->remote.mac);
}

static int set_direct(struct live_case *one, const struct live_lab *lab)
{
	__u32 flags = BPF_FIB_LOOKUP_DIRECT;

	(void)lab; /* the same in each */
	return rodata_set(one->at.obj, "router_flags", &flags, sizeof(flags));
}

static int fill_router(struct live_case *one, const struct live_lab *lab)
{
	__u32 index = (__u32)lab->out.dev.index;

	return put(one, "tx_port", &index, &index);
}

/* Queues for the CPUs up to the one in use; what arrives there is dropped. */
static int set_cpumap(struct live_case *one, const struct live_lab *lab)
{
	struct bpf_object *obj = one->at.obj;
	struct bpf_program *target = bpf_object__find_program_by_name(obj, CPU_PROG);
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "cpu_map");
	__u16 port = DEST_PORT;

	if (!target || !map || bpf_map__set_max_entries(map, (__u32)lab->other_cpu + 1)) {
		pr_err("cannot use '%s': no 'cpu_map' or no '" CPU_PROG "'", one->row.object);
		return -ENOEXEC;
	}
	/* attach_open() lets only the one be loaded that is attached. */
	bpf_program__set_autoload(target, true);
	return rodata_set(obj, "drop_port", &port, sizeof(port));
}

static int fill_cpumap(struct live_case *one, const struct live_lab *lab)
{
	const struct maps_layout layout = {
		.type = BPF_MAP_TYPE_PERCPU_ARRAY,
		.value_size = sizeof(struct work),
	};
	__u32 cpu = (__u32)lab->other_cpu, bucket;
	struct bpf_cpumap_val queue = { .qsize = QUEUE };
	int err;

	queue.bpf_prog.fd = bpf_program__fd(
		bpf_object__find_program_by_name(one->at.obj, CPU_PROG));
	err = put(one, "cpu_map", &cpu, &queue);
	for (bucket = 0; !err && bucket < BUCKETS; bucket++)
		err = put(one, "cpu_buckets", &bucket, &cpu);
	if (err)
		return err;
	one->work_fd = maps_find(one->at.obj, "cpu_work");
	if (one->work_fd < 0 || maps_check(one->work_fd, "cpu_work", &layout))
		return -ENOEXEC;
	return 0;
}

/* clang-format off */
static const struct forwarding forwardings[] = {
	{ .name = "drop", .end = LIVE_AT_RECV },
	{ .name = "pass", .end = LIVE_AT_STACK },
	{ .name = "back", .end = LIVE_AT_SEND },
	{ .name = "echo", .end = LIVE_AT_SEND, .answered = true },
	{ .name = "out", .end = LIVE_AT_REMOTE },
	{ .name = "redirect", .end = LIVE_AT_REMOTE, .resent = true, .set = set_redirect },
	{ .name = "map", .end = LIVE_AT_REMOTE, .resent = true, .fill = fill_map },
	{ .name = "router", .end = LIVE_AT_REMOTE, .routed = true, .fill = fill_router },
	{ .name = "direct", .end = LIVE_AT_REMOTE, .routed = true, .fill = fill_router,
	  .set = set_direct },
	{ .name = "cpumap", .end = LIVE_AT_CPU, .fill = fill_cpumap, .set = set_cpumap },
	{ .name = "forward", .end = LIVE_AT_REMOTE, .routed = true },
};
/* clang-format on */

int live_case_set(struct live_case *one, const char *name, const char *forwarding)
{
	size_t i;

	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		if (!strcmp(name, frames[i].name))
			one->frames = &frames[i];
	for (i = 0; i < sizeof(forwardings) / sizeof(forwardings[0]); i++)
		if (!strcmp(forwarding, forwardings[i].name))
			one->forwarding = &forwardings[i];
	if (!one->frames || !one->forwarding)
		return -EINVAL;
	one->row.packet = one->frames->name;
	one->ipv6 = one->frames->family == AF_INET6;
	return 0;
}

/* A case without an object is an empty program, named after its verdict. */
static int open_empty(struct live_case *one, const struct live_lab *lab)
{
	enum xdp_action verdict = XDP_ABORTED;

	while (verdict <= XDP_REDIRECT && strcmp(one->row.program, verdict_name(verdict)))
		verdict++;
	if (verdict > XDP_REDIRECT) {
		pr_err("bad case '%s': no verdict '%s'", one->row.name, one->row.program);
		return -EINVAL;
	}
	one->fd = program_returns(verdict, lab->out.dev.index);
	return one->fd < 0 ? one->fd : 0;
}

static int open_object(struct live_case *one, const struct live_lab *lab)
{
	const struct forwarding *forwarding = one->forwarding;
	int err = program_find(&one->at, one->row.object, one->row.program);

	if (!err && forwarding->set)
		err = forwarding->set(one, lab);
	if (!err)
		err = program_load(&one->at);
	if (err)
		return err;
	one->fd = bpf_program__fd(program_of(&one->at));
	return forwarding->fill ? forwarding->fill(one, lab) : 0;
}

int live_case_open(struct live_case *one, const struct live_lab *lab, const char *top)
{
	__u32 ifindex = (__u32)lab->send.dev.index;
	int err;

	make_frames(one, lab);
	err = one->row.object ? open_object(one, lab) : open_empty(one, lab);
	if (!err)
		err = find_own(&one->send, top, "bench_send_func");
	if (!err)
		err = rodata_set(one->send.obj, "bench_frame", one->frame, sizeof(one->frame));
	if (!err)
		err = rodata_set(one->send.obj, "bench_ifindex", &ifindex, sizeof(ifindex));
	if (!err)
		err = program_load(&one->send);
	if (!err)
		live_open(&one->live, bpf_program__fd(program_of(&one->send)));
	return err;
}

void live_case_close(struct live_case *one)
{
	if (!one->row.object && one->fd > 0)
		close(one->fd);
	attach_close(&one->at);
	live_close(&one->live);
	attach_close(&one->send);
}

/* The sender. */

#define MANY 1000000000

/* Ends with the number of an error. */
static void send_frames(const struct live_case *one, int cpu, double pps)
{
	const struct live_frame frame = { .data = one->frame, .len = LIVE_FRAME_LEN };
	double due = monotonic_now();
	int err = machine_pin(cpu);

	while (!err) {
		err = live_send(&one->live, &frame, pps > 0 ? LIVE_BATCH : MANY);
		if (pps <= 0)
			continue;
		due += LIVE_BATCH / pps;
		/* Frames that are late are not made up for. */
		if (due < monotonic_now())
			due = monotonic_now();
		while (monotonic_now() < due)
			;
	}
	_exit(-err);
}

int live_sender_start(const struct live_case *one, const struct live_lab *lab, double pps,
		      pid_t *pid)
{
	pid_t parent = getpid();

	*pid = fork();
	if (!*pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			send_frames(one, lab->cpu, pps);
		_exit(1);
	}
	if (*pid > 0)
		return 0;
	pr_err("cannot start to send: %s", strerror(errno));
	return -EIO;
}

int live_sender_stop(const struct live_case *one, pid_t pid)
{
	int status = 0;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status))
		return 0;
	pr_err("cannot send the frames of '%s': %s", one->row.name, strerror(WEXITSTATUS(status)));
	return -EIO;
}

/* Counters. */

/* What the program behind a cpumap has counted, on all CPUs. */
static int count_work(const struct live_case *one, __u64 *count)
{
	int cpus = libbpf_num_possible_cpus(), i;
	struct work *work;
	__u32 key = 0;
	int err = 0;

	work = cpus < 0 ? NULL : calloc((size_t)cpus, sizeof(*work));
	if (!work)
		return -ENOMEM;
	if (bpf_map_lookup_elem(one->work_fd, &key, work))
		err = -errno;
	*count = 0;
	for (i = 0; i < cpus; i++)
		*count += work[i].packets;
	free(work);
	return err;
}

static int count_arrived(const struct live_lab *lab, const struct live_case *one, __u64 *count)
{
	unsigned long long dropped;

	switch (one->forwarding->end) {
	case LIVE_AT_CPU:
		return count_work(one, count);
	case LIVE_AT_STACK:
		/* By IPv4, for its header (InHdrErrors). */
		if (scan_file("/proc/thread-self/net/snmp", "%*[^\n]\nIp: %*u %*u %*u %llu",
			      &dropped) != 1)
			return -ENOENT;
		*count = dropped;
		return 0;
	case LIVE_AT_SEND:
		return lab_received(&lab->send, count);
	case LIVE_AT_REMOTE:
		return lab_received(&lab->remote, count);
	default: /* LIVE_AT_RECV: those received */
		return 0;
	}
}

/* How long process @pid had something to do, and its CPU had not. */
static double waited(pid_t pid)
{
	unsigned long long ns;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	return scan_file(path, "%*u %llu", &ns) == 1 ? (double)ns / 1e9 : 0;
}

int live_count(const struct live_lab *lab, const struct live_case *one, pid_t sender,
	       struct live_count *count)
{
	int err = lab_received(&lab->recv, &count->received);

	count->arrived = count->received;
	if (!err)
		err = count_arrived(lab, one, &count->arrived);
	count->seconds = monotonic_now() - waited(sender);
	if (err)
		pr_err("cannot count: %s", strerror(-err));
	return err ? -EIO : 0;
}

#define STEP_US 2000
#define STEPS 2500 /* five seconds: more than any machine needs */

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid == pid;
}

/*
 * Until @frames more have arrived than @first says. -EIO without a line when the
 * sender has ended: live_sender_stop() says why.
 */
static int wait_for_frames(const struct live_lab *lab, const struct live_case *one, pid_t sender,
			   const struct live_count *first, __u64 frames_more)
{
	struct live_count now;
	int i, err = 0;

	for (i = 0; !err && i < STEPS && !has_ended(sender); i++) {
		err = live_count(lab, one, sender, &now);
		if (!err && now.arrived - first->arrived >= frames_more)
			return 0;
		usleep(STEP_US);
	}
	if (i == STEPS)
		pr_err("cannot measure '%s': of %llu frames that came in %llu arrived",
		       one->row.name, (unsigned long long)(now.received - first->received),
		       (unsigned long long)(now.arrived - first->arrived));
	return -EIO;
}

/* What is measured. */

#define TRIED 1000 /* frames: some have come back to be sent again */
#define WARM 200 /* frames before a measurement */

/* The last frame that arrived, against the one that should. */
static int compare_frames(const struct live_lab *lab, const struct live_case *one)
{
	unsigned char seen[LIVE_FRAME_LEN];
	__u32 key = 0;
	int i;

	if (bpf_map_lookup_elem(lab->seen_fd, &key, seen)) {
		pr_err("cannot look at frames: %s", strerror(errno));
		return -EIO;
	}
	for (i = 0; i < LIVE_FRAME_LEN; i++) {
		if (seen[i] == one->wanted[i])
			continue;
		pr_err("cannot measure '%s': byte %d of what arrives is %02x, not %02x",
		       one->row.name, i, seen[i], one->wanted[i]);
		return -EIO;
	}
	return 0;
}

int live_try(const struct live_lab *lab, const struct live_case *one)
{
	enum live_end at = one->forwarding->end;
	const struct lab_port *end = at == LIVE_AT_SEND ? &lab->send : &lab->remote;
	bool looks = at >= LIVE_AT_SEND;
	struct live_count first;
	pid_t pid = 0;
	int stopped, err;

	err = lab_attach(&lab->recv, one->fd);
	if (!err && looks)
		err = lab_attach(end, lab->look_fd);
	if (!err)
		err = live_count(lab, one, pid, &first);
	if (!err)
		err = live_sender_start(one, lab, 0, &pid);
	if (err)
		return err;
	err = wait_for_frames(lab, one, pid, &first, TRIED);
	stopped = live_sender_stop(one, pid);
	if (!err)
		err = stopped;
	if (!err && looks)
		err = compare_frames(lab, one);
	return err || !looks ? err : lab_attach(end, lab->drop_fd);
}

/* From where the sender is at work, for @seconds. */
static int count_span(const struct live_lab *lab, const struct live_case *one, pid_t pid,
		      double seconds, struct live_count *from, struct live_count *to)
{
	int err = live_count(lab, one, pid, from);

	if (!err)
		err = wait_for_frames(lab, one, pid, from, WARM);
	if (!err)
		err = live_count(lab, one, pid, from);
	if (err)
		return err;
	usleep((useconds_t)(seconds * 1e6));
	/* Nothing so far: the sender has not come to it. */
	err = wait_for_frames(lab, one, pid, from, 1);
	return err ? err : live_count(lab, one, pid, to);
}

int live_measure(const struct live_lab *lab, const struct live_case *one, double seconds,
		 double *mpps, double *lost)
{
	int err = lab_attach(&lab->recv, one->fd);
	struct live_count from, to;
	double received, arrived;
	int stopped;
	pid_t pid;

	if (!err)
		err = live_sender_start(one, lab, 0, &pid);
	if (err)
		return err;
	err = count_span(lab, one, pid, seconds, &from, &to);
	stopped = live_sender_stop(one, pid);
	if (err || stopped)
		return err ? err : stopped;
	/* The two are counted one after the other: some came in between. */
	received = (double)(to.received - from.received);
	arrived = (double)(to.arrived - from.arrived);
	*lost = arrived < received ? 100 * (1 - arrived / received) : 0;
	*mpps = arrived / (to.seconds - from.seconds) / 1e6;
	return 0;
}
