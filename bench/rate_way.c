// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The ways of frames: what a program needs, and what arrives. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "rate.h"
#include "log.h"
#include "maps.h"
#include "settings.h"

#define PORT_OF_MAP 0 /* of tx_port, for redirect_params */

static int put(const struct rate_case *one, const char *map, const void *key,
	       const void *value)
{
	int fd = maps_find(one->at.obj, map);

	if (fd < 0)
		return -ENOEXEC;
	if (!bpf_map_update_elem(fd, key, value, BPF_ANY))
		return 0;
	pr_err("cannot fill map '%s': %s", map, strerror(errno));
	return -EIO;
}

static int set_redirect(struct rate_case *one, const struct rate_lab *lab)
{
	__u32 index = (__u32)lab->out.dev.index;
	int err = settings_set(one->at.obj, "redirect_ifindex", &index,
			       sizeof(index));

	if (err)
		return err;
	return settings_set(one->at.obj, "redirect_mac", lab->far.mac.addr,
			    sizeof(lab->far.mac.addr));
}

static int fill_map(struct rate_case *one, const struct rate_lab *lab)
{
	__u32 key = PORT_OF_MAP, index = (__u32)lab->out.dev.index;
	int err = put(one, "tx_port", &key, &index);

	if (err)
		return err;
	return put(one, "redirect_params", lab->send.mac.addr,
		   lab->far.mac.addr);
}

static int set_direct(struct rate_case *one, const struct rate_lab *lab)
{
	__u32 flags = BPF_FIB_LOOKUP_DIRECT;

	(void)lab; /* the same in each */
	return settings_set(one->at.obj, "router_flags", &flags, sizeof(flags));
}

static int fill_router(struct rate_case *one, const struct rate_lab *lab)
{
	__u32 index = (__u32)lab->out.dev.index;

	return put(one, "tx_port", &index, &index);
}

/* clang-format off */
static const struct rate_way ways[] = {
	{ .name = "drop", .end = RATE_AT_RECV },
	{ .name = "pass", .end = RATE_AT_STACK },
	{ .name = "back", .end = RATE_AT_SEND },
	{ .name = "echo", .end = RATE_AT_SEND, .answered = true },
	{ .name = "redirect", .end = RATE_AT_FAR, .resent = true,
	  .set = set_redirect },
	{ .name = "map", .end = RATE_AT_FAR, .resent = true,
	  .fill = fill_map },
	{ .name = "router", .end = RATE_AT_FAR, .routed = true,
	  .fill = fill_router },
	{ .name = "direct", .end = RATE_AT_FAR, .routed = true,
	  .fill = fill_router, .set = set_direct },
	{ .name = "forward", .end = RATE_AT_FAR, .routed = true },
};
/* clang-format on */

const struct rate_way *rate_way_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(name, ways[i].name))
			return &ways[i];
	return NULL;
}
