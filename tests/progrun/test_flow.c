/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* flow_helpers.h: one number a flow, of both directions; spread evenly. */
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <string.h>

#include "packets.h"
#include "parsed.h"
#include "progrun.h"
#include "reference.h"
#include "tap.h"

#define FLOWS 6000
#define NO_FLOW 0xffffffffU
#define MORE 0x2000

struct flow_said {
	__u32 hash, ports, proto;
};

static int prog;
static struct flow_said *said;

/* The two ends of a flow, and how its packets look. */
struct ends {
	__u8 version, proto;
	__u8 source[16], dest[16]; /* of IPv4 the last four bytes */
	__u16 sport, dport;
	int tags;
	int parts; /* field of the fragment header; 0: none */
	int extension; /* of IPv6, in front of it */
};

static const struct ends ends4 = {
	.version = 4,
	.proto = IPPROTO_UDP,
	.source = { [12] = 10, 11, 1, 2 },
	.dest = { [12] = 10, 11, 1, 1 },
	.sport = 1025,
	.dport = 53,
};
static const struct ends ends6 = {
	.version = 6,
	.proto = IPPROTO_UDP,
	.source = { 0xfc, 0, [15] = 2 },
	.dest = { 0xfc, 0, [15] = 1 },
	.sport = 1025,
	.dport = 53,
};

static void put_l3(struct packet *packet, const struct ends *ends)
{
	__u8 first = ends->parts ? IPPROTO_FRAGMENT : ends->proto;
	__u32 at = packet->len + 2;

	if (ends->version == 4) {
		put_ipv4(packet, ends->proto, 0, ends->parts);
		memcpy(packet->data + at + 12, ends->source + 12, 4);
		memcpy(packet->data + at + 16, ends->dest + 12, 4);
		return;
	}
	put_ipv6(packet, ends->extension ? IPPROTO_DSTOPTS : first);
	memcpy(packet->data + at + 8, ends->source, 16);
	memcpy(packet->data + at + 24, ends->dest, 16);
	if (ends->extension)
		put_ext(packet, IPPROTO_DSTOPTS, first, 2);
	if (ends->parts)
		put_ext(packet, IPPROTO_FRAGMENT, ends->proto, ends->parts);
}

/* The number of the flow that such a packet is of; NO_FLOW if of none. */
static __u32 hash_of(const struct ends *ends)
{
	struct packet packet;
	__u32 l3, l4;
	int i;

	put_macs(&packet);
	for (i = 0; i < ends->tags; i++)
		put_tag(&packet, ETH_P_8021Q, i + 1);
	l3 = packet.len + 2;
	put_l3(&packet, ends);
	l4 = packet.len;
	put_tcp(&packet, 5);
	set_u16(&packet, l4, ends->sport);
	set_u16(&packet, l4 + 2, ends->dport);
	packet_finish(&packet, l3);
	return progrun(prog, &packet, NULL) == XDP_PASS ? said->hash : NO_FLOW;
}

static struct ends turned(const struct ends *ends)
{
	struct ends other = *ends;

	memcpy(other.source, ends->dest, sizeof(other.source));
	memcpy(other.dest, ends->source, sizeof(other.dest));
	other.sport = ends->dport;
	other.dport = ends->sport;
	return other;
}

static struct ends random_ends(__u64 *seed)
{
	static const __u8 protos[] = { IPPROTO_UDP,  IPPROTO_TCP,  IPPROTO_SCTP,
				       IPPROTO_DCCP, IPPROTO_ICMP, IPPROTO_ESP };
	struct ends ends = {
		.version = next_random(seed) % 2 ? 4 : 6,
		.proto = protos[next_random(seed) % sizeof(protos)],
		.sport = next_random(seed),
		.dport = next_random(seed),
		.tags = next_random(seed) % 3,
		.extension = next_random(seed) % 2,
	};

	for (int i = 0; i < 16; i++) {
		ends.source[i] = next_random(seed);
		ends.dest[i] = next_random(seed);
	}
	return ends;
}

static void test_symmetric(void)
{
	int bad = 0, asymmetric = 0;
	struct ends ends, other;
	__u64 seed = 4;
	__u32 hash;

	for (int i = 0; i < 20000; i++) {
		ends = random_ends(&seed);
		other = turned(&ends);
		hash = hash_of(&ends);
		bad += hash == NO_FLOW || hash_of(&other) != hash;
		/* The ports change places, the addresses do not: another. */
		other.sport = ends.sport;
		other.dport = ends.dport;
		asymmetric += hash_of(&other) == hash && said->proto;
	}
	is_int(bad, 0, "both directions have one number");
	is_int(asymmetric, 0, "each port belongs to its address");
}

