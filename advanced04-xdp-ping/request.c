// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Echo requests: the head and the sum for each target, then number by number. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "log.h"
#include "request.h"

/* The pattern of ping(8), each byte its own position, behind number and cookie. */
static int make_data(struct ping *ping)
{
	unsigned int i, size = ping->opts->size;

	ping->data = calloc(1, size + 1);
	if (!ping->data)
		return -ENOMEM;
	for (i = 0; i < size; i++)
		ping->data[i] = (unsigned char)i;
	if (size >= REQUEST_NUMBER)
		memset(ping->data, 0, REQUEST_NUMBER);
	if (size >= REQUEST_MARKED)
		memcpy(ping->data + REQUEST_NUMBER, &ping->cookie, sizeof(ping->cookie));
	return 0;
}

/* The request with number 0: its checksum tells the sum of what all have in common. */
static void make_head(const struct ping *ping, struct target *target, unsigned char *frame)
{
	bool six = ping->family == AF_INET6;
	size_t body = PACKET_ECHO_HEAD + ping->opts->size;
	struct icmphdr icmp;
	unsigned char *at = frame;

	at += packet_put_eth(at, &target->ends, 0);
	at += packet_put_ip(at, &target->ends, six ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
			    (uint8_t)ping->opts->ttl, body);
	memcpy(at + PACKET_ECHO_HEAD, ping->data, ping->opts->size);
	packet_put_echo(at, &target->ends, ping->id, 0, ping->opts->size);
	memcpy(&icmp, at, sizeof(icmp));
	target->sum = (uint16_t)~icmp.checksum;
	memcpy(target->head, frame, ping->head + PACKET_ECHO_HEAD);
}

int request_prepare(struct ping *ping, size_t max)
{
	size_t ip = ping->family == AF_INET6 ? 40 : 20;
	unsigned char *frame;
	unsigned int i;
	int err;

	ping->head = ETH_HLEN + ip;
	ping->len = ping->head + PACKET_ECHO_HEAD + ping->opts->size;
	if (ping->len > max) {
		pr_err("bad value '%u' for --size: '%s' carries %zu bytes of data at most here",
		       ping->opts->size, ping->dev.name, max - ping->head - PACKET_ECHO_HEAD);
		return -EINVAL;
	}
	if (getrandom(&ping->id, sizeof(ping->id), 0) < 0 ||
	    getrandom(&ping->cookie, sizeof(ping->cookie), 0) < 0) {
		pr_err("cannot get random numbers: %s", strerror(errno));
		return -EIO;
	}
	err = make_data(ping);
	frame = calloc(1, ping->len);
	if (!frame)
		err = -ENOMEM;
	for (i = 0; !err && i < ping->n_active; i++)
		make_head(ping, ping->active[i], frame);
	free(frame);
	if (err)
		pr_err("cannot get memory for a request");
	return err;
}

void request_write(const struct ping *ping, uint64_t number, void *frame)
{
	const struct target *target = ping_target(ping, number);
	size_t head = ping->head + PACKET_ECHO_HEAD;
	unsigned char *icmp = (unsigned char *)frame + ping->head;
	uint16_t sequence = htons((uint16_t)number), check;
	uint64_t sum = target->sum + sequence;

	memcpy(frame, target->head, head);
	memcpy((char *)frame + head, ping->data, ping->opts->size);
	if (ping->opts->size >= REQUEST_NUMBER) {
		memcpy((char *)frame + head, &number, sizeof(number));
		sum = packet_sum(&number, sizeof(number), sum);
	}
	/* The sum is that of request 0, and of what is added to it. */
	check = packet_fold(sum);
	memcpy(icmp + offsetof(struct icmphdr, checksum), &check, sizeof(check));
	memcpy(icmp + offsetof(struct icmphdr, un.echo.sequence), &sequence, sizeof(sequence));
}

void request_template(const struct ping *ping, const struct target *target,
		      struct ping_frame *frame)
{
	size_t head = ping->head + PACKET_ECHO_HEAD;
	size_t body = PACKET_ECHO_HEAD + ping->opts->size;
	uint64_t pseudo;

	memset(frame, 0, sizeof(*frame));
	memcpy(frame->word, target->head, head);
	memcpy((char *)frame->word + head, ping->data, ping->opts->size);
	frame->sum = (uint32_t)target->sum;
	frame->any_mac = !target->direct;
	if (ping->family != AF_INET6)
		return;
	pseudo = packet_pseudo_sum(&target->ends, IPPROTO_ICMPV6, body);
	frame->pseudo = (uint16_t)~packet_fold(pseudo);
}
