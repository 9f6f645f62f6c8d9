/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The live engine's memory, and its sums. Part of xdp_ping_live_kern.c. */
#ifndef LIVE_KERN_H
#define LIVE_KERN_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "xdp_ping.h"

const volatile struct ping_settings ping;

/* Shared by the programs and the command. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ping_state);
} ping_state_map SEC(".maps");

/* The targets: their frames, and on each CPU what has come of them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ping_frame);
} ping_frame_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ping_counts);
} ping_count_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ping_hist);
} ping_hist_map SEC(".maps");

static __always_inline struct ping_state *live_state(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&ping_state_map, &key);
}

/* Which target a request with this number is for. */
static __always_inline __u32 live_target(__u64 number)
{
	return ping.targets > 1 ? (__u32)((number - 1) % ping.targets) : 0;
}

/* Where ICMP begins: a setting decides, so the verifier knows a number. */
static __always_inline __u32 live_head(void)
{
	return ping.ipv6 ? sizeof(struct ethhdr) + sizeof(struct ipv6hdr) :
			   sizeof(struct ethhdr) + sizeof(struct iphdr);
}

/* The 16-bit words of a number that stands in the data, if it does. */
static __always_inline __u32 live_number_sum(__u64 number)
{
	if (ping.size < sizeof(number))
		return 0;
	return (number & 0xffff) + ((number >> 16) & 0xffff) + ((number >> 32) & 0xffff) +
	       (number >> 48);
}

/*
 * The 16-bit words of @len bytes added up, four at a time: their carries meet
 * in the upper half. @len is known to the verifier, which removes the rest.
 */
static __always_inline __u64 live_sum(const void *data, __u32 len)
{
	const __u64 *eight = data;
	const void *at = data + (len & ~7U);
	__u64 sum = 0;
	int i;

#pragma unroll
	for (i = 0; i < (PING_SIZE_MAX + 8) / 8; i++)
		if ((i + 1) * sizeof(*eight) <= len)
			sum += (eight[i] & 0xffffffff) + (eight[i] >> 32);
	if (len & 4)
		sum += *(const __u32 *)at;
	if (len & 2)
		sum += *(const __u16 *)(at + (len & 4));
	if (len & 1) /* the first byte of a word whose second is 0 */
		sum += bpf_htons(*(const __u8 *)(at + (len & 6)) << 8);
	return sum;
}

/* The checksum of such a sum. */
static __always_inline __u16 live_fold(__u64 sum)
{
	return csum_fold_helper((sum & 0xffff) + ((sum >> 16) & 0xffff) + (sum >> 32));
}

#endif /* LIVE_KERN_H */
