/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A program over the packets of a file: what xdp_run_user does. */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>

#include "attach.h"
#include "options.h"
#include "packets/capfile.h"

struct run_opts {
	struct attach_opts attach; /* the object and the program */
	const char *in, *out; /* files of packets; out may be NULL */
	unsigned int repeat; /* 0: one run */
	unsigned int ifindex, queue; /* ifindex 0: the kernel takes lo */
	unsigned int count; /* packets at most; 0: all */
	struct option_strings settings; /* like "port=53" */
	bool dump_maps, json;
};

/*
 * Run loaded program @prog over the packets of @reader, print a row for each,
 * and write those that it does not drop to @writer, unless that is NULL. A
 * signal that was held back ends it early.
 *
 * Returns 0, or -errno after one error line: -EIO about one of the files,
 * -EPIPE about standard output, -EOPNOTSUPP when this kernel cannot do it.
 */
int run_file(const struct run_opts *opts, const struct bpf_program *prog,
	     struct capfile_reader *reader, struct capfile_writer *writer);

#endif /* RUN_H */
