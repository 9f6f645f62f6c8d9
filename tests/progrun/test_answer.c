/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * advanced03: echo requests answered in user space. What the program sends to a
 * socket is what answer_echo() answers, and the answer is, byte for byte, the
 * one that packet03's program makes in the kernel. So is that of the bare program.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bare_answer.h"
#include "captures.h"
#include "packets.h"
#include "progrun.h"
#include "tap.h"

#define LESSONS "../../"
#define OUT_MAX 70000
#define RANDOM_PACKETS 20000
/* A socket gets no packet that is longer, and BPF_PROG_RUN shows less of it. */
#define LONGEST 3000

static int kernel_answers, kernel_steers;

/* The packet afterwards in @out; a verdict, or -1 where it is too short. */
static int run(int prog, const struct frame *in, struct frame *out)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = in->data, .data_size_in = in->len,
		    .data_out = out->data, .data_size_out = OUT_MAX, .repeat = 1);

	if (bpf_prog_test_run_opts(prog, &opts))
		return -1;
	out->len = opts.data_size_out;
	return (int)opts.retval;
}

/* Nine tags, or addresses of no host: the bare program does not look at those. */
static bool is_odd(const struct frame *in)
{
	const __u8 *ip = in->data + sizeof(struct ethhdr);
	bool four;

	while ((ip[-2] == 0x81 && ip[-1] == 0) || (ip[-2] == 0x88 && ip[-1] == 0xa8))
		ip += 4;
	if (ip > in->data + sizeof(struct ethhdr) + 4 * 8)
		return true;
	four = ip[0] >> 4 == 4;
	for (int i = 0; i < 2; i++) {
		const __u8 *addr = ip + (four ? 12 + 4 * i : 8 + 16 * i);

		if (four ? !addr[0] || addr[0] == 127 || addr[0] >= 224 :
			   !(addr[0] | addr[1] | addr[2] | addr[3]) || addr[0] == 0xff)
			return true;
	}
	return false;
}

/* The bare program makes @wanted of it; NULL: leaves it as it is, unless it is odd. */
static bool bare_agrees(const struct frame *in, const __u8 *wanted)
{
	__u8 *packet = malloc(in->len + 1);
	bool answered, same;

	if (!packet)
		abort();
	memcpy(packet, in->data, in->len);
	answered = in->len <= LONGEST && bare_answer(packet, in->len);
	if (wanted)
		same = answered && !memcmp(packet, wanted, in->len);
	else
		same = answered ? is_odd(in) : !memcmp(packet, in->data, in->len);
	free(packet);
	return same;
}

/* All of them say the same of it. Stores whether it was answered. */
static bool agree(const struct frame *in, bool *answered)
{
	static __u8 data[OUT_MAX];
	struct frame out = { .data = data };
	__u8 *packet = malloc(in->len + 1);
	int steered, verdict;
	bool same;

	if (!packet)
		abort();
	memcpy(packet, in->data, in->len);
	*answered = in->len <= LONGEST && answer_echo(packet, in->len);
	steered = run(kernel_steers, in, &out);
	verdict = run(kernel_answers, in, &out);
	if (verdict < 0 || steered < 0)
		same = verdict == steered && !*answered;
	else
		same = verdict == (*answered ? XDP_TX : XDP_PASS) &&
		       steered == (*answered ? XDP_REDIRECT : XDP_PASS) && out.len == in->len &&
		       !memcmp(packet, data, in->len);
	free(packet);
	return same && bare_agrees(in, *answered ? data : NULL);
}

static int test_fixture(const char *path)
{
	struct fixture capture = capture_read(path);
	int good = 0, answers = 0;
	char name[256];
	bool answered;
	__u32 i;

	for (i = 0; i < capture.count; i++) {
		if (agree(&capture.frame[i], &answered))
			good++;
		else
			printf("# not packet %u\n", i + 1);
		answers += answered;
	}
	snprintf(name, sizeof(name), "%s: %d of %u packets are answered, alike", basename(path),
		 answers, capture.count);
	ok(good == (int)capture.count && good, name);
	fixture_free(&capture);
	return answers;
}

static void test_fixtures(void)
{
	char path[PATH_MAX] = "../packets/*.pcap";
	const char *slash = strrchr(program_invocation_name, '/');
	int answers = 0;
	glob_t found;

	if (slash)
		snprintf(path, sizeof(path), "%.*s../packets/*.pcap",
			 (int)(slash + 1 - program_invocation_name), program_invocation_name);
	if (glob(path, 0, NULL, &found)) {
		printf("# no '%s'\n", path);
		exit(1);
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		answers += test_fixture(found.gl_pathv[i]);
	globfree(&found);
	ok(answers > 100, "(many are answered)");
}

/* An echo request behind some tags; of most of them a byte is another. */
static void odd_request(struct packet *packet, __u64 *seed)
{
	bool four = next_random(seed) % 2;
	__u32 l3;

	put_macs(packet);
	for (int tags = next_random(seed) % 4; tags; tags--)
		put_tag(packet, ETH_P_8021Q, tags);
	l3 = packet->len + 2;
	if (four)
		put_ipv4(packet, IPPROTO_ICMP, 0, 0);
	else
		put_ipv6(packet, IPPROTO_ICMPV6);
	put_icmp(packet, four ? ICMP_ECHO : ICMPV6_ECHO_REQUEST, next_random(seed));
	put_bytes(packet, "odd", 3);
	packet_finish(packet, l3);
	if (next_random(seed) % 4)
		packet->data[next_random(seed) % packet->len] = next_random(seed);
	if (!(next_random(seed) % 4))
		packet->len -= next_random(seed) % 8;
}

static void test_random(void)
{
	int bad = 0, answers = 0;
	struct packet packet;
	struct frame frame;
	__u64 seed = 20261122;
	bool answered;

	for (int i = 0; i < RANDOM_PACKETS; i++) {
		odd_request(&packet, &seed);
		frame = (struct frame){ packet.data, packet.len };
		bad += !agree(&frame, &answered);
		answers += answered;
	}
	is_int(bad, 0, "random packets: alike");
	ok(answers > RANDOM_PACKETS / 8 && answers < RANDOM_PACKETS,
	   "(some are answered, not all)");
}

/* Its text lies in its folder, beside ours. */
static void prepare_socket(struct bpf_object *obj)
{
	const char *slash = strrchr(program_invocation_name, '/');
	char folder[PATH_MAX];
	unsigned int ingress;

	snprintf(folder, sizeof(folder), "%.*s%sadvanced03-AF_XDP",
		 slash ? (int)(slash + 1 - program_invocation_name) : 0, program_invocation_name,
		 LESSONS);
	progrun_prepare(obj, folder, "socket", &ingress);
	kernel_steers = progrun_prog(obj, "xdp_sock_echo_func");
}

int main(void)
{
	struct bpf_object *answers, *steers;

	answers = progrun_load(LESSONS "packet03-redirecting/xdp_redirect_kern.o");
	kernel_answers = progrun_prog(answers, "xdp_icmp_echo_func");
	steers = progrun_open(LESSONS "advanced03-AF_XDP/af_xdp_kern.o");
	prepare_socket(steers);
	test_fixtures();
	test_random();
	bpf_object__close(steers);
	bpf_object__close(answers);
	return tap_done();
}
