// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Which packets go to user space, to the AF_XDP socket of their queue. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "af_xdp.h"
#include "echo_helpers.h"
#include "forward_helpers.h"
#include "parsing_helpers.h"
#include "xdp_stats_kern.h"

/* Queue to its socket. The loader makes both maps as large as it needs them. */
struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} xsks_map SEC(".maps");

/* Queue to its packets, on each CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct queue_rec);
} xdp_queue_map SEC(".maps");

/* To the socket of its own queue. To look first is cheap, to fail is not. */
static __always_inline __u32 steer(struct queue_rec *rec, __u32 queue)
{
	__u32 action = XDP_PASS; /* if the queue has no socket */
	if (bpf_map_lookup_elem(&xsks_map, &queue))
		action = bpf_redirect_map(&xsks_map, queue, XDP_PASS);
	rec->steered += action == XDP_REDIRECT;
	return action;
}

/* Every other packet of a queue; the stack gets the rest. */
SEC("xdp")
int xdp_sock_prog(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index, action = XDP_PASS;
	struct queue_rec *rec;

	rec = bpf_map_lookup_elem(&xdp_queue_map, &queue);
	if (rec && !(rec->seen++ & 1))
		action = steer(rec, queue);
	return xdp_stats_record_action(ctx, action);
}

/* Echo requests; ARP, neighbour discovery and all else live on in the stack. */
SEC("xdp")
int xdp_sock_echo_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	__u32 queue = ctx->rx_queue_index, action = XDP_PASS;
	struct icmp6hdr *icmp6h;
	struct queue_rec *rec;
	struct icmphdr *icmph;
	struct ipv6hdr *ip6h;
	struct ethhdr *eth;
	struct iphdr *iph;
	int request = 0;

	rec = bpf_map_lookup_elem(&xdp_queue_map, &queue);
	if (!rec)
		goto out; /* cannot be: for the verifier */
	rec->seen++;
	switch (parse_ethhdr(&nh, data_end, &eth)) {
	case bpf_htons(ETH_P_IP):
		request = echo_request_ipv4(&nh, data_end, &iph, &icmph);
		break;
	case bpf_htons(ETH_P_IPV6):
		request = echo_request_ipv6(&nh, data_end, &ip6h, &icmp6h);
		break;
	}
	if (request && !mac_is_group(eth))
		action = steer(rec, queue);
out:
	return xdp_stats_record_action(ctx, action);
}

/* Everything: for programs that are alone on their interface. */
SEC("xdp")
int xdp_sock_all_func(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index, action = XDP_PASS;
	struct queue_rec *rec;

	rec = bpf_map_lookup_elem(&xdp_queue_map, &queue);
	if (rec) {
		rec->seen++;
		action = steer(rec, queue);
	}
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
