// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What xdp_ping_user says of a frame (advanced04-xdp-ping): any bytes, any
 * length. Good is an answer that is, byte for byte, the one to a request that
 * was sent, but for what routers and hosts may change: class, id, flags, hops
 * and their checksum, padding, and the router's MAC address. An error is one
 * that quotes a request of ours.
 */
#include <stdlib.h>
#include <string.h>

#include "reply.h"
#include "request.h"

#define FRAME_MAX 2048
#define SENT 70000 /* the sequence numbers have been round once */
#define TARGETS 2
#define IP4_LEN 20
#define IP6_LEN 40
#define QUOTED 8 /* where an error has its packet: behind its header */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct history history;

/* Of one family and size: made once. */
struct pinged {
	struct ping_opts opts;
	struct ping ping;
	struct target target[TARGETS];
	struct target *turn[TARGETS];
};

static const unsigned int sizes[] = { 0, 7, 8, 15, 16, 56, 57, 1400 };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static struct pinged all[2][SIZES];

static struct netif_addr addr_of(int family, unsigned char last)
{
	struct netif_addr addr = { .family = family };

	if (family == AF_INET6) {
		addr.v6.s6_addr[0] = 0xfc;
		addr.v6.s6_addr[15] = last;
	} else {
		addr.v4.s_addr = htonl(0x0a0b0100U + last);
	}
	return addr;
}

static void fill(struct pinged *pinged, int family, unsigned int size)
{
	struct ping *ping = &pinged->ping;
	unsigned char i;

	pinged->opts.size = size;
	pinged->opts.ttl = 64;
	for (i = 0; i < TARGETS; i++) {
		struct packet_ends *ends = &pinged->target[i].ends;

		ends->src = addr_of(family, 1);
		ends->dst = addr_of(family, 2 + i);
		ends->src_mac.addr[5] = 1;
		ends->dst_mac.addr[5] = 2 + i;
		/* Whose answers the other one's router may bring. */
		pinged->target[i].direct = !i;
		pinged->turn[i] = &pinged->target[i];
	}
	ping->opts = &pinged->opts;
	ping->family = family;
	ping->targets = pinged->target;
	ping->active = pinged->turn;
	ping->count = ping->n_active = TARGETS;
	if (request_prepare(ping, FRAME_MAX))
		abort();
}

