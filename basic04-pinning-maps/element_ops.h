/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What can be done with an element of a map. Part of xdp_stats_user. */
#ifndef ELEMENT_OPS_H
#define ELEMENT_OPS_H

#include <stdbool.h>

#include "xdp_pinned.h"

/* An open map, and what is to be done with one of its elements. */
struct element {
	const char *map;
	bool is_proto;
	int fd;
	unsigned long long key, value;
	int flag;
};

/*
 * Each returns 0; -ENOEXEC when the map refuses, after one error line that says
 * why; the ones that print -EPIPE when standard output did not take it.
 */
int element_get(struct element *e);
int element_set(struct element *e);
int element_delete(struct element *e);

/* Print all elements, key by key; one that goes meanwhile is passed over. */
int element_get_all(struct element *e);

#endif /* ELEMENT_OPS_H */
