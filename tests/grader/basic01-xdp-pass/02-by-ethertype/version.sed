# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the EtherType decides, not the bytes behind it
# hint: not looked at: only eth->h_proto
s/eth->h_proto == bpf_htons\(ETH_P_IPV6\)/(void *)(eth + 1) < data_end \&\& *(__u8 *)(eth + 1) >> 4 == 6/
