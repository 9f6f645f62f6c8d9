// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Which way the frames leave. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gen.h"
#include "log.h"
#include "net/peer.h"
#include "probe/probe.h"

static int open_socket(struct sender *sender)
{
	const struct netif *dev = &sender->opts->dev;
	int err = packet_socket_open(&sender->frame, sender->opts, &sender->socket);

	if (err)
		pr_err("cannot open a packet socket on '%s': %s%s", dev->name, strerror(-err),
		       err == -EPERM ? " (run it as root)" : "");
	return err;
}

/* Without live frames, and why. */
static int fall_back(struct sender *sender, const char *reason)
{
	pr_info("sending through a packet socket, some hundred thousand "
		"packets a second and not millions: %s",
		reason);
	return open_socket(sender);
}

int sender_open(struct sender *sender, const struct gen_opts *opts)
{
	char reason[PEER_REASON_MAX], text[PEER_REASON_MAX + 64];

	sender->opts = opts;
	frame_build(&sender->frame, opts);
	if (opts->packet_socket)
		return open_socket(sender);
	if (peer_check_redirect(&opts->dev, reason, sizeof(reason)) <= 0)
		return live_sender_open(&sender->live, &sender->frame, opts);
	snprintf(text, sizeof(text), "cannot redirect to '%s': %s", opts->dev.name, reason);
	return fall_back(sender, text);
}

/* The kernel did not take the very first frames. */
static int explain_refusal(struct sender *sender, int err)
{
	char reason[PROBE_REASON_MAX], text[PROBE_REASON_MAX + 64];
	int works = probe_feature("live_frames", reason, sizeof(reason));

	if (works > 0 && err == -EINVAL)
		snprintf(text, sizeof(text), "%u bytes are more than a live frame has room for",
			 sender->frame.len);
	else if (!works)
		snprintf(text, sizeof(text), "this kernel has no live frames (%s)", reason);
	else
		return err;
	return fall_back(sender, text);
}

static int send_frames(struct sender *sender, unsigned int count)
{
	int err;

	if (sender->socket)
		return packet_socket_send(sender->socket, count);
	err = live_sender_send(&sender->live, &sender->frame, count);
	if (!err || err == -ENODEV || live_sender_sent(&sender->live))
		return err;
	err = explain_refusal(sender, err);
	return err ? err : packet_socket_send(sender->socket, count);
}

int sender_send(struct sender *sender, unsigned int count)
{
	int err = send_frames(sender, count);
	struct link link;

	if (!err)
		return 0;
	/* Gone, or down? It says so itself. */
	if (link_get(&sender->opts->dev, &link))
		return -ENODEV;
	pr_err("cannot send through '%s': %s", sender->opts->dev.name, strerror(-err));
	return -ENODEV;
}

unsigned long long sender_sent(const struct sender *sender)
{
	return sender->socket ? packet_socket_sent(sender->socket) :
				live_sender_sent(&sender->live);
}

void sender_close(struct sender *sender)
{
	packet_socket_close(sender->socket);
	live_sender_close(&sender->live);
}
