// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Instructions that store bytes of a packet. */
#include <linux/if_ether.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "put_back.h"
#include "writer.h"

/* Smaller gaps between changed bytes are put back as well. */
#define GAP 8

unsigned int writer_cover(const bool *changed, unsigned int len, bool *to)
{
	unsigned int i, end = 0;

	memcpy(to, changed, len);
	for (i = 0; i < ETH_HLEN; i++)
		if (changed[i])
			memset(to, true, ETH_HLEN);
	for (i = 0; i < len; i++) {
		if (!to[i])
			continue;
		/* Headers begin at even bytes, and so do their members. */
		if (i % 2)
			to[i - 1] = true;
		if (end && i - end < GAP)
			memset(to + end, true, i - end);
		end = i + 1;
		if (end % 2 && end < len)
			to[end++] = true;
	}
	return end;
}

/* Store the @size bytes at @data, 8 or a smaller power of 2, at @off. */
static void store(struct writer *w, const unsigned char *data, unsigned int off, unsigned int size)
{
	__s32 half[2] = { *data };
	__u16 two;

	switch (size) {
	case 8:
		memcpy(half, data, sizeof(half));
		put(w, WIDE, BPF_REG_5, 0, 0, half[0]);
		put(w, 0, 0, 0, 0, half[1]);
		put(w, STORE, BPF_REG_2, BPF_REG_5, (int)off, 0);
		return;
	case 4:
		memcpy(half, data, sizeof(*half));
		put(w, STORE_NUMBER | BPF_W, BPF_REG_2, 0, (int)off, half[0]);
		return;
	case 2:
		memcpy(&two, data, sizeof(two));
		put(w, STORE_NUMBER | BPF_H, BPF_REG_2, 0, (int)off, two);
		return;
	default:
		put(w, STORE_NUMBER | BPF_B, BPF_REG_2, 0, (int)off, half[0]);
	}
}

void writer_store(struct writer *w, const struct bench_packet *packet, const bool *bytes,
		  unsigned int max)
{
	unsigned int i = 0, size, n;

	while (i < packet->len) {
		for (n = 0; n < 8 && i + n < packet->len && bytes[i + n]; n++)
			;
		for (size = 8; size > n; size /= 2)
			;
		if (size)
			store(w, packet->data + i, i + size > max ? 0 : i, size);
		i += size ? size : 1;
	}
}
