// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Answers, made where the request is: in its frame. The parsers and rewriting
 * helpers are those of the kernel side: they are C like any other, and what the
 * program takes for a request is one here as well.
 */
#include <linux/types.h>
#include <linux/bpf.h>

#include "answer.h"

/* gcc does not know clang's "#pragma unroll", which is there for the verifier. */
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#include "echo_helpers.h"
#include "forward_helpers.h"
#include "parsing_helpers.h"
#include "rewrite_helpers.h"

bool answer_echo(void *packet, unsigned int len)
{
	struct hdr_cursor nh = { .pos = packet };
	void *end = (char *)packet + len;
	struct ethhdr *eth;
	int proto = parse_ethhdr(&nh, end, &eth);

	if (proto < 0 || mac_is_group(eth))
		return false;
	if (!(proto == bpf_htons(ETH_P_IP) && echo_ipv4(&nh, end)) &&
	    !(proto == bpf_htons(ETH_P_IPV6) && echo_ipv6(&nh, end)))
		return false;
	swap_src_dst_mac(eth);
	return true;
}

bool answer_l2fwd(void *packet, unsigned int len)
{
	if (len < sizeof(struct ethhdr))
		return false;
	swap_src_dst_mac(packet);
	return true;
}
