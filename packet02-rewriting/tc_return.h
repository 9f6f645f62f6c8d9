/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The tc program of the way back, on an interface. Part of both commands. */
#ifndef TC_RETURN_H
#define TC_RETURN_H

#include <stdbool.h>

#include <bpf/libbpf.h>

#include "netif.h"

struct tc_return {
	struct bpf_object *obj;
	int ifindex; /* 0: not attached */
	bool made_hook; /* there was no clsact qdisc before */
};

/*
 * Load tc_return_ports_func and attach it to what leaves @dev. One that an
 * earlier run was made to leave there is replaced. Returns 0, -ENOEXEC or
 * -EEXIST (somebody else's filter is in the place) after one error line.
 */
int tc_return_attach(struct tc_return *tc, const struct netif *dev);

/* Undo it. */
void tc_return_detach(struct tc_return *tc);

/* Take off what an earlier run was made to leave on @dev, if it did. */
void tc_return_unload(const struct netif *dev);

#endif /* TC_RETURN_H */
