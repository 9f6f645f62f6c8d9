/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Attaching in a process that ends at once. Part of xdp_lifetime_user. */
#ifndef OUTLIVE_H
#define OUTLIVE_H

#include "netif.h"

/* A way to attach a program, and how to undo it when it has outlived us. */
struct outlive_way {
	const char *name;
	/*
	 * Attach a program so that it is held in no other way than this one.
	 * Returns its file descriptor, to be closed with everything else when
	 * the process ends, or -errno.
	 */
	int (*attach)(const struct netif *dev);
	void (*undo)(const struct netif *dev);
};

/* Ends with an element without a name. */
extern const struct outlive_way outlive_ways[];

/* A program of this type that returns @verdict: its descriptor or -errno. */
int outlive_load(int type, int verdict);

/* Make what the ways need besides an interface: a clsact, a cgroup. */
void outlive_prepare(const struct netif *dev);

/* The folder of that cgroup; "" where there is none. */
extern char outlive_cgroup[];

/* Remove it. */
void outlive_finish(const struct netif *dev);

#endif /* OUTLIVE_H */
