/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_print_user is asked for. */
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>

#include "attach.h"
#include "netif.h"

struct print_opts {
	struct netif dev;
	struct attach_opts attach;
	bool global_pipe; /* the machine's, and no instance */
	unsigned int count; /* packets; 0: no end */
	double duration; /* seconds; 0: no end */
	bool json;
};

#endif /* PRINT_H */
