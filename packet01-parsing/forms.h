/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a packet costs a program. Part of xdp_forms_user. */
#ifndef FORMS_H
#define FORMS_H

#include "xdp_stats_kern_user.h"

#define FORMS_TAGS_MAX 16

struct forms_run {
	double ns; /* for each packet, above the empty program */
	__u32 action; /* the verdict */
};

/* Load the program "return XDP_PASS". Returns its descriptor or -errno. */
int forms_load_empty(void);
void forms_close(int fd);

/*
 * Run @prog_fd and @empty_fd in turns, 7 times @repeat packets with @tags VLAN
 * tags, and subtract the medians. What this process did not use the processor
 * for is not counted. Returns 0 or -errno.
 */
int forms_run(struct forms_run *run, int prog_fd, int empty_fd, unsigned int tags,
	      unsigned int repeat);

#endif /* FORMS_H */
