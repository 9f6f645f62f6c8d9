/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* packet04: which CPU a packet goes to, what is done there, what is counted. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <stdlib.h>
#include <string.h>

#include "packets.h"
#include "progrun.h"
#include "rodata.h"
#include "tap.h"

#define LESSON "../../packet04-cpumap/"
#define BUCKETS 1024
#define PORT 53 /* of put_udp() */

struct flow_said {
	__u32 hash, ports, proto;
};

/* cpu_work, on one CPU */
struct work {
	__u64 packets, bytes, filtered;
};

static int map_fd(const struct bpf_object *obj, const char *name)
{
	return bpf_object__find_map_fd_by_name(obj, name);
}

/* What the values of element @key say on all CPUs, @words numbers each */
static void sum_up(int fd, __u32 key, __u64 *sum, int words)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 values[cpus * words];

	memset(sum, 0xff, words * sizeof(*sum));
	if (bpf_map_lookup_elem(fd, &key, values))
		return;
	memset(sum, 0, words * sizeof(*sum));
	for (int i = 0; i < cpus * words; i++)
		sum[i % words] += values[i];
}

static struct bpf_object *load(struct bpf_object *obj)
{
	if (!bpf_object__load(obj))
		return obj;
	printf("# cannot load: %s\n", strerror(errno));
	exit(1);
}

/* CPU 0 has a queue, CPU 1 has none; all buckets are of CPU 1. */
static struct bpf_object *steering(void)
{
	struct bpf_cpumap_val value = { .qsize = 16 };
	struct bpf_object *obj = progrun_open(LESSON "xdp_cpumap_kern.o");
	__u32 zero = 0, one = 1, i;

	bpf_map__set_max_entries(bpf_object__find_map_by_name(obj, "cpu_map"), 2);
	load(obj);
	ok(!bpf_map_update_elem(map_fd(obj, "cpu_map"), &zero, &value, 0), "a queue for CPU 0");
	for (i = 0; i < BUCKETS; i++)
		bpf_map_update_elem(map_fd(obj, "cpu_buckets"), &i, &one, 0);
	return obj;
}

/*
 * A packet goes where the bucket says that the number of its flow falls into,
 * and to no CPU without a queue.
 */
static void test_steering(void)
{
	struct bpf_object *flows = progrun_load("flow_kern.o");
	struct flow_said *said = progrun_globals(flows, sizeof(*said));
	int flow_prog = progrun_prog(flows, "flow_func");
	struct bpf_object *obj = steering();
	int prog = progrun_prog(obj, "xdp_cpumap_func");
	int buckets = map_fd(obj, "cpu_buckets"), bad = 0, steered = 0;
	__u32 zero = 0, one = 1, bucket, verdict;
	struct packet packet;
	__u64 seed = 5, sum;

	for (int i = 0; i < 10000; i++) {
		random_packet(&packet, &seed);
		bad += progrun(prog, &packet, NULL) != XDP_PASS;
		verdict = progrun(flow_prog, &packet, NULL);
		bucket = said->hash % BUCKETS;
		bpf_map_update_elem(buckets, &bucket, &zero, 0);
		steered += verdict == XDP_PASS;
		bad += progrun(prog, &packet, NULL) !=
		       (verdict == XDP_PASS ? XDP_REDIRECT : XDP_PASS);
		bpf_map_update_elem(buckets, &bucket, &one, 0);
	}
	is_int(bad, 0, "a packet goes where its bucket says");
	ok(steered > 5000 && steered < 10000, "(some have no flow)");
	sum_up(map_fd(obj, "cpu_steered"), 0, &sum, 1);
	is_int(sum, steered, "and is counted");
	bpf_object__close(obj);
	bpf_object__close(flows);
}

/* The second program, loaded as one that BPF_PROG_RUN takes */
static struct bpf_object *target(__u16 drop_port)
{
	struct bpf_object *obj = progrun_open(LESSON "xdp_cpumap_kern.o");

