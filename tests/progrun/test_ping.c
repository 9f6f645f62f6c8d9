/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * advanced04, xdp_ping_func: which packets go to the socket, and which of those
 * that pass are counted, with the rules as xdp_ping_user enters them.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>

#include "packets/prepare.h"
#include "pings.h"
#include "progrun.h"
#include "rules.h"
#include "tap.h"

#define SIZE 56

static struct pinged pinged;
static struct bpf_object *obj;
static int prog;
static bool six, with_socket;

/* What the rules have counted since the last time */
struct counted {
	__u64 without_socket, foreign, damaged;
};

static struct counted collect(void)
{
	static struct counted before;
	struct counted now, since;

	for (int i = 0; i < PING_TEST_TARGETS; i++)
		memset(&pinged.target[i].counts, 0, sizeof(struct ping_counts));
	now.without_socket = rules_collect(&pinged.ping, obj);
	now.foreign = pinged.target[0].counts.foreign + pinged.target[1].counts.foreign;
	now.damaged = pinged.target[0].counts.damaged + pinged.target[1].counts.damaged;
	since = (struct counted){ now.without_socket - before.without_socket,
				  now.foreign - before.foreign, now.damaged - before.damaged };
	before = now;
	return since;
}

enum what {
	TAKEN, /* goes to the socket; passed and counted where there is none */
	PASSED,
	FOREIGN, /* passed, and counted as another's */
	DAMAGED, /* passed, and counted as damaged */
};

static void is(const struct packet *packet, enum what what, const char *name)
{
	__u32 want = what == TAKEN && with_socket ? XDP_REDIRECT : XDP_PASS;
	struct packet out;
	struct counted counted;
	char text[256];
	__u32 verdict;

	collect();
	verdict = progrun(prog, packet, &out);
	counted = collect();
	snprintf(text, sizeof(text), "%s, %s: %s", six ? "IPv6" : "IPv4",
		 with_socket ? "a socket" : "no socket", name);
	if (ok(verdict == want && out.len == packet->len &&
		       !memcmp(out.data, packet->data, out.len) &&
		       counted.without_socket == (what == TAKEN && !with_socket) &&
		       counted.foreign == (what == FOREIGN) && counted.damaged == (what == DAMAGED),
	       text))
		return;
	printf("# verdict %u, want %u; %llu without a socket, %llu foreign, %llu damaged\n",
	       verdict, want, counted.without_socket, counted.foreign, counted.damaged);
}

/* It comes from an address that is no target. */
static void from_other(struct packet *packet)
{
	packet->data[ETH_HLEN + (six ? 23 : 15)] = 99;
}

/* It has the id of another command. */
static void to_other(struct packet *packet)
{
	packet->data[icmp_at(packet) + 5] ^= 2;
}

static void test_answers(void)
{
	struct packet packet;

	make_answer(&pinged, 1, &packet);
	is(&packet, TAKEN, "an answer of the first target");
	make_answer(&pinged, 2, &packet);
	is(&packet, TAKEN, "an answer of the second one");
	packet.data[icmp_at(&packet) + 2] ^= 1;
	is(&packet, TAKEN, "with a wrong checksum: the command will see");
	packet.data[0] ^= 4;
	is(&packet, TAKEN, "to another MAC address: the same");
	make_answer(&pinged, 1, &packet);
	packet.len -= SIZE;
	is(&packet, TAKEN, "cut off behind its header");
	make_answer(&pinged, 1, &packet);
	packet.len += 20;
	is(&packet, TAKEN, "with padding");
	make_answer(&pinged, 1, &packet);
	to_other(&packet);
	is(&packet, FOREIGN, "an answer of the first target to another");
	make_answer(&pinged, 2, &packet);
	to_other(&packet);
	is(&packet, FOREIGN, "an answer of the second one to another");
	make_answer(&pinged, 1, &packet);
	from_other(&packet);
	is(&packet, FOREIGN, "an answer with our id from who was not asked");
	to_other(&packet);
	is(&packet, PASSED, "an answer with another id from who was not asked");
}

static void test_cut(void)
{
	struct packet packet;

	make_answer(&pinged, 1, &packet);
	packet.len = icmp_at(&packet) + 7;
	is(&packet, DAMAGED, "a message of 7 bytes from a target");
	packet.len = icmp_at(&packet);
	is(&packet, DAMAGED, "a message of none");
	from_other(&packet);
	is(&packet, PASSED, "the same from who was not asked");
	make_answer(&pinged, 1, &packet);
	set_u16(&packet, ETH_HLEN + (six ? 4 : 2), six ? 7 : 27);
	is(&packet, DAMAGED, "7 bytes, and padding like the rest of an answer");
	packet.len = ETH_HLEN + (six ? 39 : 19);
	is(&packet, PASSED, "less than a header of IP");
	packet.len = ETH_HLEN;
	is(&packet, PASSED, "a header of Ethernet alone");
}

