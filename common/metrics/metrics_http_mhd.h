/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Those who are connected to a server of metrics, and for how long: so that
 * nobody who is slow, silent or many keeps the others from being answered.
 */
#ifndef COMMON_METRICS_HTTP_MHD_H
#define COMMON_METRICS_HTTP_MHD_H

#include <microhttpd.h>
#include <stddef.h>

#include "metrics/metrics_http.h"
#include "netif.h"

#define METRICS_CLIENTS_MAX 32
/* From connecting to the last byte of the answer, however slowly it goes. */
#define METRICS_CLIENT_SECONDS 10

struct metrics_client {
	int fd; /* -1: nobody */
	double since; /* seconds on the monotonic clock */
};

struct metrics_clients {
	struct metrics_client at[METRICS_CLIENTS_MAX];
};

/* Nobody is connected. */
void metrics_clients_init(struct metrics_clients *clients);

/*
 * Somebody has connected on socket @fd. When there are too many, the one that
 * is there longest is disconnected: its socket is shut down, and for its owner
 * to close, who sees it ended.
 */
void metrics_clients_begin(struct metrics_clients *clients, int fd);

/* Socket @fd is about to be closed. */
void metrics_clients_end(struct metrics_clients *clients, int fd);

/* Disconnect those whose time is over. */
void metrics_clients_expire(struct metrics_clients *clients);

/* Where metrics are served: an address and a port, and a socket there. */

/* "http://[IPv6 address]:port/metrics" fits. */
#define METRICS_URL_MAX 80

struct metrics_addr {
	struct netif_addr addr;
	unsigned short port; /* 0: the kernel chooses one that is free */
};

/*
 * Read "[ADDR:]PORT": without ADDR it is 127.0.0.1, which nobody outside of
 * the machine can reach; an IPv6 address stands in brackets. Returns 0, or
 * -EINVAL with *@addr as it was.
 */
int metrics_parse(const char *text, struct metrics_addr *addr);

/*
 * Listen there. Returns a socket that does not block, for the caller to close,
 * and stores the page's address in @url; or -errno. "[::]" is every address,
 * those of IPv4 too unless net.ipv6.bindv6only is set.
 */
int metrics_listen(const struct metrics_addr *addr, char url[METRICS_URL_MAX]);

/* Answers of a server of metrics, in the terms of libmicrohttpd. */

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

#endif /* COMMON_METRICS_HTTP_MHD_H */