	bpf_program__set_expected_attach_type(
		bpf_object__find_program_by_name(obj, "xdp_cpumap_target_func"), BPF_XDP);
	if (rodata_set(obj, "drop_port", &drop_port, sizeof(drop_port)))
		exit(1);
	return load(obj);
}

static void udp4(struct packet *packet, __u16 frag_off)
{
	put_macs(packet);
	put_ipv4(packet, IPPROTO_UDP, 0, frag_off);
	put_udp(packet, 8);
	packet_finish(packet, 14);
}

static void tcp6(struct packet *packet, __u16 port)
{
	put_macs(packet);
	put_ipv6(packet, IPPROTO_TCP);
	put_tcp(packet, 5);
	set_u16(packet, 14 + 40 + 2, port);
	packet_finish(packet, 14);
}

static void arp(struct packet *packet)
{
	put_macs(packet);
	put_u16(packet, ETH_P_ARP);
	put_bytes(packet, "0123456789012345678901234567", 28);
}

static void test_target(void)
{
	struct bpf_object *obj = target(PORT);
	int prog = progrun_prog(obj, "xdp_cpumap_target_func");
	struct packet packet;
	struct work work;

	udp4(&packet, 0);
	is_int(progrun(prog, &packet, NULL), XDP_DROP, "UDP to that port");
	udp4(&packet, 0x2000);
	is_int(progrun(prog, &packet, NULL), XDP_PASS, "not a part of it");
	tcp6(&packet, PORT);
	is_int(progrun(prog, &packet, NULL), XDP_DROP, "TCP over IPv6");
	tcp6(&packet, PORT + 1);
	is_int(progrun(prog, &packet, NULL), XDP_PASS, "not to another port");
	set_u16(&packet, 14 + 40, PORT);
	is_int(progrun(prog, &packet, NULL), XDP_PASS, "nor from that port");
	arp(&packet);
	is_int(progrun(prog, &packet, NULL), XDP_PASS, "nor what has no ports");
	sum_up(map_fd(obj, "cpu_work"), 0, &work.packets, 3);
	ok(work.packets == 6 && work.bytes == 2 * 42 + 3 * 74 + 42 && work.filtered == 2,
	   "all are counted, with their bytes, and those that are dropped");
	bpf_object__close(obj);

	obj = target(0);
	prog = progrun_prog(obj, "xdp_cpumap_target_func");
	udp4(&packet, 0);
	is_int(progrun(prog, &packet, NULL), XDP_PASS, "no port: nothing");
	bpf_object__close(obj);
}

/* The tracepoint fires with these arguments. */
static void enqueued(int prog, __u64 map_id, __u64 processed, __u64 drops, __u64 cpu)
{
	__u64 args[] = { map_id, processed, drops, cpu };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args));

	if (bpf_prog_test_run_opts(prog, &opts))
		printf("# cannot run: %s\n", strerror(errno));
}

static void test_overflow(void)
{
	struct bpf_object *obj = progrun_open(LESSON "cpumap_overflow_kern.o");
	__u32 id = 7;
	__u64 sum[2];
	int prog, fd;

	bpf_map__set_max_entries(bpf_object__find_map_by_name(obj, "cpu_overflow"), 2);
	if (rodata_set(obj, "cpu_map_id", &id, sizeof(id)))
		exit(1);
	load(obj);
	prog = progrun_prog(obj, "trace_cpumap_enqueue");
	fd = map_fd(obj, "cpu_overflow");
	enqueued(prog, 7, 8, 0, 0);
	enqueued(prog, 7, 3, 5, 1);
	enqueued(prog, 7, 0, 8, 1);
	enqueued(prog, 8, 0, 8, 1); /* another map */
	enqueued(prog, 7, 0, 8, 2); /* no such CPU */
	sum_up(fd, 0, &sum[0], 1);
	sum_up(fd, 1, &sum[1], 1);
	is_int(sum[0], 0, "what a queue takes is no overflow");
	is_int(sum[1], 13, "what it does not take is, of this map");
	bpf_object__close(obj);
}

int main(void)
{
	test_steering();
	test_target();
	test_overflow();
	return tap_done();
}
