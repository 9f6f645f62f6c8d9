// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Answer to assignment 08: UDP behind a chain of extension headers. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

#define CHAIN_MAX 4
#define IP6_FRAG_OFFSET 0xfff8

/* How an extension header begins; none has less than these 8 bytes. */
struct ext_hdr {
	__u8 nexthdr;
	__u8 hdrlen; /* in units of 8 bytes, the first 8 not counted */
	__be16 frag_off; /* in a fragment header; in others, some data */
	__be32 data;
};

/* Drop UDP to port 53 over IPv6, behind up to CHAIN_MAX extension headers. */
SEC("xdp")
int xdp_chain_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	__u32 action = XDP_PASS;
	struct ipv6hdr *ip6h;
	struct ext_hdr *ext;
	struct udphdr *udph;
	__u8 nexthdr;
	void *pos;
	int i;

	if ((void *)(eth + 1) > data_end)
		goto out;
	if (eth->h_proto != bpf_htons(ETH_P_IPV6))
		goto out;
	ip6h = (void *)(eth + 1);
	if ((void *)(ip6h + 1) > data_end)
		goto out;
	nexthdr = ip6h->nexthdr;
	pos = ip6h + 1;

	for (i = 0; i < CHAIN_MAX; i++) {
		if (nexthdr != IPPROTO_HOPOPTS && nexthdr != IPPROTO_ROUTING &&
		    nexthdr != IPPROTO_DSTOPTS && nexthdr != IPPROTO_FRAGMENT)
			break;
		ext = pos;
		if ((void *)(ext + 1) > data_end)
			goto out;
		if (nexthdr == IPPROTO_FRAGMENT) {
			/* Only the part with offset 0 begins with a header of UDP. */
			if (ext->frag_off & bpf_htons(IP6_FRAG_OFFSET))
				goto out;
			/* It has no length: its second byte is reserved. */
			pos += sizeof(*ext);
		} else {
			pos += (ext->hdrlen + 1) * 8;
		}
		nexthdr = ext->nexthdr;
	}
	if (nexthdr != IPPROTO_UDP)
		goto out;
	udph = pos;
	if ((void *)(udph + 1) > data_end)
		goto out;
	if (udph->dest == bpf_htons(53))
		action = XDP_DROP;
out:
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
