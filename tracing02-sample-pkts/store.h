/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The file, or the files one after the other. Part of xdp_sample_pkts_user. */
#ifndef STORE_H
#define STORE_H

#include <limits.h>

#include "packets/capfile.h"
#include "sample_opts.h"

#define STORE_NAME_MAX (2 * PATH_MAX + 8)

/* Zeroed at first. */
struct store {
	const struct sample_opts *opts;
	struct capfile_setup setup;
	struct capfile_writer *writer; /* NULL: nothing is stored */
	unsigned int number; /* of the file that is written; 0: the only one */
};

/*
 * Make the file that @opts asks for, if any, to begin with @setup. Returns 0,
 * or -EIO after one error line. To be released with store_close().
 */
int store_open(struct store *store, const struct sample_opts *opts,
	       const struct capfile_setup *setup);

/* Add a packet; a file that is full by then is followed by the next one. */
int store_add(struct store *store, const struct capfile_packet *packet,
	      const struct capfile_note *note);

/* Write what there is. Returns 0 or -EIO, as above. */
int store_flush(struct store *store);

/* Complete the file. Returns 0 or -EIO, as above. */
int store_close(struct store *store);

/* What is stored where, for the last line: "A", or "A to B". */
void store_name(const struct store *store, char *name, size_t size);

#endif /* STORE_H */
