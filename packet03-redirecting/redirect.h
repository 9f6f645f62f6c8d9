/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the files of xdp_redirect_user have from one another. Functions that
 * return an error have printed one error line; attach_status() turns the error
 * into an exit status.
 */
#ifndef REDIRECT_H
#define REDIRECT_H

#include <stdbool.h>

#include "attach.h"
#include "netif.h"

/* The programs of xdp_redirect_kern.c that need more than to be attached. */
#define PROG_ECHO "xdp_icmp_echo_func"
#define PROG_TO_ONE "xdp_redirect_func"
#define PROG_MAP "xdp_redirect_map_func"
#define PROG_ROUTER "xdp_router_func"

/*
 * redirect_setup.c: will what program @prog on @dev sends be sent, in native
 * mode or not? @target is where it redirects to, zeroed as long as that is not
 * known. Returns 0, after a warning where the answer is not known, or where
 * packets may be lost later; or -EOPNOTSUPP.
 */
int setup_check(const char *prog, const struct netif *dev, const struct netif *target, bool native);

/*
 * If the program just loaded is the router: put every interface of this network
 * namespace that sends redirected packets into tx_port. Returns 0 or -ENOEXEC.
 */
int setup_fill_ports(const struct attach *at);

/*
 * edit.c: with add, del or list as its first word this is the whole command.
 * Returns its exit status, or -1 when the first word is none of them.
 */
int edit_run(int argc, char **argv);

#endif /* REDIRECT_H */
