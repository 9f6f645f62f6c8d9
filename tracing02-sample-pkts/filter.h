/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Packets that are wanted, in the language of tcpdump (pcap-filter(7)). */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>

#include "xdp_sample_pkts.h"

struct filter;

/*
 * Compile @expression; NULL stores NULL, which matches all. Returns 0, or
 * -EINVAL after one error line in libpcap's words.
 */
int filter_open(struct filter **filter, const char *expression);

/* Whether it matches, as far as the bytes at @data tell. */
bool filter_matches(const struct filter *filter, const struct sample *sample,
		    const unsigned char *data);

void filter_close(struct filter *filter);

#endif /* FILTER_H */
