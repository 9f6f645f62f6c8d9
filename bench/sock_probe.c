// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Single echo requests from a packet socket at send, which waits spinning. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "sock.h"
#include "log.h"

#define PATIENCE 0.1 /* seconds */
#define PAUSE 0.0001 /* so that who sleeps between packets sleeps */
#define ICMP_AT (ETH_HLEN + sizeof(struct iphdr))

int sock_probe_open(struct sock_bench *bench)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		/* Of one protocol: our own requests are not received. */
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = bench->rates.lab.send.dev.index,
	};

	bench->prober = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (bench->prober >= 0 && !bind(bench->prober, (struct sockaddr *)&at, sizeof(at)))
		return 0;
	pr_err("cannot open a packet socket: %s", strerror(errno));
	return -EIO;
}

/* The request with number @id, its checksum kept right. */
static void number(unsigned char *frame, __u16 id)
{
	struct icmphdr icmph;
	__u32 sum;

	memcpy(&icmph, frame + ICMP_AT, sizeof(icmph));
	sum = (__u16)~icmph.checksum + (__u16)~icmph.un.echo.sequence + id;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	icmph.checksum = (__u16)~sum;
	icmph.un.echo.sequence = id;
	memcpy(frame + ICMP_AT, &icmph, sizeof(icmph));
}

/* Is there the answer to request @id? Others are thrown away. */
static bool has_answer(int fd, __u16 id)
{
	unsigned char frame[2 * RATE_FRAME_LEN];
	struct icmphdr icmph;
	ssize_t len;

	len = recv(fd, frame, sizeof(frame), MSG_DONTWAIT);
	if (len < (ssize_t)(ICMP_AT + sizeof(icmph)))
		return false;
	memcpy(&icmph, frame + ICMP_AT, sizeof(icmph));
	return icmph.type == ICMP_ECHOREPLY && icmph.un.echo.sequence == id;
}

int sock_probe(struct sock_bench *bench, double *us)
{
	struct rate_case *one = &bench->rates.cases[SOCK_BY_TX];
	static __u16 id;
	double start, now;
	bool answered;

	number(one->frame, ++id);
	start = sock_now();
	if (send(bench->prober, one->frame, RATE_FRAME_LEN, 0) < 0) {
		pr_err("cannot send an echo request: %s", strerror(errno));
		return -EIO;
	}
	do {
		answered = has_answer(bench->prober, id);
		now = sock_now();
	} while (!answered && now - start < PATIENCE);
	*us = answered ? 1e6 * (now - start) : 0;
	for (start = now; now - start < PAUSE; now = sock_now())
		;
	return 0;
}
