// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Assignment 01: an event for each UDP packet. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "parsing_helpers.h"
#include "xdp_udp_event.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("xdp")
int xdp_udp_event_func(struct xdp_md *ctx)
{
	struct udp_event *event;

	/* Assignment: UDP packets only, and each with what it is. */
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (event)
		bpf_ringbuf_submit(event, 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