/* Numbers that were written down: a flow stays where it is over the years. */
static void test_stable(void)
{
	bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	ok(hash_of(&ends4) == 87925950 || !little, "a number of IPv4");
	ok(hash_of(&ends6) == 589464594 || !little, "a number of IPv6");
}

/* Each bit that may differ makes another flow. */
static void test_bits(const struct ends *like, int bytes, const char *name)
{
	__u32 hash = hash_of(like);
	struct ends ends;
	int same = 0;

	for (int i = 0; i < bytes * 8; i++) {
		ends = *like;
		ends.source[15 - i / 8] ^= 1 << i % 8;
		same += hash_of(&ends) == hash;
		ends = *like;
		ends.dest[15 - i / 8] ^= 1 << i % 8;
		same += hash_of(&ends) == hash;
	}
	for (int i = 0; i < 16; i++) {
		ends = *like;
		ends.sport ^= 1 << i;
		same += hash_of(&ends) == hash;
		ends = *like;
		ends.dport ^= 1 << i;
		same += hash_of(&ends) == hash;
	}
	ends = *like;
	ends.proto = IPPROTO_TCP;
	same += hash_of(&ends) == hash;
	is_int(same, 0, name);
}

/* The same flow, dressed otherwise */
static void test_dress(void)
{
	struct ends ends = ends6;

	ends.tags = 3;
	ends.extension = 1;
	is_int(hash_of(&ends), hash_of(&ends6), "tags and extension headers make no other flow");
	ends.parts = 0x0006; /* reserved bits only: the one part */
	is_int(hash_of(&ends), hash_of(&ends6), "nor does being the only part");
	is_int(said->ports, 1025 << 16 | 53, "the ports are found behind them");
	ends.tags = 9;
	is_int(hash_of(&ends), NO_FLOW, "nine tags are no flow");
}

/* All parts of a datagram are one flow, whatever they begin with. */
static void test_parts(const struct ends *like, int first, int middle, int last, const char *name)
{
	struct ends ends = *like;
	__u32 hash;

	ends.parts = first;
	hash = hash_of(&ends);
	ok(hash != NO_FLOW && !said->ports && !said->proto, name);
	ends.sport++; /* some data */
	ends.parts = middle;
	is_int(hash_of(&ends), hash, "its middle part");
	ends.parts = last;
	is_int(hash_of(&ends), hash, "its last part");
	ends.parts = 0;
	ends.proto = IPPROTO_ICMP;
	is_int(hash_of(&ends), hash, "and ICMP of the two hosts");
}

static __u32 word_at(const struct packet *packet, __u32 at)
{
	return packet->data[at] << 8 | packet->data[at + 1];
}

/* What is to be said of the packet, by a parser of another make */
static struct flow_said expected(const struct packet *packet, const struct parsed *parsed)
{
	__u32 end = parsed->eth == htons(ETH_P_IP) ?
			    parsed->l3_at + word_at(packet, parsed->l3_at + 2) :
			    parsed->l3_at + 40 + word_at(packet, parsed->l3_at + 4);
	struct flow_said none = { 0 }, ports = { .proto = parsed->l3 };

	switch (parsed->l3) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_DCCP:
	case IPPROTO_SCTP:
	case IPPROTO_UDPLITE:
		break;
	default:
		return none;
	}
	if (parsed->in_parts || parsed->l3_end + 4 > end || parsed->l3_end + 4 > packet->len)
		return none;
	ports.ports = word_at(packet, parsed->l3_end) << 16 | word_at(packet, parsed->l3_end + 2);
	return ports;
}

/* Packets of all kinds: which have a flow, and which of those have ports */
static void test_random(void)
{
	int bad = 0, found = 0, count = 100000;
	struct packet packet;
	struct parsed parsed;
	struct flow_said want;
	__u64 seed = 6;
	bool has_flow;
	__u32 at;

	for (int i = 0; i < count; i++) {
		random_packet(&packet, &seed);
		reference_parse(&packet, &parsed);
		/* Perhaps what looks like ports is padding. */
		if (parsed.l3_at && next_random(&seed) % 4 == 0) {
			at = parsed.eth == htons(ETH_P_IP) ? 2 : 4;
			set_u16(&packet, parsed.l3_at + at, next_random(&seed) % 48);
			reference_parse(&packet, &parsed);
		}
		has_flow = parsed.l3_at != 0;
		bad += (progrun(prog, &packet, NULL) == XDP_PASS) != has_flow;
		if (!has_flow)
			continue;
		want = expected(&packet, &parsed);
		found += !!want.proto;
		bad += said->ports != want.ports || said->proto != want.proto;
	}
	printf("# %d packets, %d with ports\n", count, found);
	is_int(bad, 0, "as another parser says, in packets of all kinds");
	ok(found > count / 8 && found < count / 8 * 7, "(with and without)");
}

