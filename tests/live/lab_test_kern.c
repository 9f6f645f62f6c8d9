/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Programs with which testenv*.bats try out a lab. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "lab_test.h"

const volatile struct target target;

/* The same in ICMP and ICMPv6 */
struct icmp_head {
	__u8 type;
	__u8 code;
	__sum16 checksum;
};

#define ECHO_V4 8
#define ECHO_REPLY_V4 0
#define ECHO_V6 128
#define ECHO_REPLY_V6 129

struct vlan_tag {
	__be16 tci;
	__be16 proto;
};

SEC("xdp")
int pass_func(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp.frags")
int frags_func(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int drop_func(struct xdp_md *ctx)
{
	return XDP_DROP;
}

/* Only what bears tag 42 in its bytes passes. */
SEC("xdp")
int vlan_func(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct vlan_tag *tag = (void *)(eth + 1);

	if ((void *)(tag + 1) > end || eth->h_proto != bpf_htons(ETH_P_8021Q))
		return XDP_DROP;
	return (bpf_ntohs(tag->tci) & 0x0fff) == 42 ? XDP_PASS : XDP_DROP;
}

/* 02:00:0a:0b:NUMBER:1 is a lab's outer end, 2 its veth0. */
static __always_inline void set_mac(unsigned char *mac, __u8 number, __u8 end)
{
	mac[0] = 2;
	mac[1] = 0;
	mac[2] = 10;
	mac[3] = 11;
	mac[4] = number;
	mac[5] = end;
}

SEC("xdp")
int redirect_func(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	set_mac(eth->h_dest, target.number, 2);
	set_mac(eth->h_source, target.number, 1);
	return bpf_redirect(target.ifindex, 0);
}

static __always_inline __sum16 add_sum(__sum16 sum, __u16 more)
{
	__u32 wide = (__u32)sum + bpf_htons(more);

	return (wide & 0xffff) + (wide >> 16);
}

static __always_inline int send_back(struct ethhdr *eth)
{
	unsigned char mac[ETH_ALEN];

	__builtin_memcpy(mac, eth->h_dest, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, mac, ETH_ALEN);
	return XDP_TX;
}

static __always_inline int echo_ipv4(struct ethhdr *eth, void *end)
{
	struct iphdr *ip = (void *)(eth + 1);
	struct icmp_head *icmp = (void *)(ip + 1);
	__be32 addr;

	if ((void *)(icmp + 1) > end || ip->protocol != IPPROTO_ICMP || icmp->type != ECHO_V4)
		return XDP_PASS;
	addr = ip->daddr;
	ip->daddr = ip->saddr;
	ip->saddr = addr;
	icmp->type = ECHO_REPLY_V4;
	icmp->checksum = add_sum(icmp->checksum, 0x0800);
	return send_back(eth);
}

static __always_inline int echo_ipv6(struct ethhdr *eth, void *end)
{
	struct ipv6hdr *ip = (void *)(eth + 1);
	struct icmp_head *icmp = (void *)(ip + 1);
	struct in6_addr addr;

	if ((void *)(icmp + 1) > end || ip->nexthdr != IPPROTO_ICMPV6 || icmp->type != ECHO_V6)
		return XDP_PASS;
	addr = ip->daddr;
	ip->daddr = ip->saddr;
	ip->saddr = addr;
	icmp->type = ECHO_REPLY_V6;
	icmp->checksum = add_sum(icmp->checksum, 0xfeff);
	return send_back(eth);
}

/* Answers each echo request, whatever address it asks. */
SEC("xdp")
int echo_func(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;

	if ((void *)(eth + 1) > end)
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		return echo_ipv4(eth, end);
	if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		return echo_ipv6(eth, end);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
