// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * A packet socket: whole frames, sixty-four of them in a system call. What the
 * stack does for each makes it several times slower than live frames.
 *
 * PACKET_QDISC_BYPASS would make it a little faster, and is left alone: seen on
 * 6.12, the kernel divides by the number of queues, and dies, where the
 * interface is removed in between (packet_xmit).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>

#include "gen.h"

#define BATCH 64
#define HEAD_MAX 128 /* more than all headers together */

struct packet_socket {
	const struct gen_opts *opts;
	int fd;
	unsigned int flow; /* the next one */
	unsigned long long sent;
	struct frame frame;
	struct mmsghdr message[BATCH];
	struct iovec part[BATCH][2]; /* headers, and the same payload for all */
	unsigned char head[BATCH][HEAD_MAX];
};

static int open_socket(const struct netif *dev)
{
	const struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_ifindex = dev->index,
	};
	int fd, err;

	/* Protocol 0: it receives nothing. */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr))) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int packet_socket_open(const struct frame *frame, const struct gen_opts *opts,
		       struct packet_socket **out)
{
	int i, fd = open_socket(&opts->dev);
	struct packet_socket *ps;

	if (fd < 0)
		return fd;
	ps = calloc(1, sizeof(*ps));
	if (!ps) {
		close(fd);
		return -ENOMEM;
	}
	ps->opts = opts;
	ps->fd = fd;
	ps->frame = *frame;
	for (i = 0; i < BATCH; i++) {
		ps->part[i][0] = (struct iovec){ ps->head[i], frame->head };
		ps->part[i][1] = (struct iovec){ ps->frame.data + frame->head,
						 frame->len - frame->head };
		ps->message[i].msg_hdr.msg_iov = ps->part[i];
		ps->message[i].msg_hdr.msg_iovlen = 2;
	}
	*out = ps;
	return 0;
}

/* The headers of the next @count frames. */
static void fill(struct packet_socket *ps, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		frame_set_flow(&ps->frame, ps->opts, (ps->flow + i) % ps->opts->flows);
		memcpy(ps->head[i], ps->frame.data, ps->frame.head);
	}
}

int packet_socket_send(struct packet_socket *ps, unsigned int count)
{
	unsigned int n;
	int done;

	while (count) {
		n = count < BATCH ? count : BATCH;
		fill(ps, n);
		done = sendmmsg(ps->fd, ps->message, n, 0);
		if (done < 0 && errno == EINTR)
			return 0;
		if (done < 0 && errno != ENOBUFS)
			return -errno;
		/* No room for the first one: it is lost, as on a wire. */
		if (done < 0)
			done = 1;
		ps->sent += (unsigned int)done;
		ps->flow = (ps->flow + (unsigned int)done) % ps->opts->flows;
		count -= (unsigned int)done;
	}
	return 0;
}

unsigned long long packet_socket_sent(const struct packet_socket *ps)
{
	return ps->sent;
}

void packet_socket_close(struct packet_socket *ps)
{
	if (!ps)
		return;
	close(ps->fd);
	free(ps);
}
