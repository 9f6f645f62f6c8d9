/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Those who are connected to a server of metrics, and for how long: so that
 * nobody who is slow, silent or many keeps the others from being answered.
 */
#ifndef COMMON_METRICS_CLIENTS_H
#define COMMON_METRICS_CLIENTS_H

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

#endif /* COMMON_METRICS_CLIENTS_H */
