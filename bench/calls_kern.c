// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The kernel's part of other lessons: the same calls, and nothing else. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define AF_INET6 10

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 1024);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} sockets SEC(".maps");

/* MAC to MAC */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__uint(key_size, ETH_ALEN);
	__uint(value_size, ETH_ALEN);
} hosts SEC(".maps");

const volatile __u32 fib_flags;

SEC("xdp")
int redirect_func(struct xdp_md *ctx)
{
	return bpf_redirect(1, 0);
}

SEC("xdp")
int redirect_map_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > data_end || !bpf_map_lookup_elem(&hosts, eth->h_source))
		return XDP_DROP;
	return bpf_redirect_map(&ports, 0, XDP_DROP);
}

SEC("xdp")
int redirect_sock_func(struct xdp_md *ctx)
{
	return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_PASS);
}

SEC("xdp")
int fib_ipv4_func(struct xdp_md *ctx)
{
	struct bpf_fib_lookup fib = { .ifindex = ctx->ingress_ifindex };
	void *data_end = (void *)(long)ctx->data_end;
	struct iphdr *iph = (void *)(long)ctx->data + ETH_HLEN;

	if ((void *)(iph + 1) > data_end)
		return XDP_DROP;
	fib.family = AF_INET;
	fib.tot_len = bpf_ntohs(iph->tot_len);
	fib.ipv4_src = iph->saddr;
	fib.ipv4_dst = iph->daddr;
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), fib_flags))
		return XDP_DROP;
	return XDP_PASS;
}

SEC("xdp")
int fib_ipv6_func(struct xdp_md *ctx)
{
	struct bpf_fib_lookup fib = { .ifindex = ctx->ingress_ifindex };
	void *data_end = (void *)(long)ctx->data_end;
	struct ipv6hdr *ip6h = (void *)(long)ctx->data + ETH_HLEN;

	if ((void *)(ip6h + 1) > data_end)
		return XDP_DROP;
	fib.family = AF_INET6;
	fib.tot_len = sizeof(*ip6h) + bpf_ntohs(ip6h->payload_len);
	*(struct in6_addr *)fib.ipv6_src = ip6h->saddr;
	*(struct in6_addr *)fib.ipv6_dst = ip6h->daddr;
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), fib_flags))
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
