/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The options of xdp_events_user, the ways an event can go, and the two things it does. */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>

#include "attach.h"
#include "netif.h"

#define FRAME_MIN 42 /* Ethernet, IPv4, UDP */
#define FRAME_MAX 1514

struct events_opts {
	struct netif dev; /* index 0: none, the ways are compared */
	struct attach_opts attach; /* mode, force, what to unload; list: the ways */
	const char *ways; /* names; NULL: all, or with dev the default */
	bool json;
	unsigned int size; /* of a buffer, KiB */
	unsigned int batch; /* events for which the reader is woken */
	bool busy; /* read again and again, wait for nothing */
	unsigned int every; /* or read each so many ms; 0: wait to be woken */
	unsigned int bytes; /* of a packet, in ways that carry some */
	unsigned int count; /* events; 0: no end */
	double duration; /* seconds; 0: no end */
	unsigned int rate; /* of the load: packets a second */
	bool max; /* no rate: as fast as it goes */
	unsigned int frame; /* bytes of its packet */
	bool at_once; /* on all CPUs at the same time */
};

/* When the reader is woken. */
enum wake {
	WAKE_KERNEL, /* when it has read everything else */
	WAKE_EACH, /* for each event */
	WAKE_BATCH, /* for opts->batch of them */
};

/* A program, and the buffer it writes to. */
struct way {
	const char *name, *object, *prog;
	bool perf; /* a perf buffer; else the ring buffer */
	bool bytes; /* of the packet, behind the event */
	enum wake wake;
	const char *feature; /* a probe: without it the kernel cannot do it */
	const char *help;
};

/*
 * measure.c: run a load through each of @count ways, and print what became of
 * the events. A way that this kernel lacks is left out, or with @must an error.
 * Returns 0, or -errno after one error line, for attach_status().
 */
int measure_ways(const struct way *const *ways, int count, const struct events_opts *opts,
		 bool must);

/* watch.c: print the events of the packets that come to opts->dev. Returns likewise. */
int watch(const struct way *way, const struct events_opts *opts);

#endif /* EVENTS_H */
