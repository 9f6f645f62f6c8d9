/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A run of xdp_ping_user: its options, its targets, and what it has measured.
 * The steps that main() takes stand at the end.
 */
#ifndef PING_H
#define PING_H

#include <stdbool.h>
#include <stdint.h>

#include "afxdp/xsk.h"
#include "attach.h"
#include "options.h"
#include "packets/packet.h"
#include "xdp_ping.h"

#define PING_SIZE 56 /* bytes of data, as ping(8) has it */
#define PING_TTL 64
#define PING_WAIT 1.0 /* seconds */
#define PING_WINDOW 64 /* requests, in a flood */
#define PING_TARGETS_MAX 4096
#define PING_LINES_MAX 1000 /* packets a second: above that there is no line for each */

/* Seconds. */
#define PING_STALL 0.01 /* of silence: then a flood sends one request all the same */
#define PING_CHECK 0.25 /* between two checks that the program is still attached */

struct ping_opts {
	struct netif dev; /* index 0: the route's */
	struct attach_opts attach;
	struct xsk_opts xsk;
	const char *engine; /* "xsk" or "live" */
	bool live; /* it is the second */
	struct option_strings sweeps;
	unsigned int count; /* requests to each target; 0: no end */
	double interval; /* seconds between two requests to one target */
	unsigned int rate; /* requests a second, to all; 0: see interval */
	bool flood;
	unsigned int window; /* requests on their way in a flood */
	unsigned int size; /* bytes of data */
	double wait; /* seconds for an answer */
	unsigned int ttl;
	struct netif_addr src; /* family 0: the route's */
	struct netif_mac src_mac, dst_mac; /* zeros: to be found */
	bool debug, json;
};

struct target {
	struct packet_ends ends;
	char text[ADDR_TEXT]; /* its address */
	const char *name; /* as on the command line; NULL: part of a sweep */
	struct netif_addr next_hop;
	bool direct; /* the next hop is the target itself */
	bool active; /* gets requests: the next hop's MAC address is known */
	bool local; /* of a sweep: an address of this machine */
	uint64_t sent;
	struct ping_counts counts;
	/* Its requests begin like this: Ethernet, IP, ICMP. */
	unsigned char head[PACKET_HEAD_MAX + PACKET_ECHO_HEAD];
	uint64_t sum; /* of ICMP's words, without sequence and number */
};

/* ICMP errors of one type and code from one sender. */
struct icmp_error {
	struct netif_addr from;
	uint8_t type, code;
	uint64_t count;
};

#define ICMP_ERRORS_MAX 16 /* that are told apart */

struct ping {
	const struct ping_opts *opts;
	struct netif dev;
	int family;
	struct target *targets; /* in the order of the command line */
	unsigned int count;
	struct target **active; /* requests go to these in turn */
	unsigned int n_active;

	uint16_t id; /* of all requests */
	uint64_t cookie; /* the second word of their data */
	unsigned char *data; /* the data of request 0 */
	size_t head; /* bytes in front of ICMP */
	size_t len; /* of a frame */

	const char *mode; /* how requests are sent: for the first line */
	uint64_t sent; /* the number of the last request */
	struct ping_hist hist;
	struct icmp_error icmp_errors[ICMP_ERRORS_MAX];
	double first, last; /* seconds, monotonic: of the first request, and the end */
};

/* The target of request @number. */
static inline struct target *ping_target(const struct ping *ping, uint64_t number)
{
	if (ping->n_active == 1)
		return ping->active[0];
	return ping->active[(number - 1) % ping->n_active];
}

/* Requests a second, to all; 0: as many as possible. */
double ping_rate(const struct ping *ping);

/* Add what another CPU has counted, or what was counted of another target. */
void ping_add_counts(struct ping_counts *sum, const struct ping_counts *more);

/* The sums over all targets. */
void ping_sum(const struct ping *ping, struct ping_counts *sum);

/*
 * Make the targets out of @count @names (an address, one with %INTERFACE behind
 * it, or a name that is looked up) and the prefixes of --sweep. All must be of
 * one family. Then complete what was not given: the interface and the source
 * address, from the routes; each next hop's MAC address, from the table of
 * neighbours, or by making the kernel resolve it. Targets without one are left
 * out while others have it. Returns 0; or -errno after one error line. To be
 * released with targets_free(), also when the struct was only zeroed.
 */
int targets_find(struct ping *ping, char **names, int count);
void targets_free(struct ping *ping);

/*
 * The two engines: requests are made in the memory of AF_XDP sockets, or by the
 * kernel itself as live frames. Each attaches its program, sends requests until all
 * are sent and answered or a signal comes, detaches it, and leaves in @ping what
 * was measured. Returns 0, or -errno after one error line, as attach_status()
 * knows it; even then there are results, if ping->sent is not 0.
 */
int engine_xsk(struct ping *ping);
int engine_live(struct ping *ping);

#endif /* PING_H */
