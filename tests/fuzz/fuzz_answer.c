// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Answers made in user space (advanced03-AF_XDP), by af_xdp_user and by
 * af_xdp_bare_user: any bytes, any length. What
 * is answered has its addresses swapped, type and hop count of an answer, sums
 * that are right where the request's were, and nothing else changed; what is
 * not is as it was; and nothing is answered twice.
 */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bare_answer.h"

#define PACKET_MAX 2048
#define TAGS_MAX 8
#define MACS 12 /* bytes of addresses */
#define IP4_LEN 20
#define IP6_LEN 40
#define HOPS 64

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static unsigned int get16(const unsigned char *at)
{
	return (unsigned int)at[0] << 8 | at[1];
}

static void put16(unsigned char *at, unsigned int value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

/* The one's complement sum of @len bytes and @sum: 0xffff where it is right. */
static unsigned int add(const unsigned char *at, size_t len, unsigned int sum)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? at[i] : (unsigned int)at[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Where the IP header begins; it is there, as the packet was answered. */
static size_t find_ip(const unsigned char *packet)
{
	size_t at = MACS;

	while (get16(packet + at) == 0x8100 || get16(packet + at) == 0x88a8)
		at += 4;
	return at + 2;
}

/* @n bytes at @a of one are at @b of the other, and the other way round. */
static void check_swapped(const unsigned char *one, const unsigned char *other, size_t a, size_t b,
			  size_t n)
{
	if (memcmp(one + a, other + b, n) != 0 || memcmp(one + b, other + a, n) != 0)
		abort();
}

/* They differ nowhere but in what an answer is about. */
static void check_rest(const unsigned char *request, const unsigned char *answer, size_t len,
		       size_t ip, bool four)
{
	size_t icmp = ip + (four ? IP4_LEN : IP6_LEN), i;

	for (i = MACS; i < len; i++) {
		bool addresses = four ? i >= ip + 12 && i < ip + 20 : i >= ip + 8 && i < ip + 40;
		bool hops = i == ip + (four ? 8 : 7);
		bool sums = (four && (i == ip + 10 || i == ip + 11)) || i == icmp + 2 ||
			    i == icmp + 3;

		if (request[i] != answer[i] && !addresses && !hops && !sums && i != icmp)
			abort();
	}
}

/* Right before, right afterwards; and what was wrong is not made right. */
static void check_sums(const unsigned char *request, const unsigned char *answer, size_t ip,
		       bool four)
{
	size_t icmp = ip + (four ? IP4_LEN : IP6_LEN);
	unsigned int len = four ? get16(request + ip + 2) - IP4_LEN : get16(request + ip + 4);
	unsigned int before = four ? 0 : add(request + ip + 8, 32, len + 58);
	unsigned int after = four ? 0 : add(answer + ip + 8, 32, len + 58);

	if ((add(request + icmp, len, before) == 0xffff) !=
	    (add(answer + icmp, len, after) == 0xffff))
		abort();
	if (four &&
	    (add(request + ip, IP4_LEN, 0) == 0xffff) != (add(answer + ip, IP4_LEN, 0) == 0xffff))
		abort();
}

static void check(const unsigned char *request, const unsigned char *answer, size_t len)
{
	size_t ip = find_ip(request);
	bool four = get16(request + ip - 2) == 0x0800;
	size_t icmp = ip + (four ? IP4_LEN : IP6_LEN);

	if (len < icmp + 8 || request[icmp] != (four ? 8 : 128) ||
	    answer[icmp] != (four ? 0 : 129) || answer[ip + (four ? 8 : 7)] != HOPS)
		abort();
	check_swapped(request, answer, 0, MACS / 2, MACS / 2);
	if (four)
		check_swapped(request, answer, ip + 12, ip + 16, 4);
	else
		check_swapped(request, answer, ip + 8, ip + 24, 16);
	check_rest(request, answer, len, ip, four);
	check_sums(request, answer, ip, four);
}

/*
 * By one of the two, in memory that ends with the packet, so that a byte beyond
 * it is seen. True: it was answered.
 */
static bool answer_exactly(bool answer(void *packet, unsigned int len),
			   const unsigned char *request, size_t len)
{
	unsigned char *packet = malloc(len ? len : 1);
	bool answered;

	if (!packet)
		abort();
	memcpy(packet, request, len);
	answered = answer(packet, (unsigned int)len);
	if (answered) {
		check(request, packet, len);
		if (answer(packet, (unsigned int)len))
			abort();
	} else if (memcmp(packet, request, len) != 0) {
		abort();
	}
	free(packet);
	return answered;
}

/*
 * By both. The bare one leaves it to the program to look at addresses of hosts
 * and to count tags: it answers whatever the other one does.
 */
static bool answer_both(const unsigned char *request, size_t len)
{
	bool bare = answer_exactly(bare_answer, request, len);
	bool answered = answer_exactly(answer_echo, request, len);

	if (answered && (!bare || find_ip(request) > MACS + 2 + 4 * TAGS_MAX))
		abort();
	return answered;
}

/* An echo request behind @tags tags, with that payload. Returns its length. */
static size_t build(unsigned char *packet, bool four, int tags, const unsigned char *payload,
		    size_t len)
{
	size_t ip = MACS + 2 + 4 * (size_t)tags;
	unsigned char *at = packet + ip + (four ? IP4_LEN : IP6_LEN);

	memset(packet, 2, ip);
	while (tags--)
		put16(packet + MACS + 4 * tags, tags % 2 ? 0x8100 : 0x88a8);
	put16(packet + ip - 2, four ? 0x0800 : 0x86dd);
	memset(packet + ip, 0x20, (size_t)(at - packet) - ip);
	packet[ip] = four ? 0x45 : 0x60;
	packet[ip + (four ? 9 : 6)] = four ? 1 : 58;
	put16(packet + ip + (four ? 2 : 4), (unsigned int)(len + 8 + (four ? IP4_LEN : 0)));
	put16(packet + ip + (four ? 6 : 2), 0);
	if (four)
		put16(packet + ip + 10, 0);
	memset(at, 0, 8);
	at[0] = four ? 8 : 128;
	memcpy(at + 8, payload, len);
	if (four)
		put16(packet + ip + 10, ~add(packet + ip, IP4_LEN, 0) & 0xffff);
	put16(at + 2,
	      ~add(at, len + 8, four ? 0 : add(packet + ip + 8, 32, (unsigned int)len + 8 + 58)) &
		      0xffff);
	return (size_t)(at - packet) + 8 + len;
}

/*
 * A request is hard to guess: 0 as the first byte is for any packet, else it is
 * one, and the next two bytes change a byte of it.
 */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	unsigned char packet[PACKET_MAX];
	size_t len;

	if (!size)
		return 0;
	if (size < 3 || !data[0] || size > PACKET_MAX / 2) {
		answer_both(data, size);
		return 0;
	}
	len = build(packet, data[0] % 2, data[0] / 2 % (TAGS_MAX + 1), data + 3, size - 3);
	if (!answer_both(packet, len))
		abort();
	packet[data[1] % len] ^= data[2];
	answer_both(packet, len);
	answer_both(packet, len - data[0] / 32);
	return 0;
}
