/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the programs and the command agree on. */
#ifndef XDP_PING_H
#define XDP_PING_H

#include <linux/types.h>
#include <linux/in6.h>

#include "ping_hist.h"

/* The key of ping_rule_map: which packets a rule is about. */
struct ping_rule {
	struct in6_addr peer; /* who was asked; IPv4: in the first 4 bytes */
	__be16 id; /* of the echo messages */
	__u8 protocol; /* IPPROTO_ICMP or IPPROTO_ICMPV6 */
	__u8 type; /* of the ICMP message */
	__u32 any; /* what the rule does not ask for, and has zeros in */
};

#define PING_ANY_PEER 1
#define PING_ANY_ID 2
#define PING_CUT 4 /* too short a message to have an id */

enum ping_action {
	PING_PASS, /* nothing of ours: no rule has it */
	PING_TAKE, /* an answer, or an error about a request */
	PING_FOREIGN, /* another's answer: counted, and passed */
	PING_DAMAGED, /* counted, and passed */
};

/* The value. */
struct ping_hit {
	__u64 packets; /* that were passed on */
	__u32 action; /* enum ping_action */
	__u32 target; /* the number of the peer */
};

/* The live engine: one request after the other has a number, from 1 on. */
#define PING_SLOTS 65536 /* sequence numbers */
#define PING_SIZE_MAX 128 /* bytes of data */
#define PING_CLOCK_RUNS 4 /* of a batch, that have one time: 0.2 us */
#define PING_WORDS 24 /* Ethernet, IPv6, ICMP, data: 190 bytes, 8 a word */

/* What is the same in all of its requests. */
struct ping_settings {
	__u32 len; /* of a frame, bytes */
	__u32 size; /* of its data, bytes */
	__u32 targets; /* that are asked in turn */
	__be16 id;
	__u8 ipv6;
	__u64 cookie; /* the second word of the data, if there is one */
	__u64 late; /* ns: an answer that comes after so long is late */
};

/* A frame to one of the targets. */
struct ping_frame {
	__u64 word[PING_WORDS];
	__u32 sum; /* of ICMP's 16-bit words, without number and sequence */
	__u32 pseudo; /* the same of the pseudo header; 0 for IPv4 */
	__u32 any_mac; /* answers may come by way of another router */
	__u32 pad;
};

/* How far it is: the command sees this memory. */
struct ping_state {
	__u64 sent; /* the number of the last request */
	__u64 limit; /* after this one none is sent */
	__u64 window; /* so many may be ahead of the last answer */
	__u64 floor; /* what was given up counts as answered */
	__u64 runs; /* of the sending program; the command sets it to 0 */
	__u64 clock; /* ns; 0: to be read again */
	__u64 pad[2]; /* other CPUs write what follows */
	__u64 answered; /* the highest number that was */
	__u64 pad2[7];
	__u64 seen[PING_SLOTS / 64]; /* a bit for each: it was answered */
	__u64 time[PING_SLOTS]; /* when it was sent, ns */
};

/* Answers of one target, on one CPU. */
struct ping_counts {
	__u64 received;
	__u64 duplicates;
	__u64 late;
	__u64 damaged;
	__u64 foreign;
	__u64 errors;
	__u64 sum, min, max; /* ns */
};

/* An ICMP error about a request, as the live engine tells of it. */
struct ping_error {
	struct in6_addr from, peer;
	__u64 target;
	__u16 sequence;
	__u8 type, code;
};

#endif /* XDP_PING_H */