/* Flow number @i of a kind */
typedef void change(struct ends *ends, __u32 i);

static void source_port(struct ends *ends, __u32 i)
{
	ends->sport = 1024 + i;
}

static void both_ports(struct ends *ends, __u32 i)
{
	ends->sport = 1024 + i;
	ends->dport = 40000 - i; /* the sum stays */
}

static void twin_ports(struct ends *ends, __u32 i)
{
	ends->sport = ends->dport = 1024 + i;
}

static void source_host(struct ends *ends, __u32 i)
{
	ends->source[15] = i;
	ends->source[14] = i >> 8;
}

/* 1 talks to 1, 2 to 2: their difference stays */
static void both_hosts(struct ends *ends, __u32 i)
{
	source_host(ends, i);
	ends->dest[15] = i;
	ends->dest[14] = i >> 8;
	ends->dest[12] ^= 1;
}

/* Of IPv6: the interface part stays, the networks count up. */
static void networks(struct ends *ends, __u32 i)
{
	ends->source[7] = i;
	ends->source[6] = i >> 8;
}

/* Every 16th address, and every 256th port */
static void strides(struct ends *ends, __u32 i)
{
	ends->source[15] = i % 16 * 16;
	ends->source[14] = i / 16 % 16;
	ends->sport = i / 256 * 256;
}

static const struct kind {
	const char *name;
	change *change;
} kinds[] = {
	{ "consecutive source ports", source_port },
	{ "ports that go up and down", both_ports },
	{ "the same port on both ends", twin_ports },
	{ "consecutive hosts", source_host },
	{ "pairs of hosts", both_hosts },
	{ "consecutive networks", networks },
	{ "every 16th host, every 256th port", strides },
};

/*
 * As even as chance would have it: no CPU of @cpus is further from its share
 * than five standard deviations.
 */
static bool is_even(const __u32 *hash, int cpus)
{
	double share = (double)FLOWS / cpus;
	double far = 5 * 5 * share * (1 - 1.0 / cpus); /* squared */
	int count[64] = { 0 };
	bool even = true;

	for (int i = 0; i < FLOWS; i++)
		count[hash[i] % 1024 % cpus]++;
	for (int i = 0; i < cpus; i++)
		even &= (count[i] - share) * (count[i] - share) <= far;
	for (int i = 0; !even && i < cpus; i++)
		printf("# of %d CPUs number %d has %d flows\n", cpus, i, count[i]);
	return even;
}

static void test_spread(const struct kind *kind, const struct ends *like)
{
	static const int cpus[] = { 2, 3, 4, 7, 64 };
	static __u32 hash[FLOWS];
	bool even = true;
	char name[128];
	struct ends ends;
	__u32 i;

	for (i = 0; i < FLOWS; i++) {
		ends = *like;
		kind->change(&ends, i);
		hash[i] = hash_of(&ends);
	}
	for (i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++)
		even &= is_even(hash, cpus[i]);
	snprintf(name, sizeof(name), "IPv%d, %s: spread evenly", like->version, kind->name);
	ok(even, name);
}

int main(void)
{
	struct bpf_object *obj = progrun_load("flow_kern.o");
	__u32 i;

	prog = progrun_prog(obj, "flow_func");
	said = progrun_globals(obj, sizeof(*said));
	test_symmetric();
	test_stable();
	test_bits(&ends4, 4, "IPv4: every bit counts");
	test_bits(&ends6, 16, "IPv6: every bit counts");
	test_dress();
	test_parts(&ends4, MORE, MORE | 185, 370, "IPv4: the first part");
	test_parts(&ends6, 1, 1448 | 1, 2896, "IPv6: the first part");
	test_random();
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].change != networks)
			test_spread(&kinds[i], &ends4);
		test_spread(&kinds[i], &ends6);
	}
	bpf_object__close(obj);
	return tap_done();
}
