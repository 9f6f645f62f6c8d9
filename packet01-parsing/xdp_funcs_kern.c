// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* One job, counting up to eight VLAN tags, in three forms of a function. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"

#define MANY 6 /* a frame with so many tags is dropped */
#define HALF (VLAN_MAX_DEPTH / 2)
#define HALF_BYTES (HALF * sizeof(struct vlan_hdr))

/* Up to four tags. @pos is where an EtherType stands, the first or a tag's. */
static __always_inline int tags_inline(void *pos, void *data_end)
{
	int i;

	for (i = 0; i < HALF; i++) {
		if (pos + sizeof(__be16) > data_end)
			break;
		if (!proto_is_vlan(*(__be16 *)pos))
			break;
		pos += sizeof(struct vlan_hdr);
	}
	return i;
}

/* A subprogram: one piece of code, verified anew for each call (4.16). */
static __noinline int tags_sub(void *pos, void *data_end)
{
	return tags_inline(pos, data_end);
}

/*
 * A global function: verified once, for all its callers, so it is handed
 * numbers and the context, but no cursor into the packet (5.6).
 */
__noinline int tags_global(struct xdp_md *ctx, __u32 offset)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;

	if (offset > 2 * ETH_ALEN + HALF_BYTES) /* for the verifier */
		return 0;
	return tags_inline(data + offset, data_end);
}

SEC("xdp")
int xdp_func_inline(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *pos = (void *)(long)ctx->data + 2 * ETH_ALEN;
	int tags = tags_inline(pos, data_end);

	if (tags == HALF)
		tags += tags_inline(pos + HALF_BYTES, data_end);
	return tags < MANY ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int xdp_func_sub(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *pos = (void *)(long)ctx->data + 2 * ETH_ALEN;
	int tags = tags_sub(pos, data_end);

	if (tags == HALF)
		tags += tags_sub(pos + HALF_BYTES, data_end);
	return tags < MANY ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int xdp_func_global(struct xdp_md *ctx)
{
	int tags = tags_global(ctx, 2 * ETH_ALEN);

	if (tags == HALF)
		tags += tags_global(ctx, 2 * ETH_ALEN + HALF_BYTES);
	return tags < MANY ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
