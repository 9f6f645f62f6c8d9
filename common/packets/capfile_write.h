/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The bytes of capture files. Part of capfile; commands use packets/capfile.h. */
#ifndef COMMON_CAPFILE_WRITE_H
#define COMMON_CAPFILE_WRITE_H

#include <stddef.h>

#include "packets/capfile.h"

/* Nothing that is appended at once is longer. */
#define CAPFILE_APPEND_MAX (CAPFILE_SNAPLEN + 4096)

/* Where bytes are appended; there is room for them. */
struct capfile_bytes {
	unsigned char *data;
	size_t len;
};

/* Append what a file begins with. */
void capfile_put_pcap_header(struct capfile_bytes *to, const struct capfile_setup *setup);
void capfile_put_pcapng_header(struct capfile_bytes *to, const struct capfile_setup *setup);

/* Append @packet, of which CAPFILE_SNAPLEN bytes are kept at most. */
void capfile_put_pcap(struct capfile_bytes *to, const struct capfile_packet *packet);
void capfile_put_pcapng(struct capfile_bytes *to, const struct capfile_packet *packet,
			const struct capfile_note *note);

/*
 * How long that is what begins at @data: what a file begins with (@first), or
 * a packet, as the functions above have appended it.
 */
size_t capfile_length(const unsigned char *data, bool pcapng, bool first);

#endif /* COMMON_CAPFILE_WRITE_H */
