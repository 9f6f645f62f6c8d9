// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answers, and ICMP errors, read with care: any byte of them may be wrong. */
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "reply.h"
#include "request.h"

#define IPV6_LEN 40
#define IPV6_NEXT 6 /* where its next header is */
#define IPV6_DST 24
#define FIRST_INFO 128 /* types of ICMPv6 below it are errors */

static bool same_addr(const struct netif_addr *a, const struct netif_addr *b)
{
	size_t size = a->family == AF_INET6 ? sizeof(a->v6) : sizeof(a->v4);

	return a->family == b->family && !memcmp(&a->v6, &b->v6, size);
}

/* The target with the address @addr, or NULL. */
static struct target *find_target(const struct ping *ping, const struct netif_addr *addr)
{
	unsigned int i;

	for (i = 0; i < ping->n_active; i++)
		if (same_addr(&ping->active[i]->ends.dst, addr))
			return ping->active[i];
	return NULL;
}

static enum reply_kind set_wrong(struct reply *reply, enum reply_kind kind, const char *what)
{
	reply->wrong = what;
	return kind;
}

/* The sum of a message with its checksum in it folds to 0. */
static bool checksum_is_right(const struct ping *ping, const struct packet *packet)
{
	const struct packet_ends ends = { .src = packet->src, .dst = packet->dst };
	uint64_t sum = 0;

	if (ping->family == AF_INET6)
		sum = packet_pseudo_sum(&ends, IPPROTO_ICMPV6, packet->len);
	return !packet_fold(packet_sum(packet->body, packet->len, sum));
}

/* The number is in the data; where they have no room for it, the sequence must do. */
static uint64_t read_number(const struct ping *ping, const struct history *history,
			    const struct reply *reply)
{
	uint64_t number;

	if (ping->opts->size < REQUEST_NUMBER)
		return history_number(history, reply->sequence);
	memcpy(&number, reply->packet.body + PACKET_ECHO_HEAD, sizeof(number));
	if ((uint16_t)number != reply->sequence || number > history->sent)
		return 0;
	return number;
}

/* All data but the number are the same in each request. */
static bool data_is_right(const struct ping *ping, const unsigned char *data)
{
	size_t size = ping->opts->size, skip = 0;

	if (size >= REQUEST_NUMBER)
		skip = REQUEST_NUMBER;
	return !memcmp(data + skip, ping->data + skip, size - skip);
}

/* Mostly it is the target of the request: then no search is needed. */
static struct target *find_sender(const struct ping *ping, const struct reply *reply)
{
	struct target *target;

	if (reply->number) {
		target = ping_target(ping, reply->number);
		if (same_addr(&target->ends.dst, &reply->packet.src))
			return target;
	}
	return find_target(ping, &reply->packet.src);
}

/* What is wrong about sender or receiver, or NULL. */
static const char *check_addresses(const struct ping *ping, const struct reply *reply)
{
	const struct packet *packet = &reply->packet;
	const struct packet_ends *ends;

	if (!reply->target)
		return "from an address that was not asked";
	ends = &reply->target->ends;
	if (!same_addr(&packet->dst, &ends->src))
		return "not to our address";
	if (memcmp(&packet->dst_mac, &ends->src_mac, sizeof(ends->src_mac)))
		return "not to our MAC address";
	if (reply->target->direct &&
	    memcmp(&packet->src_mac, &ends->dst_mac, sizeof(ends->dst_mac)))
		return "from another MAC address";
	return reply->id == ping->id ? NULL : "the id of another";
}

static enum reply_kind read_answer(const struct ping *ping, const struct history *history,
				   struct reply *reply)
{
	const struct packet *packet = &reply->packet;
	const char *what;

	if (packet->len == PACKET_ECHO_HEAD + ping->opts->size)
		reply->number = read_number(ping, history, reply);
	reply->target = find_sender(ping, reply);
	what = check_addresses(ping, reply);
	if (what)
		return set_wrong(reply, REPLY_FOREIGN, what);
	if (packet->bad_header)
		return set_wrong(reply, REPLY_DAMAGED, "the checksum of IP");
	if (packet->cut)
		return set_wrong(reply, REPLY_DAMAGED, "the frame ends too early");
	if (packet->len != PACKET_ECHO_HEAD + ping->opts->size)
		return set_wrong(reply, REPLY_DAMAGED, "the length");
	if (!checksum_is_right(ping, packet))
		return set_wrong(reply, REPLY_DAMAGED, "the checksum of ICMP");
	if (reply->code || !reply->number || ping_target(ping, reply->number) != reply->target)
		return set_wrong(reply, REPLY_DAMAGED, "no request has its number");
	if (!data_is_right(ping, packet->body + PACKET_ECHO_HEAD))
		return set_wrong(reply, REPLY_DAMAGED, "the data");
	return REPLY_GOOD;
}

