/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* add, del and list: the maps of the program that runs on an interface. */
#ifndef EDIT_H
#define EDIT_H

#include <stdbool.h>

#include "attach_query.h"
#include "netif.h"

/* What add, del and list are asked for. */
struct edit_opts {
	struct netif dev;
	struct netif target; /* -r */
	struct netif_mac from, to; /* -L, -R */
	const char *pin_dir;
	bool force;
	bool json;
};

/* The program that runs, and its maps. */
struct edit_running {
	struct attach_entry prog;
	int ports; /* tx_port */
	int hosts; /* redirect_params; -1: it does not use it */
	int results; /* router_results; -1: it does not use it */
};

/* Is the first word one of the commands? */
bool edit_is_asked_for(int argc, char **argv);

/* The rest of the program in that case. Returns its exit status. */
int edit_run(int argc, char **argv);

/*
 * Find the program on @dev that uses what is pinned in @pin_dir (NULL: the
 * interface's own folder). Returns 0, then edit_close() is to be called; or
 * -ENOEXEC or -EPERM after one error line.
 */
int edit_open(struct edit_running *running, const struct netif *dev, const char *pin_dir);
void edit_close(struct edit_running *running);

/* The commands. They return 0, or -errno after one error line. */
int edit_add(const struct edit_running *running, const struct edit_opts *opts);
int edit_delete(const struct edit_running *running, const struct edit_opts *opts);
int edit_list(const struct edit_running *running, const struct edit_opts *opts);

#endif /* EDIT_H */
