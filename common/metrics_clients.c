// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Who is connected, and who has to go. */
#include <sys/socket.h>

#include "metrics_clients.h"
#include "stats.h"

void metrics_clients_init(struct metrics_clients *clients)
{
	int i;

	for (i = 0; i < METRICS_CLIENTS_MAX; i++)
		clients->at[i].fd = -1;
}

static void hang_up(struct metrics_client *client)
{
	shutdown(client->fd, SHUT_RDWR);
	client->fd = -1;
}

void metrics_clients_begin(struct metrics_clients *clients, int fd)
{
	struct metrics_client *to = clients->at;
	int i;

	/* One that is free, else the oldest. */
	for (i = 0; i < METRICS_CLIENTS_MAX && to->fd >= 0; i++)
		if (clients->at[i].fd < 0 || clients->at[i].since < to->since)
			to = &clients->at[i];
	if (to->fd >= 0)
		hang_up(to);
	to->fd = fd;
	to->since = monotonic_now();
}

void metrics_clients_end(struct metrics_clients *clients, int fd)
{
	int i;

	for (i = 0; i < METRICS_CLIENTS_MAX; i++)
		if (clients->at[i].fd == fd)
			clients->at[i].fd = -1;
}

void metrics_clients_expire(struct metrics_clients *clients)
{
	double limit = monotonic_now() - METRICS_CLIENT_SECONDS;
	int i;

	for (i = 0; i < METRICS_CLIENTS_MAX; i++)
		if (clients->at[i].fd >= 0 && clients->at[i].since < limit)
			hang_up(&clients->at[i]);
}
