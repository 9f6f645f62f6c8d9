/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Answers of a server of metrics, in the terms of libmicrohttpd. */
#ifndef COMMON_METRICS_REPLY_MHD_H
#define COMMON_METRICS_REPLY_MHD_H

#include <microhttpd.h>

#include "metrics_http.h"

/* Who writes the page. */
struct metrics_source {
	metrics_write_fn *write;
	void *arg;
};

/*
 * The library calls it for a request to the server of @source: when its head
 * is there, for each part of its body (@body_len is not 0), and at last.
 * Returns MHD_NO to hang up, where there is no memory for an answer.
 */
enum MHD_Result metrics_reply(void *source, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *body,
			      size_t *body_len, void **context);

#endif /* COMMON_METRICS_REPLY_MHD_H */
