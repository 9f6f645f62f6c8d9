// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Packets that leave again: the way they came, or through another interface. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "echo_helpers.h"
#include "forward_helpers.h"
#include "parsing_helpers.h"
#include "rewrite_helpers.h"
#include "router_kern.h"
#include "xdp_redirect.h"
#include "xdp_stats_kern.h"

/* Where packets may leave: interfaces, by PORT_OF_MAP and by their indexes. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, PORTS_MAX);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} tx_port SEC(".maps");

/* The host that sends, and the host that receives. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, HOSTS_MAX);
	__type(key, struct mac_addr);
	__type(value, struct mac_addr);
} redirect_params SEC(".maps");

/* What became of the router's packets, by enum router_result. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ROUTER_RESULTS);
	__type(key, __u32);
	__type(value, __u64);
} router_results SEC(".maps");

/* The settings: of xdp_redirect_func, and of the router. */
const volatile __u32 redirect_ifindex; /* 0: none, packets pass */
const volatile struct mac_addr redirect_mac; /* of the receiver there */
const volatile __u32 router_flags; /* for bpf_fib_lookup() */

/* Answer echo requests, and send the answer the way the request came. */
SEC("xdp")
int xdp_icmp_echo_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct hdr_cursor nh = { .pos = (void *)(long)ctx->data };
	__u32 action = XDP_PASS;
	struct ethhdr *eth;
	int answered = 0;

	switch (parse_ethhdr(&nh, data_end, &eth)) {
	case bpf_htons(ETH_P_IP):
		answered = !mac_is_group(eth) && echo_ipv4(&nh, data_end);
		break;
	case bpf_htons(ETH_P_IPV6):
		answered = !mac_is_group(eth) && echo_ipv6(&nh, data_end);
		break;
	}
	if (answered) {
		swap_src_dst_mac(eth);
		action = XDP_TX;
	}
	return xdp_stats_record_action(ctx, action);
}

/* Send everything but groups' packets to one receiver at one interface. */
SEC("xdp")
int xdp_redirect_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	const void *receiver = (const void *)&redirect_mac;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_PASS;

	if ((void *)(eth + 1) > data_end || mac_is_group(eth) || !redirect_ifindex)
		goto out;
	barrier_var(receiver); /* or clang copies what it was compiled with */
	mac_copy(eth->h_dest, receiver);
	action = bpf_redirect(redirect_ifindex, 0);
out:
	return xdp_stats_record_action(ctx, action);
}

/* Send what a host in redirect_params sends to its receiver, by tx_port. */
SEC("xdp")
int xdp_redirect_map_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_PASS;
	struct mac_addr *dest;

	if ((void *)(eth + 1) > data_end || mac_is_group(eth))
		goto out;
	dest = bpf_map_lookup_elem(&redirect_params, eth->h_source);
	if (!dest)
		goto out;
	/* Without such a port it returns the third argument. */
	action = bpf_redirect_map(&tx_port, PORT_OF_MAP, XDP_PASS);
	if (action == XDP_REDIRECT)
		mac_copy(eth->h_dest, dest);
out:
	return xdp_stats_record_action(ctx, action);
}

static __always_inline void router_count(int result)
{
	__u32 key = result;
	__u64 *count;

	if (key > ROUTER_FIB_LAST && result < ROUTER_FIB_ERROR)
		key = ROUTER_FIB_ERROR;
	count = bpf_map_lookup_elem(&router_results, &key);
	if (count)
		++*count;
}

/* Forward what the kernel's routing table knows a way for. */
SEC("xdp")
int xdp_router_func(struct xdp_md *ctx)
{
	struct bpf_fib_lookup fib = { .ifindex = ctx->ingress_ifindex };
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	int result = ROUTER_BROKEN;
	__u32 action = XDP_PASS;

	if ((void *)(eth + 1) > data_end)
		goto out;
	result = router_check(eth, data_end, &fib);
	if (result)
		goto out;
	result = bpf_fib_lookup(ctx, &fib, sizeof(fib), router_flags);
	switch (result) {
	case BPF_FIB_LKUP_RET_SUCCESS:
		action = bpf_redirect_map(&tx_port, fib.ifindex, XDP_PASS);
		if (action == XDP_REDIRECT)
			router_rewrite(eth, &fib);
		else
			result = ROUTER_NO_PORT;
		break;
	case BPF_FIB_LKUP_RET_BLACKHOLE:
	case BPF_FIB_LKUP_RET_UNREACHABLE:
	case BPF_FIB_LKUP_RET_PROHIBIT:
		action = XDP_DROP;
		break;
	}
	/* The rest is for the stack, which answers, asks or forwards. */
out:
	router_count(result);
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "Dual BSD/GPL";
