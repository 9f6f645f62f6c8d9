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
#define PROG_ROUTER "xdp_router_func"

/*
 * redirect_setup.c: can packets that come in on @dev leave through @target, in
 * native mode or not? Returns 0, after a warning where that is not known, or
 * where they may be lost later; or -EOPNOTSUPP.
 */
int setup_check_target(const struct netif *dev, const struct netif *target, bool native);

/* A warning when packets go back where they came from: most often a mistake. */
void setup_warn_same(const struct netif *dev, const struct netif *target);

/*
 * The same for all that program @prog on @dev sends (PROG_TO_ONE: to @target),
 * as far as it is known before the program is loaded.
 */
int setup_check(const char *prog, const struct netif *dev, const struct netif *target, bool native);

/*
 * If the program just loaded is the router: put every interface of this network
 * namespace that sends redirected packets into tx_port. Returns 0 or -ENOEXEC.
 */
int setup_fill_ports(const struct attach *at);

/* edit.c: is the first word of the command line add, del or list? */
bool edit_is_command(int argc, char **argv);

/* Then this is the whole command. Returns its exit status. */
int edit_run(int argc, char **argv);

#endif /* REDIRECT_H */
