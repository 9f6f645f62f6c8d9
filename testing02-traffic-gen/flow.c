// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Frames of one flow after the other, from the frame of the first. */
#include <arpa/inet.h>
#include <string.h>

#include <linux/udp.h>

#include "frame.h"
#include "packets/packet.h"

/* Only two words differ (RFC 1624; see packet02-rewriting). */
void frame_set_flow(struct frame *frame, const struct gen_opts *opts, unsigned int flow)
{
	unsigned char *at = frame->data + frame->head - sizeof(struct udphdr);
	struct udphdr udp;
	__u16 was, less;

	memcpy(&udp, at, sizeof(udp));
	was = ~udp.check;
	less = ~udp.source;
	udp.source = htons((__u16)(opts->sport + flow));
	udp.check = packet_fold((uint64_t)was + less + udp.source);
	if (!udp.check)
		udp.check = UDP_NO_ZERO;
	memcpy(at, &udp, sizeof(udp));
}

void frame_settings(const struct frame *frame, const struct gen_opts *opts,
		    struct gen_settings *gen)
{
	size_t len = sizeof(gen->word);

	memset(gen, 0, sizeof(*gen));
	memcpy(gen->word, frame->data, frame->len < len ? frame->len : len);
	memcpy(&gen->last, frame->data + frame->head - sizeof(gen->last), sizeof(gen->last));
	gen->len = frame->head;
	gen->flows = opts->flows;
	gen->sport = (__u16)opts->sport;
}
