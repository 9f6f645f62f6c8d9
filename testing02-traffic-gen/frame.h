/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The frame that all generated ones are copies of. Part of xdp_gen_user. */
#ifndef FRAME_H
#define FRAME_H

#include "gen.h"
#include "xdp_gen.h"

#define FRAME_MAX 65536
#define UDP_NO_ZERO 0xffff /* a checksum of 0 says that there is none */

struct frame {
	unsigned char data[FRAME_MAX];
	unsigned int len;
	unsigned int head; /* bytes of it that are headers */
};

/* Length of the headers of the frame that @opts asks for. */
unsigned int frame_head(const struct gen_opts *opts);

/* Build the frame of flow 0, addresses being known. Cannot fail. */
void frame_build(struct frame *frame, const struct gen_opts *opts);

/* Make it the frame of flow @flow: another source port, checksum right. */
void frame_set_flow(struct frame *frame, const struct gen_opts *opts, unsigned int flow);

/* The settings with which the program makes the frames of all flows. */
void frame_settings(const struct frame *frame, const struct gen_opts *opts,
		    struct gen_settings *gen);

#endif /* FRAME_H */
