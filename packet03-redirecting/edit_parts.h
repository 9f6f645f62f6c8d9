/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the files of add, del and list have from one another. */
#ifndef EDIT_PARTS_H
#define EDIT_PARTS_H

#include "edit.h"

/* Print one error line and return what goes with it. */
int edit_missing(const char *option, const struct edit_running *running);
int edit_refused(const char *verb, const char *what, const char *map, const char *reason);

/* edit_hosts.c: add and del for xdp_redirect_map_func */
int edit_add_host(const struct edit_running *running, const struct edit_opts *opts);
int edit_delete_host(const struct edit_running *running, const struct edit_opts *opts);

/* edit_results.c: list's part for xdp_router_func. Returns 0 or -ENOMEM. */
int edit_list_results(int fd, bool json);

#endif /* EDIT_PARTS_H */
