/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Packets to be kept, in the language of tcpdump (pcap-filter(7)). A header of its
 * own, as those of libpcap and libbpf do not go together: both have a bpf_insn.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>

#include "xdp_sample_pkts.h"

struct filter;

/*
 * Compile @expression; NULL stores NULL, which matches everything. Returns 0, or
 * -errno after one error line; -EINVAL for a bad expression.
 */
int filter_open(struct filter **filter, const char *expression);

/* Whether the packet matches, as far as its copied bytes at @data show. */
bool filter_matches(const struct filter *filter, const struct sample *sample,
		    const unsigned char *data);

void filter_close(struct filter *filter);

#endif /* FILTER_H */
