// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Packets written and read: sums, headers byte for byte, and hostile frames. */
#include <errno.h>
#include <stdlib.h>

#include "packets/packet.h"
#include "tap.h"

#define LONGEST 1600
#define MESSAGE (PACKET_ECHO_HEAD + 4)

/* From 02:..:01, 10.11.1.1 to 02:..:02, 10.11.1.2; id 0x4321, sequence 2 */
static const unsigned char request4[] = {
	2, 0,  0, 0, 0,	   2,	 2,    0,    0,	   0,	 0,    1,    0x08, 0x00, 0x45, 0,
	0, 32, 0, 0, 0x40, 0,	 64,   1,    0x24, 0xc5, 10,   11,   1,	   1,	 10,   11,
	1, 2,  8, 0, 0x0b, 0x30, 0x43, 0x21, 0,	   2,	 0xde, 0xad, 0xca, 0xfe,
};

/* The same from fc00:dead:cafe:1::1 to ...::2 */
static const unsigned char request6[] = {
	2, 0, 0,  0,   0,    2,	   2,	 0,    0,    0,	   0,	 1,    0x86, 0xdd, 0x60, 0, 0,
	0, 0, 12, 58,  64,   0xfc, 0,	 0xde, 0xad, 0xca, 0xfe, 0,    1,    0,	   0,	 0, 0,
	0, 0, 0,  1,   0xfc, 0,	   0xde, 0xad, 0xca, 0xfe, 0,	 1,    0,    0,	   0,	 0, 0,
	0, 0, 2,  128, 0,    0x47, 0x89, 0x43, 0x21, 0,	   2,	 0xde, 0xad, 0xca, 0xfe,
};

static uint32_t next_random(void)
{
	static uint64_t seed = 20261122;

	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)(seed * 2685821657736338717ULL >> 32);
}

/* RFC 1071 as it is written down: big endian words, one after the other. */
static uint16_t plain(const unsigned char *data, size_t len, uint64_t sum)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? data[i] : (unsigned int)data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static struct packet_ends ends_of(const char *src, const char *dst)
{
	struct packet_ends ends = {
		.src_mac = { { 2, 0, 0, 0, 0, 1 } },
		.dst_mac = { { 2, 0, 0, 0, 0, 2 } },
	};

	if (netif_parse_addr(src, &ends.src) || netif_parse_addr(dst, &ends.dst))
		abort();
	return ends;
}

static struct packet_ends ends4(void)
{
	return ends_of("10.11.1.1", "10.11.1.2");
}

static struct packet_ends ends6(void)
{
	return ends_of("fc00:dead:cafe:1::1", "fc00:dead:cafe:1::2");
}

/* In memory that ends with the data, so that a byte beyond is seen. */
static void test_sum(void)
{
	unsigned int at, len, wrong = 0, split = 0;
	unsigned char *data;
	uint64_t sum;

	for (len = 0; len <= LONGEST; len += len < 80 ? 1 : 61)
		for (at = 0; at < 8; at++) {
			data = malloc(at + len + !len);
			for (sum = 0; data && sum < at + len; sum++)
				data[sum] = (unsigned char)next_random();
			if (!data)
				abort();
			sum = packet_sum(data + at, len, 0);
			wrong += packet_fold(sum) != plain(data + at, len, 0);
			sum = packet_sum(data + at, len / 4 * 2, 0);
			sum = packet_sum(data + at + len / 4 * 2, len - len / 4 * 2, sum);
			split += packet_fold(sum) != plain(data + at, len, 0);
			free(data);
		}
	is_int(wrong, 0, "sums of any length, anywhere, are RFC 1071's");
	is_int(split, 0, "in two parts too");
}

static void test_full(void)
{
	static unsigned char ones[65536], zeros[65536];

	memset(ones, 0xff, sizeof(ones));
	is_int(packet_fold(packet_sum(zeros, sizeof(zeros), 0)), 0xffff,
	       "the checksum of nothing but zeros");
	is_int(packet_fold(packet_sum(ones, sizeof(ones), 0)), 0,
	       "the checksum of nothing but ones");
	ok(packet_fold(packet_sum(ones, 65535, 0)) == plain(ones, 65535, 0),
	   "of an odd number of them");
}

