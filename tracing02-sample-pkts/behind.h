/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A program that runs behind ours. Part of xdp_sample_pkts_user. */
#ifndef BEHIND_H
#define BEHIND_H

#include "attach.h"

/* Zeroed at first. */
struct behind {
	struct attach at; /* of which only the object is used */
	int map_fd; /* sample_behind; 0: none */
};

/*
 * Load the program that --filename and --progname name, and put it into a
 * program array. Returns 0, or -errno after one error line, as attach_status()
 * knows it. To be released with behind_close(), also after an error.
 */
int behind_open(struct behind *behind, const struct attach_opts *opts);

/*
 * Have the sampling program of @at, not loaded yet, call it. Returns 0, or
 * -ENOEXEC after one error line.
 */
int behind_use(const struct behind *behind, const struct attach *at);

void behind_close(struct behind *behind);

#endif /* BEHIND_H */