static void test_not_answers(void)
{
	struct packet packet, tagged;

	make_answer(&pinged, 1, &packet);
	packet.data[icmp_at(&packet)] = six ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	is(&packet, PASSED, "a request with our id from a target");
	make_answer(&pinged, 1, &packet);
	packet.data[ETH_HLEN + (six ? 6 : 9)] = IPPROTO_UDP;
	is(&packet, PASSED, "what is not ICMP");
	packet.data[ETH_HLEN + (six ? 6 : 9)] = six ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	is(&packet, PASSED, "the other family's ICMP");
	make_answer(&pinged, 1, &packet);
	packet.data[ETH_HLEN] ^= 0x20;
	is(&packet, PASSED, "another version of IP");
	make_answer(&pinged, 1, &packet);
	tagged.len = 0;
	put_bytes(&tagged, packet.data, 12);
	put_tag(&tagged, ETH_P_8021Q, 1);
	put_bytes(&tagged, packet.data + 12, packet.len - 12);
	is(&tagged, PASSED, "an answer behind a tag");
}

/* What IPv4 has and IPv6 not, and the other way round */
static void test_options(void)
{
	struct packet answer, packet;
	__u32 at;

	make_answer(&pinged, 1, &answer);
	at = icmp_at(&answer);
	packet.len = 0;
	put_bytes(&packet, answer.data, at);
	if (six) {
		put_ext(&packet, IPPROTO_DSTOPTS, IPPROTO_ICMPV6, 0);
		packet.data[ETH_HLEN + 6] = IPPROTO_DSTOPTS;
	} else {
		put_bytes(&packet, "\1\1\1\1", 4);
		packet.data[ETH_HLEN] = 0x46;
	}
	put_bytes(&packet, answer.data + at, answer.len - at);
	packet_finish(&packet, ETH_HLEN);
	is(&packet, six ? PASSED : TAKEN, "options in front of an answer");
	if (six)
		return;
	set_u16(&answer, ETH_HLEN + 6, 0x2000);
	is(&answer, PASSED, "the first part of a datagram");
	set_u16(&answer, ETH_HLEN + 6, 1);
	is(&answer, PASSED, "a later part of it");
	set_u16(&answer, ETH_HLEN + 6, 0);
	is(&answer, TAKEN, "an answer that might have been fragmented");
}

static void test_errors(void)
{
	static const __u8 types4[] = { ICMP_DEST_UNREACH, ICMP_TIME_EXCEEDED, ICMP_PARAMETERPROB };
	static const __u8 types6[] = { ICMP6_DST_UNREACH, ICMP6_PACKET_TOO_BIG, ICMP6_TIME_EXCEEDED,
				       ICMP6_PARAM_PROB };
	const __u8 *types = six ? types6 : types4;
	size_t i, count = six ? sizeof(types6) : sizeof(types4);
	struct packet packet;
	char name[64];

	for (i = 0; i < count; i++) {
		make_error(&pinged, 1 + i % 2, types[i], 500, &packet);
		snprintf(name, sizeof(name), "an error of type %u", types[i]);
		is(&packet, TAKEN, name);
	}
	make_error(&pinged, 1, six ? 5 : ICMP_REDIRECT, 500, &packet);
	is(&packet, PASSED, "a type that is not asked for");
	make_error(&pinged, 1, types[0], six ? 48 : 28, &packet);
	is(&packet, TAKEN, "an error that quotes as much as it has to");
	make_error(&pinged, 1, types[0], six ? 47 : 27, &packet);
	is(&packet, PASSED, "an error that quotes a byte less");
	make_error(&pinged, 1, types[0], 0, &packet);
	is(&packet, PASSED, "an error that quotes nothing");
	packet.len -= 8;
	is(&packet, PASSED, "an error without a message");
}

/* The quoted request is another's, or none. */
static void test_quoted(void)
{
	__u8 type = six ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH;
	struct packet packet;
	__u32 ip, icmp;

	make_error(&pinged, 1, type, 500, &packet);
	ip = icmp_at(&packet) + 8;
	icmp = ip + (six ? 40 : 20);
	packet.data[icmp + 5] ^= 2;
	is(&packet, PASSED, "an error about a request of another");
	packet.data[icmp + 5] ^= 2;
	packet.data[icmp] = six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
	is(&packet, PASSED, "an error about an answer of ours");
	packet.data[icmp] = six ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	is(&packet, TAKEN, "(an error about a request of ours)");
	packet.data[ip + (six ? 6 : 9)] = IPPROTO_UDP;
	is(&packet, PASSED, "an error about UDP");
	make_error(&pinged, 1, type, 500, &packet);
	packet.data[ip] ^= 0x20;
	is(&packet, PASSED, "an error about another version of IP");
}

static void test_family(int family)
{
	char path[PATH_MAX];
	const char *slash = strrchr(program_invocation_name, '/');

	six = family == AF_INET6;
	pinged_begin(&pinged, family, SIZE, PING_TEST_TARGETS);
	obj = progrun_open(PING_LESSON "xdp_ping_kern.o");
	if (rules_prepare(&pinged.ping, &(struct attach){ .obj = obj }) || bpf_object__load(obj) ||
	    rules_enter(&pinged.ping, obj))
		abort();
	snprintf(path, sizeof(path), "%.*s" PING_LESSON "prepare.txt",
		 slash ? (int)(slash + 1 - program_invocation_name) : 0, program_invocation_name);
	if (with_socket && prepare_elements(path, "socket", obj))
		abort();
	prog = progrun_prog(obj, "xdp_ping_func");
	test_answers();
	test_cut();
	test_not_answers();
	test_options();
	test_errors();
	test_quoted();
	bpf_object__close(obj);
	pinged_end(&pinged);
}

int main(void)
{
	for (int i = 0; i < 4; i++) {
		with_socket = i % 2;
		test_family(i / 2 ? AF_INET6 : AF_INET);
	}
	return tap_done();
}
