// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* One job, counting up to eight VLAN tags, in three forms of a loop. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"

#define MANY 6 /* a frame with so many tags is dropped */

/* @pos is where an EtherType stands: does it announce a tag? */
static __always_inline int is_tag(void *pos, void *data_end)
{
	__be16 *h_proto = pos;

	return (void *)(h_proto + 1) <= data_end && proto_is_vlan(*h_proto);
}

/* The loop is gone: clang writes its body eight times. */
SEC("xdp")
int xdp_loop_unrolled(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *pos = (void *)(long)ctx->data + 2 * ETH_ALEN;
	int i;

#pragma unroll
	for (i = 0; i < VLAN_MAX_DEPTH; i++) {
		if (!is_tag(pos, data_end))
			break;
		pos += sizeof(struct vlan_hdr);
	}
	return i < MANY ? XDP_PASS : XDP_DROP;
}

/* It stays a loop, and the verifier walks through it round by round (5.3). */
SEC("xdp")
int xdp_loop_bounded(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *pos = (void *)(long)ctx->data + 2 * ETH_ALEN;
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < VLAN_MAX_DEPTH; i++) {
		if (!is_tag(pos, data_end))
			break;
		pos += sizeof(struct vlan_hdr);
	}
	return i < MANY ? XDP_PASS : XDP_DROP;
}

struct walk {
	void *pos, *data_end;
};

/* One round; what it returns other than 0 ends the loop. */
static long next_tag(__u32 i, struct walk *walk)
{
	/* For the verifier, which knows nothing of i here. */
	if (i >= VLAN_MAX_DEPTH)
		return 1;
	return !is_tag(walk->pos + i * sizeof(struct vlan_hdr), walk->data_end);
}

/* The kernel calls the body, the verifier looks at it once or twice (5.17). */
SEC("xdp")
int xdp_loop_helper(struct xdp_md *ctx)
{
	struct walk walk = { .pos = (void *)(long)ctx->data + 2 * ETH_ALEN,
			     .data_end = (void *)(long)ctx->data_end };

	/*
	 * It returns the number of rounds, the one that found no tag among
	 * them. A counter in walk would be wrong before 6.7: that verifier
	 * thinks it is 1 at most behind the loop.
	 */
	return bpf_loop(VLAN_MAX_DEPTH, next_tag, &walk, 0) > MANY ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
