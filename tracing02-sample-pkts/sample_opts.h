/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_sample_pkts_user is asked for. */
#ifndef SAMPLE_OPTS_H
#define SAMPLE_OPTS_H

#include "attach.h"
#include "xdp_sample_pkts.h"

struct sample_opts {
	struct netif dev;
	struct attach_opts attach;
	const char *file; /* NULL: packets are printed, not stored */
	const char *filter; /* NULL: all packets */
	const char *sample; /* "1/N" */
	unsigned int every; /* this N */
	unsigned int snaplen; /* bytes */
	unsigned int buffer; /* KiB for each CPU; 0: as fits */
	unsigned int rotate_size; /* millions of bytes; 0: one file */
	unsigned int rotate_count; /* files that are kept; 0: all */
	unsigned int count; /* stop after so many; 0: never */
	double duration; /* stop after seconds; 0: never */
	bool entry, exit; /* trace a program that is there */
	const char *trace; /* its name or id; NULL: the one there is */
	bool json;
};

/*
 * Settle what follows from the others, and refuse what does not go together.
 * Returns 0, or -EINVAL after one error line.
 */
int sample_opts_check(struct sample_opts *opts);

/* What the programs are told, of these and of the kernel. */
struct sample_settings sample_settings(const struct sample_opts *opts);

#endif /* SAMPLE_OPTS_H */
