/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Reading while the program prints. Part of xdp_print_user. */
#ifndef WATCH_H
#define WATCH_H

#include "attach.h"
#include "show.h"
#include "source.h"

/*
 * Show what comes, until a signal or what was asked for ends it. Returns 0; or,
 * after one error line, what attach_check(), source_next() or output_flush() did,
 * and -EPIPE when nobody reads standard output any more.
 */
int watch_run(struct source *source, struct show *show, struct attach *at);

/* Show what is left, once the program is detached, and the sum. 0 or -errno. */
int watch_end(struct source *source, struct show *show);

#endif /* WATCH_H */