static void test_fold(void)
{
	uint64_t sum, rest;
	int i, wrong = 0;

	for (i = 0; i < 100000; i++) {
		sum = (uint64_t)next_random() << 32 | next_random();
		sum >>= next_random() % 64;
		/* 2^16 is 1 modulo 2^16 - 1: the plainest way there is. */
		rest = sum % 0xffff;
		if (!rest && sum)
			rest = 0xffff;
		wrong += packet_fold(sum) != (uint16_t)~rest;
	}
	is_int(wrong, 0, "any sum of 64 bits is folded");
	is_int(packet_fold(~0ULL), 0, "the largest one");
	is_int(packet_fold(0xffffffff0000ffffULL), 0, "carries all the way");
	is_int(packet_fold(0x1fffeULL), 0, "a carry that makes a carry");
	is_int(packet_fold(0), 0xffff, "none");
}

static size_t build(const struct packet_ends *ends, unsigned int vlan, unsigned char *frame)
{
	size_t len = packet_put_eth(frame, ends, vlan);
	bool six = ends->dst.family == AF_INET6;

	len += packet_put_ip(frame + len, ends, six ? IPPROTO_ICMPV6 : IPPROTO_ICMP, 64, MESSAGE);
	memcpy(frame + len + PACKET_ECHO_HEAD, "\xde\xad\xca\xfe", 4);
	packet_put_echo(frame + len, ends, 0x4321, 2, 4);
	return len + MESSAGE;
}

static void is_bytes(const unsigned char *got, size_t len, const unsigned char *want,
		     size_t want_len, const char *name)
{
	size_t i;

	if (ok(len == want_len && !memcmp(got, want, len), name))
		return;
	printf("# %zu bytes, want %zu:", len, want_len);
	for (i = 0; i < len; i++)
		printf(" %02x", got[i]);
	printf("\n");
}

static void test_headers(void)
{
	unsigned char frame[256], tagged[256];
	struct packet_ends ends = ends4();

	is_bytes(frame, build(&ends, 0, frame), request4, sizeof(request4),
		 "a request of IPv4, byte for byte");
	is_int((long long)build(&ends, 4094, tagged), sizeof(request4) + 4,
	       "with a tag it has 4 bytes more");
	ok(!memcmp(tagged, frame, 12) && !memcmp(tagged + 12, "\x81\x00\x0f\xfe", 4) &&
		   !memcmp(tagged + 16, frame + 12, sizeof(request4) - 12),
	   "between addresses and type");
	ends = ends6();
	is_bytes(frame, build(&ends, 0, frame), request6, sizeof(request6),
		 "a request of IPv6, byte for byte");
	is_int((long long)build(&ends, 1, tagged), sizeof(request6) + 4, "with a tag");
}

/* The sum over pseudo header and message is nothing but ones if it is right. */
static void test_pseudo(void)
{
	unsigned char text[40 + MESSAGE] = { [35] = MESSAGE, [39] = 58 };
	struct packet_ends ends = ends6();
	uint64_t sum;

	memcpy(text, request6 + 22, 32);
	memcpy(text + 40, request6 + 54, MESSAGE);
	is_int(plain(text, sizeof(text), 0), 0, "(the bytes are right)");
	sum = packet_pseudo_sum(&ends, IPPROTO_ICMPV6, MESSAGE);
	is_int(packet_fold(packet_sum(text + 40, MESSAGE, sum)), 0,
	       "with the pseudo header of IPv6");
	is_int(packet_fold(sum), plain(text, 40, 0), "which is this");
	ends = ends4();
	sum = packet_pseudo_sum(&ends, IPPROTO_UDP, 0x1234);
	is_int(packet_fold(sum), plain((const void *)"\12\13\1\1\12\13\1\2\0\21\x12\x34", 12, 0),
	       "that of IPv4");
}

