// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs for bench_user that know if a run finds the packet of the first. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define WORDS 7 /* of 8 bytes, that are looked at */
#define MOVE 4

struct first {
	__u64 is_there, length;
	__u64 others; /* packets that were not this one */
	__u64 word[WORDS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct first);
	__uint(max_entries, 1);
} first_map SEC(".maps");

/*
 * Remember the first packet; ABORTED when this is another one, and with
 * @for_good ever after.
 */
static __always_inline int compare(struct xdp_md *ctx, int for_good)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	__u64 *word = data;
	struct first *first;
	__u64 other = 0;
	__u32 key = 0;
	int i;

	first = bpf_map_lookup_elem(&first_map, &key);
	if (!first || (void *)(word + WORDS) > data_end)
		return XDP_ABORTED;
#pragma unroll
	for (i = 0; i < WORDS; i++) {
		if (!first->is_there)
			first->word[i] = word[i];
		other |= first->word[i] ^ word[i];
	}
	if (!first->is_there)
		first->length = data_end - data;
	other |= first->length ^ (data_end - data);
	first->is_there = 1;
	if (other)
		first->others++;
	return other || (for_good && first->others) ? XDP_ABORTED : XDP_PASS;
}

/* Bytes here and there. */
static __always_inline void change(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u8 *byte = (void *)(long)ctx->data;

	if ((void *)(byte + 8 * WORDS) > data_end)
		return;
	byte[5]++;
	byte[22]--;
	byte[37]++;
	byte[8 * WORDS - 1]++;
}

SEC("xdp")
int bench_bytes_func(struct xdp_md *ctx)
{
	int action = compare(ctx, 1);

	change(ctx);
	return action;
}

SEC("xdp")
int bench_shorter_func(struct xdp_md *ctx)
{
	int action = compare(ctx, 1);

	change(ctx);
	return bpf_xdp_adjust_head(ctx, MOVE) ? XDP_ABORTED : action;
}

SEC("xdp")
int bench_longer_func(struct xdp_md *ctx)
{
	int action = compare(ctx, 1);

	if (bpf_xdp_adjust_head(ctx, -MOVE))
		return XDP_ABORTED;
	change(ctx);
	return action;
}

/* A byte that the first run may leave alone: found out in later ones. */
SEC("xdp")
int bench_sometimes_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u8 *byte = (void *)(long)ctx->data;
	int action = compare(ctx, 0);

	if ((void *)(byte + 1) <= data_end && bpf_get_prandom_u32() % 16 == 0)
		(*byte)++;
	return action;
}

/* What is not put back. */
SEC("xdp")
int bench_end_func(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_tail(ctx, -1) ? XDP_ABORTED : XDP_PASS;
}

SEC("xdp")
int bench_meta_func(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_meta(ctx, -MOVE) ? XDP_ABORTED : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