/* The echo header of the request that an error quotes, or NULL; @dst: its destination. */
static const unsigned char *find_quoted(const struct ping *ping, const struct packet *packet,
					struct netif_addr *dst)
{
	const unsigned char *ip = packet->body + PACKET_ECHO_HEAD;
	size_t left = packet->len - PACKET_ECHO_HEAD, head = IPV6_LEN;
	bool six = ping->family == AF_INET6;
	struct iphdr quoted;

	dst->family = ping->family;
	if (left < (six ? IPV6_LEN : sizeof(quoted)))
		return NULL;
	if (six) {
		memcpy(&dst->v6, ip + IPV6_DST, sizeof(dst->v6));
		if (ip[IPV6_NEXT] != IPPROTO_ICMPV6)
			return NULL;
	} else {
		memcpy(&quoted, ip, sizeof(quoted));
		dst->v4.s_addr = quoted.daddr;
		head = quoted.ihl * 4U;
		if (quoted.protocol != IPPROTO_ICMP || head < sizeof(quoted))
			return NULL;
	}
	return left >= head + PACKET_ECHO_HEAD ? ip + head : NULL;
}

static enum reply_kind read_error(const struct ping *ping, const struct history *history,
				  struct reply *reply)
{
	uint8_t request = ping->family == AF_INET6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	const unsigned char *quoted;
	struct netif_addr dst = { 0 };
	struct icmphdr icmp;

	quoted = find_quoted(ping, &reply->packet, &dst);
	if (!quoted)
		return set_wrong(reply, REPLY_FOREIGN, "it quotes no request");
	memcpy(&icmp, quoted, sizeof(icmp));
	reply->id = ntohs(icmp.un.echo.id);
	reply->sequence = ntohs(icmp.un.echo.sequence);
	reply->target = find_target(ping, &dst);
	if (icmp.type != request || reply->id != ping->id || !reply->target)
		return set_wrong(reply, REPLY_FOREIGN, "it quotes another request");
	if (reply->packet.cut || reply->packet.bad_header ||
	    !checksum_is_right(ping, &reply->packet))
		return set_wrong(reply, REPLY_DAMAGED, "the checksum of an error");
	reply->number = history_number(history, reply->sequence);
	if (reply->number && ping_target(ping, reply->number) != reply->target)
		reply->number = 0;
	return REPLY_ERROR;
}

enum reply_kind reply_read(const struct ping *ping, const struct history *history,
			   const void *frame, size_t len, struct reply *reply)
{
	bool six = ping->family == AF_INET6;
	uint8_t answer = six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
	struct packet *packet = &reply->packet;
	struct icmphdr icmp;

	memset(reply, 0, sizeof(*reply));
	if (packet_read(frame, len, packet) || packet->src.family != ping->family ||
	    packet->fragment || packet->protocol != (six ? IPPROTO_ICMPV6 : IPPROTO_ICMP) ||
	    packet->len < sizeof(icmp))
		return set_wrong(reply, REPLY_FOREIGN, "no message of ICMP");
	/* ICMP and ICMPv6 differ in the numbers of their types. */
	memcpy(&icmp, packet->body, sizeof(icmp));
	reply->type = icmp.type;
	reply->code = icmp.code;
	reply->id = ntohs(icmp.un.echo.id);
	reply->sequence = ntohs(icmp.un.echo.sequence);
	if (icmp.type == answer)
		return read_answer(ping, history, reply);
	if (six ? icmp.type < FIRST_INFO :
		  icmp.type == ICMP_DEST_UNREACH || icmp.type == ICMP_TIME_EXCEEDED ||
			    icmp.type == ICMP_PARAMETERPROB)
		return read_error(ping, history, reply);
	return set_wrong(reply, REPLY_FOREIGN, "neither an answer nor an error");
}