static void test_udp(void)
{
	unsigned char message[PACKET_UDP_HEAD + 5] = { [8] = 'h', 'e', 'l', 'l', 'o' };
	struct packet_ends ends = ends4();
	unsigned int i, zeros = 0;

	packet_put_udp(message, &ends, 0x1234, 9, 5);
	is_bytes(message, sizeof(message),
		 (const void *)"\x12\x34\0\11\0\15\x93\xac"
			       "hello",
		 sizeof(message), "a UDP header, byte for byte");
	ends = ends6();
	packet_put_udp(message, &ends, 0x1234, 9, 5);
	is_int(packet_fold(packet_sum(message, sizeof(message),
				      packet_pseudo_sum(&ends, IPPROTO_UDP, sizeof(message)))),
	       0, "with the checksum that IPv6 has");
	/* One port of all gives the sum 0, which stands for no checksum. */
	for (i = 0; i < 65536; i++) {
		packet_put_udp(message, &ends, (uint16_t)i, 9, 5);
		zeros += !message[6] && !message[7];
	}
	is_int(zeros, 0, "whose checksum is never 0");
}

/* A copy that ends where the frame ends */
static int read_exactly(const unsigned char *frame, size_t len, struct packet *packet)
{
	unsigned char *copy = malloc(len + !len);
	int err;

	if (!copy)
		abort();
	memcpy(copy, frame, len);
	err = packet_read(copy, len, packet);
	if (!err && (packet->body < copy || packet->body + packet->len > copy + len))
		abort();
	/* What the tests look at afterwards is in the frame itself. */
	if (!err)
		packet->body = frame + (packet->body - copy);
	free(copy);
	return err;
}

static bool is_request(const struct packet *packet, const struct packet_ends *ends,
		       uint8_t protocol)
{
	size_t size = ends->src.family == AF_INET6 ? 16 : 4;

	return !memcmp(&packet->src_mac, &ends->src_mac, 6) &&
	       !memcmp(&packet->dst_mac, &ends->dst_mac, 6) &&
	       packet->src.family == ends->src.family && packet->dst.family == ends->dst.family &&
	       !memcmp(&packet->src.v6, &ends->src.v6, size) &&
	       !memcmp(&packet->dst.v6, &ends->dst.v6, size) && packet->hops == 64 &&
	       packet->protocol == protocol && packet->len == MESSAGE && !packet->fragment &&
	       !packet->bad_header && !packet->cut;
}

static void test_read(void)
{
	struct packet_ends four = ends4(), six = ends6();
	unsigned char frame[256] = { 0 };
	struct packet packet;

	ok(!read_exactly(request4, sizeof(request4), &packet) &&
		   is_request(&packet, &four, IPPROTO_ICMP) && packet.body == request4 + 34,
	   "a request of IPv4 is read");
	ok(!read_exactly(request6, sizeof(request6), &packet) &&
		   is_request(&packet, &six, IPPROTO_ICMPV6) && packet.body == request6 + 54,
	   "a request of IPv6 is read");
	memcpy(frame, request4, sizeof(request4));
	ok(!read_exactly(frame, 60, &packet) && is_request(&packet, &four, IPPROTO_ICMP),
	   "padding does not belong to it");
	frame[24] ^= 1;
	ok(!read_exactly(frame, 60, &packet) && packet.bad_header,
	   "a wrong checksum of IPv4 is seen");
	build(&four, 7, frame);
	is_int(read_exactly(frame, 64, &packet), -EBADMSG, "a frame with a tag is none");
}

/* Cut at every byte: refused in the headers, cut in the body */
static void test_cut(const unsigned char *request, size_t len, size_t head, const char *name)
{
	struct packet packet;
	bool good = true;
	size_t i;
	int err;

	for (i = 0; i < len; i++) {
		err = read_exactly(request, i, &packet);
		if (i < head)
			good &= err == -EBADMSG;
		else
			good &= !err && packet.cut && packet.len == i - head;
	}
	ok(good, name);
}

/* IPv4: its first byte, total length; what packet_read() is to say. */
struct odd {
	unsigned char first;
	unsigned int total;
	int err;
	size_t len; /* of the body */
	bool cut;
	const char *name;
};

