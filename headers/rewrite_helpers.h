/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Changes to the headers of a packet: addresses swapped, VLAN tags taken off
 * and put on. Swapping two addresses leaves every checksum right.
 *
 * A function that takes the context moves the start of the packet. It checks
 * its own pointers again; those of its caller are worth nothing afterwards,
 * and the verifier refuses them until they are taken from the context again.
 */
#ifndef REWRITE_HELPERS_H
#define REWRITE_HELPERS_H

#include <linux/types.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"

/* MAC addresses in pieces as large as loads come. clang copies a struct ethhdr,
 * which is packed, byte by byte.
 */
typedef __u64 __attribute__((may_alias)) mac_u64;
typedef __u32 __attribute__((may_alias)) mac_u32;
typedef __u16 __attribute__((may_alias)) mac_u16;

/* Both addresses of a frame, as they stand at its start */
struct mac_pair {
	__u64 first;
	__u32 rest;
};

static __always_inline struct mac_pair mac_pair_load(const void *frame)
{
	struct mac_pair macs = {
		.first = *(const mac_u64 *)frame,
		.rest = *(const mac_u32 *)(frame + 8),
	};

	return macs;
}

static __always_inline void mac_pair_store(void *frame, struct mac_pair macs)
{
	*(mac_u64 *)frame = macs.first;
	*(mac_u32 *)(frame + 8) = macs.rest;
}

/* Sends the frame back the way it came, as far as MAC addresses go. */
static __always_inline void swap_src_dst_mac(struct ethhdr *eth)
{
	mac_u32 *dest = (void *)eth->h_dest, *source = (void *)eth->h_source;
	mac_u16 *dest_end = (void *)(dest + 1);
	mac_u16 *source_end = (void *)(source + 1);
	__u32 first = *dest;
	__u16 rest = *dest_end;

	*dest = *source;
	*dest_end = *source_end;
	*source = first;
	*source_end = rest;
}

static __always_inline void swap_src_dst_ipv4(struct iphdr *iph)
{
	__be32 addr = iph->saddr;

	iph->saddr = iph->daddr;
	iph->daddr = addr;
}

static __always_inline void swap_src_dst_ipv6(struct ipv6hdr *ip6h)
{
	struct in6_addr addr = ip6h->saddr;

	ip6h->saddr = ip6h->daddr;
	ip6h->daddr = addr;
}

/*
 * Takes the outermost tag off, the MAC addresses stay. @eth is the start of
 * the packet, checked by the caller (parse_ethhdr did). Returns the tag's id,
 * 0 to 4095, and then every pointer into the packet is stale. Less than 0 if
 * nothing has changed: there is no tag or the packet ends within it (-1), or
 * what bpf_xdp_adjust_head said; pointers are to be taken again even so.
 */
static __always_inline int vlan_tag_pop(struct xdp_md *ctx, struct ethhdr *eth)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct vlan_hdr *tag = (void *)(eth + 1);
	struct mac_pair macs;
	int vlid, err;

	if (!proto_is_vlan(eth_proto(eth)) || (void *)(tag + 1) > data_end)
		return -1;
	vlid = bpf_ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK;
	macs = mac_pair_load(eth);

	err = bpf_xdp_adjust_head(ctx, sizeof(*tag));
	if (err)
		return err;

	eth = (void *)(long)ctx->data;
	data_end = (void *)(long)ctx->data_end;
	if ((void *)(eth + 1) > data_end)
		return -1; /* cannot be: for the verifier */
	mac_pair_store(eth, macs); /* the type from the tag is behind them */
	return vlid;
}

/*
 * Puts an 802.1Q tag with the id @vlid, 0 to 4095, and priority 0 in front of
 * what follows the MAC addresses, other tags included. @eth as above. Returns
 * 0, and then every pointer into the packet is stale. Less than 0 if nothing
 * has changed: no such id (-1), or what bpf_xdp_adjust_head said, which is
 * -EINVAL where the packet has no room left in front; pointers are to be taken
 * again even so.
 */
static __always_inline int vlan_tag_push(struct xdp_md *ctx, struct ethhdr *eth, int vlid)
{
	struct mac_pair macs = mac_pair_load(eth);
	struct vlan_hdr *tag;
	void *data_end;
	int err;

	if (vlid < 0 || vlid > VLAN_VID_MASK)
		return -1;
	err = bpf_xdp_adjust_head(ctx, -(int)sizeof(*tag));
	if (err)
		return err;

	eth = (void *)(long)ctx->data;
	data_end = (void *)(long)ctx->data_end;
	tag = (void *)(eth + 1);
	if ((void *)(tag + 1) > data_end)
		return -1; /* cannot be: for the verifier */
	mac_pair_store(eth, macs);
	eth->h_proto = bpf_htons(ETH_P_8021Q);
	tag->h_vlan_TCI = bpf_htons(vlid); /* behind it is the type it had */
	return 0;
}

#endif /* REWRITE_HELPERS_H */