static void fill_all(void)
{
	size_t i;

	if (history.sent)
		return;
	while (history.sent < SENT)
		history_send(&history, history.sent);
	for (i = 0; i < SIZES; i++) {
		fill(&all[0][i], AF_INET, sizes[i]);
		fill(&all[1][i], AF_INET6, sizes[i]);
	}
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

static void set_sum(unsigned char *at, unsigned int sum)
{
	at[0] = (unsigned char)(~sum >> 8);
	at[1] = (unsigned char)~sum;
}

static void swap(unsigned char *a, unsigned char *b, size_t n)
{
	unsigned char was;

	while (n--) {
		was = a[n];
		a[n] = b[n];
		b[n] = was;
	}
}

/* The sums of a packet of @len bytes that begins at @ip. */
static void set_sums(unsigned char *ip, size_t len, bool six)
{
	size_t head = six ? IP6_LEN : IP4_LEN;
	unsigned int pseudo = 0;

	if (six)
		pseudo = add(ip + 8, 32, (unsigned int)(len - head) + 58);
	memset(ip + head + 2, 0, 2);
	set_sum(ip + head + 2, add(ip + head, len - head, pseudo));
	if (six)
		return;
	memset(ip + 10, 0, 2);
	set_sum(ip + 10, add(ip, IP4_LEN, 0));
}

/* The answer to request @number. Returns its length. */
static size_t build_answer(const struct ping *ping, uint64_t number, unsigned char *frame)
{
	bool six = ping->family == AF_INET6;
	unsigned char *ip = frame + ETH_HLEN;

	request_write(ping, number, frame);
	swap(frame, frame + ETH_ALEN, ETH_ALEN);
	if (six)
		swap(ip + 8, ip + 24, 16);
	else
		swap(ip + 12, ip + 16, 4);
	ip[six ? IP6_LEN : IP4_LEN] = six ? 129 : 0;
	set_sums(ip, ping->len - ETH_HLEN, six);
	return ping->len;
}

/* A router's error of @type about it, which quotes all of it. */
static size_t build_error(const struct ping *ping, uint64_t number, unsigned char type,
			  unsigned char *frame)
{
	bool six = ping->family == AF_INET6;
	size_t head = ETH_HLEN + (six ? IP6_LEN : IP4_LEN);
	size_t quoted = ping->len - ETH_HLEN;
	struct packet_ends ends = { .src = addr_of(ping->family, 99),
				    .dst = ping->active[0]->ends.src };
	unsigned char request[FRAME_MAX];

	request_write(ping, number, request);
	packet_put_eth(frame, &ends, 0);
	packet_put_ip(frame + ETH_HLEN, &ends, six ? 58 : 1, 63, QUOTED + quoted);
	memset(frame + head, 0, QUOTED);
	frame[head] = type;
	memcpy(frame + head + QUOTED, request + ETH_HLEN, quoted);
	set_sums(frame + ETH_HLEN, head - ETH_HLEN + QUOTED + quoted, six);
	return head + QUOTED + quoted;
}

/* They are alike from @from to @to. */
static void same(const unsigned char *a, const unsigned char *b, size_t from, size_t to)
{
	if (memcmp(a + from, b + from, to - from) != 0)
		abort();
}

/* Nothing of it may be another but what is on its way. */
static void check_good(const struct ping *ping, const struct reply *reply,
		       const unsigned char *frame, size_t len)
{
	size_t head = ETH_HLEN + IP4_LEN, body;
	unsigned char want[FRAME_MAX];
	bool six = ping->family == AF_INET6;

	if (!reply->number || reply->number > SENT || reply->wrong ||
	    reply->target != ping_target(ping, reply->number))
		abort();
	build_answer(ping, reply->number, want);
	if (six)
		head = ETH_HLEN + IP6_LEN;
	/* IPv4 may have options. */
	body = six ? head : ETH_HLEN + (frame[ETH_HLEN] & 15) * 4U;
	if (len < body + ping->len - head)
		abort();
	same(frame, want, 0, ETH_ALEN);
	same(frame, want, reply->target->direct ? ETH_ALEN : 12, ETH_HLEN);
	if (six) {
		same(frame, want, ETH_HLEN + 4, ETH_HLEN + 7);
		same(frame, want, ETH_HLEN + 8, head);
	} else {
		same(frame, want, ETH_HLEN + 9, ETH_HLEN + 10);
		same(frame, want, ETH_HLEN + 12, head);
		if (add(frame + ETH_HLEN, body - ETH_HLEN, 0) != 0xffff)
			abort();
	}
	/* A sum of 0 may be written in two ways. */
	if (memcmp(frame + body, want + head, 2) != 0 ||
	    memcmp(frame + body + 4, want + head + 4, ping->len - head - 4))
		abort();
}

static void check_error(const struct ping *ping, const struct reply *reply)
{
	if (reply->wrong || !reply->target || reply->id != ping->id || reply->number > SENT ||
	    (reply->number && reply->sequence != (uint16_t)reply->number))
		abort();
}

/* In memory that ends with the frame, so that a byte beyond it is seen. */
static enum reply_kind read_exactly(const struct ping *ping, const unsigned char *frame, size_t len)
{
	unsigned char *copy = malloc(len + !len);
	struct reply reply;
	enum reply_kind kind;

	if (!copy)
		abort();
	memcpy(copy, frame, len);
	kind = reply_read(ping, &history, copy, len, &reply);
	if (kind == REPLY_GOOD)
		check_good(ping, &reply, copy, len);
	else if (kind == REPLY_ERROR)
		check_error(ping, &reply);
	else if (!reply.wrong)
		abort();
	free(copy);
	return kind;
}

/* A frame that is right, with changes: pairs of a place and what is flipped. */
static void read_changed(const struct ping *ping, unsigned char *frame, size_t len,
			 const unsigned char *change, size_t size)
{
	bool six = ping->family == AF_INET6, repaired;
	size_t left = len;

	repaired = size && change[0] & 1;
	if (size > 1 && change[0] & 2)
		left = len > change[1] ? len - change[1] : 0;
	for (change += 2; size > 4; size -= 3, change += 3)
		frame[(change[0] << 8 | change[1]) % len] ^= change[2];
	/* With sums that are right it gets further. */
	if (repaired)
		set_sums(frame + ETH_HLEN, len - ETH_HLEN, six);
	read_exactly(ping, frame, left);
}

/*
 * The first byte says what: any frame, an answer or an error; the second of
 * which family and size; two more about which request.
 */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const unsigned char types[2][4] = { { 3, 11, 12, 3 }, { 1, 2, 3, 4 } };
	unsigned char frame[2 * FRAME_MAX];
	const struct ping *ping;
	uint64_t number;
	bool six;
	size_t len;

	fill_all();
	if (size < 4 || size > FRAME_MAX)
		return 0;
	six = data[1] & 1;
	ping = &all[six][data[1] / 2 % SIZES].ping;
	/* The last 65,535 of them */
	number = SENT - (uint64_t)(data[2] << 8 | data[3]);
	if (data[0] % 4 == 0) {
		read_exactly(ping, data + 4, size - 4);
	} else if (data[0] % 4 == 3) {
		len = build_error(ping, number, types[six][data[0] / 4 % 4], frame);
		if (read_exactly(ping, frame, len) != REPLY_ERROR)
			abort();
		read_changed(ping, frame, len, data + 4, size - 4);
	} else {
		len = build_answer(ping, number, frame);
		if (read_exactly(ping, frame, len) != REPLY_GOOD)
			abort();
		read_changed(ping, frame, len, data + 4, size - 4);
	}
	return 0;
}
