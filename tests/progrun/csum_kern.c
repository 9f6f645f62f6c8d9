/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The arithmetic of csum_helpers.h, on numbers instead of packets. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "csum_helpers.h"
#include "sums.h"

struct sums sums;

SEC("xdp")
int csum_func(struct xdp_md *ctx)
{
	struct icmphdr_common old = {
		.type = sums.old_type,
		.code = sums.old_code,
		.cksum = sums.old_held,
	};
	struct icmphdr_common new = {
		.type = sums.new_type,
		.code = sums.new_code,
		.cksum = sums.new_held,
	};

	sums.folded = csum_fold_helper(sums.wide);
	sums.replaced = sums.sum;
	csum_replace2(&sums.replaced, sums.old_word, sums.new_word);
	sums.udp = sums.sum;
	udp_csum_replace2(&sums.udp, sums.old_word, sums.new_word);
	sums.icmp = icmp_checksum_diff(~sums.sum, &new, &old);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
