// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Print the Ethernet header of each packet, and let it pass. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_print.h"

/* Drawn at random by each run of the command: it is in all of its lines. */
const volatile __u32 print_tag;

/* The six bytes as one number, in the order in which a MAC is written. */
static __always_inline __u64 mac_number(const unsigned char *mac)
{
	__u64 number = 0;
	int i;

#pragma unroll
	for (i = 0; i < ETH_ALEN; i++)
		number = number << 8 | mac[i];
	return number;
}

SEC("xdp")
int xdp_prog_simple(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u64 dest, source_and_type;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;

	/* A MAC leaves two bytes of a number: room for the EtherType. */
	dest = mac_number(eth->h_dest);
	source_and_type = mac_number(eth->h_source) << 16 | bpf_ntohs(eth->h_proto);
	/* Three numbers at most, no widths; a newline comes by itself. */
	bpf_printk(PRINT_MARK " %x: %llx %llx", print_tag, dest, source_and_type);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