static const struct odd odds[] = {
	{ 0x45, 20, 0, 0, false, "a datagram without a body" },
	{ 0x45, 19, -EBADMSG, 0, false, "shorter than its header" },
	{ 0x45, 0, -EBADMSG, 0, false, "of no length" },
	{ 0x45, 33, 0, 12, true, "longer than the frame" },
	{ 0x45, 65535, 0, 12, true, "as long as can be" },
	{ 0x46, 32, 0, 8, false, "with options" },
	{ 0x46, 23, -EBADMSG, 0, false, "shorter than its options" },
	{ 0x48, 32, 0, 0, false, "nothing but options" },
	{ 0x49, 36, -EBADMSG, 0, false, "options longer than the frame" },
	{ 0x4f, 65535, -EBADMSG, 0, false, "the most options" },
	{ 0x44, 32, -EBADMSG, 0, false, "a header too short" },
	{ 0x40, 32, -EBADMSG, 0, false, "no header" },
	{ 0x65, 32, -EBADMSG, 0, false, "another version" },
};

static void test_odd(void)
{
	unsigned char frame[sizeof(request4)];
	struct packet packet;
	size_t i;
	int err;

	for (i = 0; i < sizeof(odds) / sizeof(odds[0]); i++) {
		memcpy(frame, request4, sizeof(frame));
		frame[14] = odds[i].first;
		frame[16] = (unsigned char)(odds[i].total >> 8);
		frame[17] = (unsigned char)odds[i].total;
		err = read_exactly(frame, sizeof(frame), &packet);
		ok(err == odds[i].err &&
			   (err || (packet.len == odds[i].len && packet.cut == odds[i].cut)),
		   odds[i].name);
	}
}

static void test_fragments(void)
{
	static const struct {
		unsigned char bytes[2];
		bool fragment;
	} fields[] = {
		{ { 0x40, 0 }, false }, { { 0x80, 0 }, false }, { { 0x20, 0 }, true },
		{ { 0x00, 1 }, true },	{ { 0x10, 0 }, true },	{ { 0x60, 0 }, true },
	};
	unsigned char frame[sizeof(request6)];
	struct packet packet;
	bool good = true;
	size_t i;

	memcpy(frame, request4, sizeof(request4));
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		memcpy(frame + 20, fields[i].bytes, 2);
		good &= !read_exactly(frame, sizeof(request4), &packet) &&
			packet.fragment == fields[i].fragment;
	}
	ok(good, "parts of a datagram of IPv4 are known");
	memcpy(frame, request6, sizeof(request6));
	frame[20] = IPPROTO_FRAGMENT;
	ok(!read_exactly(frame, sizeof(request6), &packet) && packet.fragment, "and those of IPv6");
	frame[14] = 0x40;
	is_int(read_exactly(frame, sizeof(request6), &packet), -EBADMSG,
	       "IPv4 that calls itself IPv6");
}

/* Whatever a frame has, nothing behind it is read: the sanitizers watch. */
static void test_random(void)
{
	unsigned char frame[sizeof(request6)];
	struct packet packet;
	int i, n, read = 0;

	for (i = 0; i < 100000; i++) {
		memcpy(frame, i % 2 ? request4 : request6,
		       i % 2 ? sizeof(request4) : sizeof(request6));
		for (n = (int)(next_random() % 4); n; n--)
			frame[next_random() % sizeof(frame)] = (unsigned char)next_random();
		read += !read_exactly(frame, next_random() % sizeof(frame), &packet);
	}
	ok(read > 1000 && read < 99000, "100000 frames with faults");
}

int main(void)
{
	test_sum();
	test_full();
	test_fold();
	test_headers();
	test_pseudo();
	test_udp();
	test_read();
	test_cut(request4, sizeof(request4), 34, "IPv4, cut at every byte");
	test_cut(request6, sizeof(request6), 54, "IPv6, cut at every byte");
	test_odd();
	test_fragments();
	test_random();
	return tap_done();
}
