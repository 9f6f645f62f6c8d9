/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The UMEM: memory that the kernel and the sockets of AF_XDP share, cut into
 * frames of one size. Packets are received into it and sent from it; the rings
 * carry no pointers but offsets into it. Sockets of several queues share one
 * UMEM, and each has its own part of the frames, so that their threads never
 * wait for each other. Taught in advanced03-AF_XDP; see also
 * Documentation/networking/af_xdp.rst of the kernel.
 */
#ifndef COMMON_UMEM_H
#define COMMON_UMEM_H

#include <stddef.h>
#include <stdint.h>

#include <xdp/xsk.h>

#define UMEM_FRAMES 4096 /* of a socket, if nothing was said */
#define UMEM_FRAMES_MIN 64
#define UMEM_FRAMES_MAX 65536
#define UMEM_FRAME_SIZE 4096
#define UMEM_FRAME_SIZE_MIN 2048

/* Zeros are the defaults. */
struct umem_opts {
	unsigned int frames; /* of each socket */
	unsigned int frame_size; /* bytes: 2048 or 4096 */
	unsigned int headroom; /* bytes that stay free before a packet */
};

struct umem {
	void *area;
	size_t size; /* bytes */
	struct umem_opts opts; /* no zeros but in headroom */
	unsigned int ring_size; /* entries, in every ring: as many as frames */
	unsigned int sockets; /* that have taken their part */
	struct xsk_umem *umem; /* libxdp's; NULL: not registered */
};

/*
 * Allocate memory for @sockets sockets. Returns 0; or after one error line
 * -EINVAL for sizes that cannot be, -ENOMEM. To be released with umem_close(),
 * when all sockets are closed, also when it was only zeroed.
 */
int umem_open(struct umem *umem, const struct umem_opts *opts, unsigned int sockets);
void umem_close(struct umem *umem);

/*
 * Register the memory with the kernel. The rings are those of the first socket,
 * which libxdp makes together with this. Returns 0 or -errno without a message:
 * -EPERM without CAP_NET_RAW, -ENOBUFS where the memory exceeds RLIMIT_MEMLOCK
 * (without CAP_IPC_LOCK), -EAFNOSUPPORT where the kernel has no AF_XDP.
 */
int umem_register(struct umem *umem, struct xsk_ring_prod *fill, struct xsk_ring_cons *comp);

/* The bytes at offset @addr, as a descriptor has it. */
static inline void *umem_data(const struct umem *umem, uint64_t addr)
{
	return (char *)umem->area + addr;
}

#endif /* COMMON_UMEM_H */
