// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The frame that all others are copies of, and the frames' way out: live frames,
 * with the call bare (common/packets/live.c is the same for others, and knows what
 * makes it quick); a packet socket; and which of them it is.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_packet.h>
#include <linux/udp.h>

#include "attach.h"
#include "gen.h"
#include "linux_compat.h"
#include "log.h"
#include "maps.h"
#include "net/peer.h"
#include "packets/packet.h"
#include "probe/probe.h"
#include "rodata.h"

#define HOPS 64
#define UDP_NO_ZERO 0xffff /* a checksum of 0 says that there is none */
#define BATCH 64
#define HEAD_MAX 128 /* more than all headers together */

/* The frame of flow 0, from the Ethernet header to the last byte, addresses being known. */
static void build_frame(struct frame *frame, const struct gen_opts *opts)
{
	const struct packet_ends ends = { .src_mac = opts->src_mac,
					  .dst_mac = opts->dst_mac,
					  .src = opts->src,
					  .dst = opts->dst };
	unsigned char *at = frame->data;
	size_t len = opts->size - opts->head;
	unsigned int i;

	frame->len = opts->size;
	for (i = 0; i < frame->len; i++)
		frame->data[i] = (unsigned char)i;
	at += packet_put_eth(at, &ends, opts->vlan);
	at += packet_put_ip(at, &ends, IPPROTO_UDP, HOPS, len + sizeof(struct udphdr));
	packet_put_udp(at, &ends, (uint16_t)opts->sport, (uint16_t)opts->dport, len);
}

/* The settings with which the program writes the headers of all flows. */
static struct gen_settings settings_of(const struct frame *frame, const struct gen_opts *opts)
{
	struct gen_settings gen = { .len = opts->head,
				    .flows = opts->flows,
				    .sport = (__u16)opts->sport };
	size_t len = sizeof(gen.word);

	memcpy(gen.word, frame->data, frame->len < len ? frame->len : len);
	memcpy(&gen.last, frame->data + opts->head - sizeof(gen.last), sizeof(gen.last));
	return gen;
}

/* The devmap through which the program redirects, and its variables. */
static int connect_maps(struct live_sender *ls, const struct netif *dev)
{
	__u32 key = 0, ifindex = (__u32)dev->index;
	int devmap;

	devmap = maps_find(ls->at.obj, "gen_dev");
	ls->state = maps_find(ls->at.obj, ".bss");
	if (devmap < 0 || ls->state < 0)
		return -ENOEXEC;
	if (!bpf_map_update_elem(devmap, &key, &ifindex, BPF_ANY))
		return 0;
	pr_err("cannot send through '%s': %s", dev->name, strerror(errno));
	return -ENODEV;
}

static int open_live(struct live_sender *ls, const struct frame *frame, const struct gen_opts *opts)
{
	const struct attach_opts own = { 0 };
	const struct gen_settings gen = settings_of(frame, opts);
	struct bpf_program *prog;
	int err;

	err = attach_open(&ls->at, &own, "xdp_gen_kern.o", "xdp_gen_func");
	if (err)
		return err;
	err = rodata_set(ls->at.obj, "gen", &gen, sizeof(gen));
	if (!err)
		err = attach_load_only(&ls->at, &prog);
	if (!err)
		err = connect_maps(ls, &opts->dev);
	if (!err)
		live_open(&ls->live, bpf_program__fd(prog));
	return err;
}

static unsigned long long live_sent(const struct live_sender *ls)
{
	struct gen_state state = { 0 };
	__u32 key = 0;

	/* An array of one element has that element: this cannot fail. */
	bpf_map_lookup_elem(ls->state, &key, &state);
	return state.sent;
}

/*
 * BPF_PROG_RUN with live frames: the kernel makes @count copies of the frame, runs
 * the program on each, and does what it returns. Returns when that is done.
 */
static int run_live(int prog_fd, const struct frame *frame, unsigned int count)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->data, .data_size_in = frame->len,
		    .repeat = (int)count, .batch_size = LIVE_BATCH,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);

	return bpf_prog_test_run_opts(prog_fd, &opts) ? -errno : 0;
}

/* Returns 0, also when a signal has cut it short; -ENODEV: the interface is gone. */
static int send_live(struct live_sender *ls, const struct frame *frame, unsigned int count)
{
	unsigned long long before = live_sent(ls);
	int err = count ? run_live(ls->live.prog_fd, frame, count) : 0;

	if (err == -EINTR)
		return 0;
	/* With its interface an element of a devmap vanishes. */
	return !err && live_sent(ls) == before ? -ENODEV : err;
}

static void close_live(struct live_sender *ls)
{
	live_close(&ls->live);
	attach_close(&ls->at);
}

/*
 * A packet socket: whole frames, sixty-four of them in a system call. What the
 * stack does for each makes it several times slower than live frames.
 *
 * PACKET_QDISC_BYPASS would make it a little faster, and is left alone: seen on
 * 6.12, the kernel divides by the number of queues, and dies, where the
 * interface is removed in between (packet_xmit).
 */
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

static int bind_socket(const struct netif *dev)
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

static int open_packet_socket(const struct frame *frame, const struct gen_opts *opts,
			      struct packet_socket **out)
{
	int i, fd = bind_socket(&opts->dev);
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
		ps->part[i][0] = (struct iovec){ ps->head[i], opts->head };
		ps->part[i][1] = (struct iovec){ ps->frame.data + opts->head,
						 frame->len - opts->head };
		ps->message[i].msg_hdr.msg_iov = ps->part[i];
		ps->message[i].msg_hdr.msg_iovlen = 2;
	}
	*out = ps;
	return 0;
}

/* Another source port, and the checksum that follows from that (RFC 1624; see packet02). */
static void set_flow(struct frame *frame, const struct gen_opts *opts, unsigned int flow)
{
	unsigned char *at = frame->data + opts->head - sizeof(struct udphdr);
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

/* The headers of the next @count frames. */
static void write_heads(struct packet_socket *ps, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		set_flow(&ps->frame, ps->opts, (ps->flow + i) % ps->opts->flows);
		memcpy(ps->head[i], ps->frame.data, ps->opts->head);
	}
}

/* Returns 0, also when a signal has cut it short. The interface counts its drops. */
static int send_packets(struct packet_socket *ps, unsigned int count)
{
	unsigned int n;
	int done;

	while (count) {
		n = count < BATCH ? count : BATCH;
		write_heads(ps, n);
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

static void close_packet_socket(struct packet_socket *ps)
{
	if (!ps)
		return;
	close(ps->fd);
	free(ps);
}

static int open_socket(struct sender *sender)
{
	const struct netif *dev = &sender->opts->dev;
	int err = open_packet_socket(&sender->frame, sender->opts, &sender->socket);

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
	build_frame(&sender->frame, opts);
	if (opts->packet_socket)
		return open_socket(sender);
	if (peer_check_redirect(&opts->dev, reason, sizeof(reason)) <= 0)
		return open_live(&sender->live, &sender->frame, opts);
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
		return send_packets(sender->socket, count);
	err = send_live(&sender->live, &sender->frame, count);
	if (!err || err == -ENODEV || live_sent(&sender->live))
		return err;
	err = explain_refusal(sender, err);
	return err ? err : send_packets(sender->socket, count);
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
	return sender->socket ? sender->socket->sent : live_sent(&sender->live);
}

void sender_close(struct sender *sender)
{
	close_packet_socket(sender->socket);
	close_live(&sender->live);
}
