/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_print_user prints. */
#ifndef SHOW_H
#define SHOW_H

#include "line.h"
#include "print.h"

struct show {
	const struct print_opts *opts;
	unsigned long long packets, lost; /* lines: shown, and not to be had */
};

/* Print a packet. What is printed is flushed with output_flush(). */
void show_packet(struct show *show, const struct line_packet *packet);

/* There are @lost lost lines by now: say so, if there are more than before. */
void show_lost(struct show *show, unsigned long long lost);

/* Print the sum. Returns 0, or what output_flush() did. */
int show_end(const struct show *show);

#endif /* SHOW_H */
