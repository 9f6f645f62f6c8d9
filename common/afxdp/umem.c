// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Memory for frames, registered with the kernel. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "afxdp/umem.h"
#include "log.h"

/* A ring's size is a power of 2. */
static unsigned int ring_size(unsigned int frames)
{
	unsigned int size = UMEM_FRAMES_MIN;

	while (size < frames)
		size *= 2;
	return size;
}

static int check_sizes(const struct umem_opts *opts)
{
	if (opts->frames < UMEM_FRAMES_MIN || opts->frames > UMEM_FRAMES_MAX) {
		pr_err("cannot use %u frames: from %d to %d are possible", opts->frames,
		       UMEM_FRAMES_MIN, UMEM_FRAMES_MAX);
		return -EINVAL;
	}
	/* The kernel wants them aligned: no frame crosses a page. */
	if (opts->frame_size != UMEM_FRAME_SIZE_MIN && opts->frame_size != UMEM_FRAME_SIZE) {
		pr_err("cannot use frames of %u bytes: they have %d or %d", opts->frame_size,
		       UMEM_FRAME_SIZE_MIN, UMEM_FRAME_SIZE);
		return -EINVAL;
	}
	if (opts->headroom > opts->frame_size / 2) {
		pr_err("cannot leave %u bytes of a frame of %u free", opts->headroom,
		       opts->frame_size);
		return -EINVAL;
	}
	return 0;
}

int umem_open(struct umem *umem, const struct umem_opts *opts, unsigned int sockets)
{
	int err;

	*umem = (struct umem){ .opts = *opts };
	if (!opts->frames)
		umem->opts.frames = UMEM_FRAMES;
	if (!opts->frame_size)
		umem->opts.frame_size = UMEM_FRAME_SIZE;
	err = check_sizes(&umem->opts);
	if (err)
		return err;
	umem->ring_size = ring_size(umem->opts.frames);
	umem->size = (size_t)sockets * umem->opts.frames * umem->opts.frame_size;
	umem->area = mmap(NULL, umem->size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (umem->area != MAP_FAILED)
		return 0;
	umem->area = NULL;
	pr_err("cannot get %zu KiB for frames: %s", umem->size >> 10, strerror(errno));
	return -ENOMEM;
}

/* Frames count as locked memory. Up to the hard limit everybody may raise that,
 * and who has CAP_SYS_RESOURCE any higher.
 */
static void raise_limit(void)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY }, now;

	if (!setrlimit(RLIMIT_MEMLOCK, &all))
		return;
	if (getrlimit(RLIMIT_MEMLOCK, &now))
		return;
	now.rlim_cur = now.rlim_max;
	setrlimit(RLIMIT_MEMLOCK, &now);
}

int umem_register(struct umem *umem, struct xsk_ring_prod *fill, struct xsk_ring_cons *comp)
{
	struct xsk_umem_config config = {
		.fill_size = umem->ring_size,
		.comp_size = umem->ring_size,
		.frame_size = umem->opts.frame_size,
		.frame_headroom = umem->opts.headroom,
	};
	int err;

	/* libxdp 1.3 counts on in these structs from what it finds there. */
	memset(fill, 0, sizeof(*fill));
	memset(comp, 0, sizeof(*comp));
	err = xsk_umem__create(&umem->umem, umem->area, umem->size, fill, comp, &config);
	if (err == -ENOBUFS) {
		raise_limit();
		err = xsk_umem__create(&umem->umem, umem->area, umem->size, fill, comp, &config);
	}
	if (err)
		umem->umem = NULL;
	return err;
}

void umem_close(struct umem *umem)
{
	if (umem->umem)
		xsk_umem__delete(umem->umem);
	if (umem->area)
		munmap(umem->area, umem->size);
	*umem = (struct umem){ 0 };
}
