/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What flow_helpers.h says of the packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "flow_helpers.h"

struct flow_said {
	__u32 hash, ports, proto;
} said;

SEC("xdp")
int flow_func(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct flow flow;

	if (flow_parse(data, data_end, &flow))
		return XDP_DROP;
	said.hash = flow_hash(&flow);
	said.ports = bpf_ntohs(flow.ports.source) << 16 | bpf_ntohs(flow.ports.dest);
	said.proto = flow.proto;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
