/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What xdp_gen_user is made of, in the order of its work: the options are
 * completed, a sender builds the frame and sends it, and what was sent is reported.
 */
#ifndef GEN_H
#define GEN_H

#include <stdbool.h>

#include "attach.h"
#include "netif.h"
#include "packets/live.h"
#include "xdp_gen.h"

#define GEN_SIZE 64 /* bytes, if the headers take no more */
#define GEN_SPORT 1024
#define GEN_ANY_CPU (~0U)
#define GEN_DPORT 9 /* discard */
#define PORT_MAX 65535

struct gen_opts {
	struct netif dev;
	unsigned int rate; /* packets a second; 0: as many as go */
	unsigned int count; /* packets; 0: no end */
	double duration; /* seconds; 0: no end */
	unsigned int size; /* of a frame in bytes; 0: the smallest usual one */
	unsigned int head; /* bytes of it that are headers: setup_complete() knows */
	unsigned int flows, sport, dport;
	unsigned int vlan; /* 0: no tag */
	bool ipv6;
	struct netif_addr src, dst; /* family 0: to be found out */
	struct netif_mac src_mac, dst_mac; /* all zeros: likewise */
	unsigned int cpu; /* GEN_ANY_CPU: wherever it is */
	bool packet_socket; /* no live frames */
	double interval;
	bool json;
};

/* setup.c: the interface, and the options that its state completes */

struct link {
	bool up, carrier;
	unsigned int mtu;
	unsigned long long left; /* frames that it has sent */
	unsigned long long dropped; /* and those that it could not send */
};

/*
 * Ask for the state and the counters of @dev. Returns 0; or, after one error
 * line, -ENODEV when the interface is gone, -EIO when the kernel does not tell.
 */
int link_get(const struct netif *dev, struct link *link);

/*
 * Settle the family and the size, and refuse what cannot be: a frame too short
 * or too long, ports beyond the last, addresses of two families, an interface
 * that is down. Complete the addresses by what the kernel knows: the neighbours
 * of the interface and its own addresses. Returns 0; or, after one error line,
 * -EINVAL when the options are wrong, -ENODEV when the interface is down or gone,
 * -EIO when the kernel does not tell, or an address is missing.
 */
int setup_complete(struct gen_opts *opts);

/* sender.c: the frame, and live frames or a packet socket (AF_PACKET) to send it */

#define FRAME_MAX 65536

struct frame {
	unsigned char data[FRAME_MAX];
	unsigned int len;
};

/* Live frames, and the program that sends them. */
struct live_sender {
	struct attach at; /* the object and its program */
	struct live live;
	int state; /* the map that holds the program's struct gen_state */
};

struct packet_socket;

/* Zeroed at first. */
struct sender {
	const struct gen_opts *opts;
	struct frame frame;
	struct live_sender live;
	struct packet_socket *socket; /* NULL: live frames are used */
};

/*
 * Build the frame that @opts asks for, and make ready to send it: with live
 * frames, unless it asks for a packet socket, or the interface takes no redirected
 * frames, which is said. Returns 0, or -errno after one error line, as
 * attach_status() knows it. To be released with sender_close(), also after an
 * error.
 */
int sender_open(struct sender *sender, const struct gen_opts *opts);

/*
 * Send @count frames. What shows with the first ones only is also said: that
 * the kernel has no live frames, or none that long; a packet socket sends
 * them. Returns 0, also when a signal has cut it short; or -errno after one
 * error line: -ENODEV when the interface is gone.
 */
int sender_send(struct sender *sender, unsigned int count);

/* How many have been sent. */
unsigned long long sender_sent(const struct sender *sender);

void sender_close(struct sender *sender);

/* report.c: what was sent */

/* At one moment, since the start. */
struct report_record {
	double time; /* seconds on the monotonic clock */
	unsigned long long packets; /* that were sent */
	unsigned long long left; /* the interface's counter of those sent */
	unsigned long long dropped; /* and of those that it could not send */
};

struct report {
	const struct sender *sender;
	struct report_record first, last;
	unsigned int rows; /* printed */
	bool warned; /* that nothing leaves the interface */
};

/* Start counting. Returns 0, or what link_get() did. */
int report_begin(struct report *report, const struct sender *sender);

/* Print what has happened since the last report. Returns 0 or -errno. */
int report_print(struct report *report);

/* Print the sum in the end. */
int report_end(struct report *report);

#endif /* GEN_H */
