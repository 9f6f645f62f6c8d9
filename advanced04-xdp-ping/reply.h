/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A frame that came in on a socket: is it an answer, and is all of it right? */
#ifndef REPLY_H
#define REPLY_H

#include "history.h"
#include "ping.h"

enum reply_kind {
	REPLY_GOOD, /* an answer to a request that was sent */
	REPLY_DAMAGED, /* from a target, with something wrong in it */
	REPLY_FOREIGN, /* with other addresses, or another id */
	REPLY_ERROR, /* ICMP says that a request did not arrive */
};

struct reply {
	struct packet packet;
	uint64_t number; /* of the request; 0: not known */
	struct target *target; /* of the request; NULL: not known */
	uint8_t type, code; /* of ICMP */
	uint16_t id, sequence; /* of the request, in host byte order */
	const char *wrong; /* what is wrong; NULL: nothing */
};

/*
 * Read all of the @len bytes of @frame, which may be anything. A good answer has
 * the addresses, checksums, id, sequence and data that follow from its request.
 * @reply points into the frame.
 */
enum reply_kind reply_read(const struct ping *ping, const struct history *history,
			   const void *frame, size_t len, struct reply *reply);

#endif /* REPLY_H */
