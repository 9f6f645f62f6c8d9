/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_ping_user is asked for, and what it has found out. */
#ifndef PING_H
#define PING_H

#include <stdbool.h>
#include <stdint.h>

#include "afxdp/xsk.h"
#include "attach.h"
#include "net/route.h"
#include "options.h"
#include "packets/packet.h"
#include "xdp_ping.h"

#define PING_SIZE 56 /* bytes of data, as ping(8) has it */
#define PING_TTL 64
#define PING_WAIT 1.0 /* seconds */
#define PING_WINDOW 64 /* requests, in a flood */
#define PING_TARGETS_MAX 4096
#define PING_LINES_MAX 1000 /* a second: with more there are no lines */

struct ping_opts {
	struct netif dev; /* index 0: the route tells */
	struct attach_opts attach;
	struct xsk_opts xsk;
	const char *engine; /* "xsk" or "live" */
	bool live; /* it is the second */
	struct option_strings sweeps;
	unsigned int count; /* requests to each target; 0: no end */
	double interval; /* seconds, between two to one target; 0: 1 */
	unsigned int rate; /* requests a second, to all; 0: see interval */
	bool flood;
	unsigned int window; /* of a flood */
	unsigned int size; /* bytes of data */
	double wait; /* seconds, for an answer */
	unsigned int ttl;
	struct netif_addr src; /* family 0: the route tells */
	struct netif_mac src_mac, dst_mac; /* zeros: to be found */
	bool debug, json;
};

/* One who is asked. */
struct target {
	struct packet_ends ends;
	char text[ADDR_TEXT]; /* its address */
	const char *name; /* as it was named; NULL: part of a sweep */
	struct netif_addr next; /* who takes its packets */
	bool direct; /* that is it itself */
	bool asked; /* it can be, as the next one's MAC address is known */
	bool own; /* of a sweep: it is an address of this machine */
	uint64_t sent;
	struct ping_counts counts;
	/* Its requests begin like this: Ethernet, IP, ICMP. */
	unsigned char head[PACKET_HEAD_MAX + PACKET_ECHO_HEAD];
	uint64_t sum; /* of ICMP's words, without sequence and number */
};

/* ICMP errors of one kind, by one who sends them. */
struct ping_trouble {
	struct netif_addr from;
	uint8_t type, code;
	uint64_t count;
};

#define PING_TROUBLES 16 /* kinds that are told apart */

struct ping {
	const struct ping_opts *opts;
	struct netif dev;
	int family;
	struct target *targets; /* in the order in which they were named */
	unsigned int count;
	struct target **asked; /* those that are, in turn */
	unsigned int n_asked;

	uint16_t id; /* of all requests */
	uint64_t cookie; /* the second word of their data */
	unsigned char *data; /* the data of request 0 */
	size_t head; /* bytes in front of ICMP */
	size_t len; /* of a frame */

	const char *mode; /* how packets travel: for the first line */
	uint64_t sent; /* the number of the last request */
	struct ping_hist hist;
	struct ping_trouble troubles[PING_TROUBLES];
	double first, last; /* seconds, monotonic: of the first request, now */
};

/* The target of request @number. */
static inline struct target *ping_target(const struct ping *ping, uint64_t number)
{
	if (ping->n_asked == 1)
		return ping->asked[0];
	return ping->asked[(number - 1) % ping->n_asked];
}

/* Is each answer worth a line? */
bool ping_has_lines(const struct ping *ping);

/* Requests a second, to all; 0: as many as go. */
double ping_rate(const struct ping *ping);

/* Add what another CPU, or another target, has counted. */
void ping_add_counts(struct ping_counts *sum, const struct ping_counts *more);

/* The sums over all targets. */
void ping_sum(const struct ping *ping, struct ping_counts *sum);

/* The time (ns) that @share (0 to 1) of all answers took at most. */
double ping_percentile(const struct ping *ping, const struct ping_counts *sum, double share);

#endif /* PING_H */
