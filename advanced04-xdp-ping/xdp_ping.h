/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the programs and the command share: rules and what they count, requests
 * and the state of the live engine, and a histogram of round trip times.
 */
#ifndef XDP_PING_H
#define XDP_PING_H

#include <linux/types.h>
#include <linux/in6.h>

/* The key of ping_rule_map: which packets a rule is about. */
struct ping_rule {
	struct in6_addr peer; /* the target; IPv4: in the first 4 bytes */
	__be16 id; /* of the echo messages */
	__u8 protocol; /* IPPROTO_ICMP or IPPROTO_ICMPV6 */
	__u8 type; /* of the ICMP message */
	__u32 any; /* fields that do not matter, and are 0 */
};

#define PING_ANY_PEER 1
#define PING_ANY_ID 2
#define PING_CUT 4 /* a message too short to have an id */

enum ping_action {
	PING_PASS, /* not ours: no rule has it */
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

/* The live engine: requests are numbered, from 1 on. */
#define PING_SLOTS 65536 /* sequence numbers */
#define PING_SIZE_MAX 128 /* bytes of data */
#define PING_CLOCK_RUNS 4 /* runs of a batch that have the same time: 0.2 us */
#define PING_WORDS 24 /* of 8 bytes: Ethernet, IPv6, ICMP, data have 190 bytes */

/* What all of its requests have in common. */
struct ping_settings {
	__u32 len; /* of a frame, bytes */
	__u32 size; /* of its data, bytes */
	__u32 targets; /* requests go to them in turn */
	__be16 id;
	__u8 ipv6;
	__u64 cookie; /* the second word of the data, if there is one */
	__u64 late; /* ns: an answer after a longer time is late */
};

/* The frame of a request to one of the targets, without a number. */
struct ping_frame {
	__u64 word[PING_WORDS];
	__u32 sum; /* of ICMP's 16-bit words, without number and sequence */
	__u32 pseudo; /* the same of the pseudo header; 0 for IPv4 */
	__u32 any_mac; /* answers may come by way of another router */
	__u32 pad;
};

/* How far the run is. The command has mapped this memory. */
struct ping_state {
	__u64 sent; /* the number of the last request */
	__u64 limit; /* the highest number that may be sent */
	__u64 window; /* requests that may be ahead of the last answer */
	__u64 floor; /* requests up to this one were given up: as if answered */
	__u64 runs; /* of the sending program; the command sets it to 0 */
	__u64 clock; /* ns; 0: to be read again */
	__u64 pad[2]; /* other CPUs write what follows */
	__u64 answered; /* the highest number that was */
	__u64 pad2[7];
	__u64 seen[PING_SLOTS / 64]; /* a bit for each request: it was answered */
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

/* An ICMP error about a request, as the live engine's program reports it. */
struct ping_error {
	struct in6_addr from, peer;
	__u64 target;
	__u16 sequence;
	__u8 type, code;
};

/*
 * Round trip times. Each octave (from one power of 2 to the next) has 32
 * buckets, so that a time is known to 3 % whether it is 5 us or 5 seconds; up to
 * 63 ns each has its own. From index to time: see hist.h.
 */
#define HIST_STEPS 32 /* buckets of an octave */
#define HIST_MAX_BITS 40 /* of a time in ns: 18 minutes */
#define HIST_BUCKETS ((HIST_MAX_BITS - 4) * HIST_STEPS)

struct ping_hist {
	__u64 bucket[HIST_BUCKETS];
};

/* The bucket of @ns. */
static inline __attribute__((always_inline)) __u32 hist_index(__u64 ns)
{
	__u32 shift = 0, index;

	if (ns >> HIST_MAX_BITS)
		ns = (1ULL << HIST_MAX_BITS) - 1;
	/* How often it must be halved to be below 64: bit by bit of that. */
	shift += ns >> (32 + 5) ? 32 : 0;
	shift += ns >> (shift + 16 + 5) ? 16 : 0;
	shift += ns >> (shift + 8 + 5) ? 8 : 0;
	shift += ns >> (shift + 4 + 5) ? 4 : 0;
	shift += ns >> (shift + 2 + 5) ? 2 : 0;
	shift += ns >> (shift + 1 + 5) ? 1 : 0;
	index = shift * HIST_STEPS + (__u32)(ns >> shift);
	/* It cannot be larger: for the verifier. */
	return index < HIST_BUCKETS ? index : HIST_BUCKETS - 1;
}

#endif /* XDP_PING_H */
