// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Probes of AF_XDP: sockets that packets come to, with and without a copy. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <xdp/xsk.h>

#include "probe/probe_prog.h"

#define XSK_FRAMES 64
#define XSK_FRAME_SIZE 4096

/* An AF_XDP socket with all that belongs to it. Zeroed at first. */
struct probe_xsk {
	void *area;
	struct xsk_umem *umem;
	struct xsk_socket *socket;
	struct xsk_ring_prod fill;
	struct xsk_ring_cons completion, rx;
	struct xsk_ring_prod tx;
};

/* Bind to queue 0. Returns 0 or -errno. */
static int open_xsk(struct probe_xsk *xsk, __u16 bind_flags)
{
	const struct xsk_umem_config memory = {
		.fill_size = XSK_FRAMES,
		.comp_size = XSK_FRAMES,
		.frame_size = XSK_FRAME_SIZE,
	};
	const struct xsk_socket_config config = {
		.rx_size = XSK_FRAMES,
		.tx_size = XSK_FRAMES,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = bind_flags,
	};
	__u32 i, at;
	int err;

	xsk->area = aligned_alloc((size_t)getpagesize(), XSK_FRAMES * XSK_FRAME_SIZE);
	if (!xsk->area)
		return -ENOMEM;
	memset(xsk->area, 0, XSK_FRAMES * XSK_FRAME_SIZE);
	err = xsk_umem__create(&xsk->umem, xsk->area, XSK_FRAMES * XSK_FRAME_SIZE, &xsk->fill,
			       &xsk->completion, &memory);
	if (err)
		return err;
	err = xsk_socket__create(&xsk->socket, PROBE_DEV, 0, xsk->umem, &xsk->rx, &xsk->tx,
				 &config);
	if (err)
		return err;
	if (xsk_ring_prod__reserve(&xsk->fill, XSK_FRAMES, &at) != XSK_FRAMES)
		return -ENOBUFS;
	for (i = 0; i < XSK_FRAMES; i++)
		*xsk_ring_prod__fill_addr(&xsk->fill, at + i) = (__u64)i * XSK_FRAME_SIZE;
	xsk_ring_prod__submit(&xsk->fill, XSK_FRAMES);
	return 0;
}

static void close_xsk(struct probe_xsk *xsk)
{
	xsk_socket__delete(xsk->socket);
	if (xsk->umem)
		xsk_umem__delete(xsk->umem);
	free(xsk->area);
}

/* An XDP program on the device that hands every packet to the socket. */
static int steer(struct probe_env *env, struct probe_xsk *xsk)
{
	int fd, map = bpf_map_create(BPF_MAP_TYPE_XSKMAP, "probe", sizeof(__u32), sizeof(__u32), 1,
				     NULL);
	struct bpf_insn insns[] = {
		PROBE_MAP(1, map),	PROBE_SET(2, 0),
		PROBE_SET(3, XDP_PASS), PROBE_CALL(BPF_FUNC_redirect_map),
		PROBE_EXIT(),
	};

	if (map < 0)
		return probe_unsupported(env, "cannot make an XSKMAP: %s", probe_strerror(errno));
	fd = probe_prog_load(BPF_PROG_TYPE_XDP, insns, PROBE_N(insns), NULL);
	if (fd < 0 || xsk_socket__update_xskmap(xsk->socket, map) ||
	    bpf_xdp_attach(env->dev, fd, 0, NULL))
		return probe_unsupported(env, "cannot hand packets to a socket: %s",
					 probe_strerror(errno));
	return 1;
}

/* Count those of the frames received that were sent here. */
static unsigned int receive(struct probe_xsk *xsk)
{
	unsigned int count = 0;
	__u32 at, i, got;
	int n;

	for (n = 0; n < PROBE_WAIT_STEPS && count < PROBE_FRAMES; n++) {
		got = xsk_ring_cons__peek(&xsk->rx, XSK_FRAMES, &at);
		for (i = 0; i < got; i++) {
			const struct xdp_desc *desc = xsk_ring_cons__rx_desc(&xsk->rx, at + i);
			const struct ethhdr *eth = xsk_umem__get_data(xsk->area, desc->addr);

			count += eth->h_proto == htons(PROBE_ETHERTYPE);
		}
		xsk_ring_cons__release(&xsk->rx, got);
		if (!got)
			usleep(PROBE_WAIT_STEP_US);
	}
	return count;
}

static int try_af_xdp(struct probe_env *env)
{
	struct probe_xsk xsk = { 0 };
	unsigned int count;
	int works, err;

	works = probe_veths(env, PROBE_MTU);
	if (works <= 0)
		return works;
	err = open_xsk(&xsk, XDP_COPY | XDP_USE_NEED_WAKEUP);
	if (err)
		works = probe_unsupported(env, "cannot bind a socket: %s", probe_strerror(-err));
	if (works > 0)
		works = steer(env, &xsk);
	if (works > 0)
		works = probe_send(env, PROBE_FRAME_LEN);
	if (works > 0) {
		count = receive(&xsk);
		if (count != PROBE_FRAMES)
			works = probe_unsupported(env, "%d packets sent, %u received", PROBE_FRAMES,
						  count);
	}
	close_xsk(&xsk);
	return works;
}

static int try_af_xdp_zc(struct probe_env *env)
{
	struct probe_xsk xsk = { 0 };
	int works, err;

	works = probe_veths(env, PROBE_MTU);
	if (works <= 0)
		return works;
	err = open_xsk(&xsk, XDP_ZEROCOPY | XDP_USE_NEED_WAKEUP);
	if (err == -EOPNOTSUPP)
		works = probe_unsupported(
			env, "a veth has none, it needs a network card whose driver has it");
	else if (err)
		works = probe_unsupported(env, "cannot bind a socket: %s", probe_strerror(-err));
	close_xsk(&xsk);
	return works;
}

const struct probe probe_table_net[] = {
	PROBE("af_xdp", "AF_XDP sockets, packets copied", try_af_xdp,
	      "boot a kernel with CONFIG_XDP_SOCKETS=y"),
	PROBE("af_xdp_zc", "AF_XDP sockets without a copy", try_af_xdp_zc,
	      "nothing: packets are copied; or use a card whose driver has it"),
	{ 0 },
};
