/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What came in on the socket: is it an answer, and is it right? */
#ifndef REPLY_H
#define REPLY_H

#include "history.h"
#include "ping.h"

enum reply_kind {
	REPLY_GOOD, /* an answer to a request that was sent */
	REPLY_DAMAGED, /* of somebody who was asked, with something wrong */
	REPLY_FOREIGN, /* addresses or id are others */
	REPLY_ERROR, /* ICMP says that a request did not arrive */
};

struct reply {
	struct packet packet;
	uint64_t number; /* of the request; 0: it is not known */
	struct target *target; /* who was asked; NULL: not known */
	uint8_t type, code; /* of ICMP */
	uint16_t id, sequence; /* of the request, in host byte order */
	const char *wrong; /* what is; NULL: nothing */
};

/*
 * Look at all of the @len bytes of @frame, whatever they are. A good answer has
 * the addresses, checksums, id, sequence and data that it has to have. What it
 * points to stays in the frame.
 */
enum reply_kind reply_read(const struct ping *ping, const struct history *history,
			   const void *frame, size_t len, struct reply *reply);

#endif /* REPLY_H */
