/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* forward_helpers.h and echo_helpers.h: each address, each length, each sum. */
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <string.h>

#include "forwarded.h"
#include "packets.h"
#include "progrun.h"
#include "tap.h"

#define IP4 14 /* where the headers begin */
#define IP6 14
#define ICMP4 (IP4 + 20)
#define ICMP6 (IP6 + 40)

static struct bpf_object *obj;
static struct forward_test *test;

struct prefix {
	const char *address;
	int bits;
};

static const struct prefix special4[] = {
	{ "0.0.0.0", 8 }, { "127.0.0.0", 8 }, { "224.0.0.0", 3 }, { NULL, 0 }
};
static const struct prefix link4[] = { { "169.254.0.0", 16 }, { NULL, 0 } };
static const struct prefix special6[] = { { "::", 32 }, { "ff00::", 8 }, { NULL, 0 } };
static const struct prefix link6[] = { { "fe80::", 10 }, { NULL, 0 } };

/* Does the address begin like one of those? Bit by bit. */
static bool is_in(int family, const __u8 *address, const struct prefix *prefix)
{
	__u8 net[16];
	int bit;

	for (; prefix->address; prefix++) {
		inet_pton(family, prefix->address, net);
		for (bit = 0; bit < prefix->bits; bit++)
			if ((net[bit / 8] ^ address[bit / 8]) & 0x80 >> bit % 8)
				break;
		if (bit == prefix->bits)
			return true;
	}
	return false;
}

/* Is all that address_func says of the packet's destination true? */
static bool is_told(struct packet *in, int family, const __u8 *address)
{
	bool four = family == AF_INET;
	struct packet out;

	memcpy(in->data + (four ? IP4 + 16 : IP6 + 24), address, four ? 4 : 16);
	progrun(progrun_prog(obj, "address_func"), in, &out);
	if (!!test->special == is_in(family, address, four ? special4 : special6) &&
	    !!test->link_local == is_in(family, address, four ? link4 : link6))
		return true;
	printf("# %02x%02x:%02x%02x...: special %u, link-local %u\n", address[0], address[1],
	       address[2], address[3], test->special, test->link_local);
	return false;
}

static void test_addresses(void)
{
	struct packet four, six;
	__u64 seed = 815;
	__u8 address[16];
	int i, j, bad = 0;

	put_macs(&four);
	put_ipv4(&four, IPPROTO_UDP, 0, 0);
	put_bytes(&four, address, sizeof(address));
	put_bytes(&four, address, sizeof(address));
	put_macs(&six);
	put_ipv6(&six, IPPROTO_UDP);
	for (i = 0; i < 65536 && bad < 3; i++) {
		for (j = 2; j < 16; j++)
			address[j] = next_random(&seed) % 4 ? next_random(&seed) : 0;
		address[0] = i >> 8;
		address[1] = i;
		bad += !is_told(&four, AF_INET, address);
		bad += !is_told(&six, AF_INET6, address);
		/* Bytes 2 and 3 count behind zeros only. */
		memcpy(address + 2, address, 2);
		memset(address, 0, 2);
		bad += !is_told(&six, AF_INET6, address);
	}
	is_int(bad, 0, "each beginning of an address: special, of a link");
}

static void test_macs(void)
{
	struct packet in, out;
	int i, bad = 0;

	put_macs(&in);
	put_ipv6(&in, IPPROTO_UDP);
	for (i = 0; i < 256; i++) {
		in.data[0] = i;
		progrun(progrun_prog(obj, "address_func"), &in, &out);
		bad += !!test->group != i % 2 || memcmp(out.data, in.data + 6, 6) ||
		       memcmp(out.data + 6, in.data + 6, in.len - 6);
	}
	is_int(bad, 0, "groups' MAC addresses; a copy of six bytes and no more");
}

/* The Internet checksum of an ICMPv6 message and its pseudo header. */
static __u16 icmp6_checksum(const struct packet *packet)
{
	__u8 bytes[PACKET_MAX + 40] = { 0 };
	__u32 len = packet->len - ICMP6;

	memcpy(bytes, packet->data + IP6 + 8, 32);
	bytes[34] = len >> 8;
	bytes[35] = len;
	bytes[39] = IPPROTO_ICMPV6;
	memcpy(bytes + 40, packet->data + ICMP6, len);
	return plain_checksum(bytes, 40 + len);
}

/* An echo request, or its answer, with right checksums. */
static void put_echo(struct packet *packet, int family, bool answer, __u8 ttl, __u16 sequence)
{
	bool four = family == AF_INET;
	__u32 sum_at = (four ? ICMP4 : ICMP6) + 2;
	__u16 sum;

	put_macs(packet);
	if (four) {
		put_ipv4(packet, IPPROTO_ICMP, 0, 0);
		put_icmp(packet, answer ? ICMP_ECHOREPLY : ICMP_ECHO, sequence);
	} else {
		put_ipv6(packet, IPPROTO_ICMPV6);
		put_icmp(packet, answer ? ICMPV6_ECHO_REPLY : ICMPV6_ECHO_REQUEST, sequence);
	}
	put_bytes(packet, "payload", 7);
	packet->data[four ? IP4 + 8 : IP6 + 7] = ttl;
	packet_finish(packet, IP4);
	set_u16(packet, sum_at, 0);
	sum = four ? plain_checksum(packet->data + ICMP4, packet->len - ICMP4) :
		     icmp6_checksum(packet);
	/* The same number; in an answer it is always that one. */
	if (answer && four && !sum)
		sum = 0xffff;
	memcpy(packet->data + sum_at, &sum, sizeof(sum));
	if (answer && four)
		memcpy(packet->data + IP4 + 12, "\12\13\1\2\12\13\1\1", 8);
	if (answer && !four) {
		packet->data[IP6 + 23] = 2;
		packet->data[IP6 + 39] = 1;
	}
}

/* Is @in answered by @want, and nothing else? */
static bool becomes(const struct packet *in, const struct packet *want)
{
	struct packet out;

	progrun(progrun_prog(obj, "echo_func"), in, &out);
	return test->answered == 1 && out.len == want->len &&
	       !memcmp(out.data, want->data, out.len);
}

static void test_sums(int family, const char *name)
{
	struct packet in, want;
	int i, bad = 0;

	for (i = 0; i < 65536 && bad < 3; i++) {
		put_echo(&in, family, false, i, i);
		put_echo(&want, family, true, 64, i);
		bad += !becomes(&in, &want);
	}
	is_int(bad, 0, name);
}

/* Cut off anywhere: as it was. */
static void test_lengths(int family, const char *name)
{
	struct packet in, out;
	int bad = 0;
	__u32 len, whole;

	put_echo(&in, family, false, 64, 1);
	whole = in.len;
	for (len = 14; len <= whole; len++) {
		in.len = len;
		progrun(progrun_prog(obj, "echo_func"), &in, &out);
		bad += test->answered != (len == whole) ||
		       (len < whole && memcmp(out.data, in.data, len));
	}
	is_int(bad, 0, name);
}

int main(void)
{
	obj = progrun_load("forward_kern.o");
	test = progrun_globals(obj, sizeof(*test));
	test_addresses();
	test_macs();
	test_sums(AF_INET, "IPv4: each sequence number and hop count answered");
	test_sums(AF_INET6, "IPv6: each sequence number and hop count answered");
	test_lengths(AF_INET, "IPv4: answered when all is there, else untouched");
	test_lengths(AF_INET6, "IPv6: answered when all is there, else untouched");
	bpf_object__close(obj);
	return tap_done();
}
