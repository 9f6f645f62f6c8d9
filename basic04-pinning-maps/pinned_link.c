// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A bpf_link between program and interface, held by a pin. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "attach_replace.h"
#include "log.h"
#include "pinned_link.h"
#include "probe/probe.h"

static __u32 mode_flags(int mode)
{
	if (mode == XDP_MODE_SKB)
		return XDP_FLAGS_SKB_MODE;
	return mode == XDP_MODE_NATIVE ? XDP_FLAGS_DRV_MODE : 0;
}

/* Attach, pin, and let go: from here on the pin holds the link. */
static int attach_and_pin(struct attach *at, const char *folder)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = mode_flags(at->mode));
	char path[PATH_MAX];
	int fd, err = 0;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, PINNED_LINK_NAME) >= sizeof(path))
		return -ENAMETOOLONG;
	fd = bpf_link_create(xdp_program__fd(at->prog), at->dev.index, BPF_XDP, &opts);
	if (fd < 0)
		return probe_explain("xdp_link", fd);
	unlink(path); /* of a link that is no longer attached */
	if (bpf_obj_pin(fd, path))
		err = -errno;
	/* Without a pin this would be the end of the attachment. */
	close(fd);
	return err;
}

int pinned_link_load(struct attach *at, const struct netif *dev, const struct attach_opts *opts,
		     const char *folder)
{
	int err = attach_begin(at, dev, opts);

	if (err)
		return err;
	if (at->before.count) {
		pr_err("cannot attach to '%s' with a link: id %u ('%s') is "
		       "there (--unload-all makes room)",
		       dev->name, at->before.entry[0].id, at->before.entry[0].name);
		return attach_end(at, -ECANCELED);
	}
	err = attach_load_plain(at);
	if (!err)
		err = attach_and_pin(at, folder);
	return attach_end(at, err);
}
