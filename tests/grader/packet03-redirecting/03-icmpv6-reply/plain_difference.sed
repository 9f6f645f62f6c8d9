# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a borrow goes out at the bottom of the checksum
# hint: what is missing at the top is taken at the bottom
s/csum_replace2\(&icmp6h.*/icmp6h->icmp6_cksum = bpf_htons(bpf_ntohs(icmp6h->icmp6_cksum) - 0x0100);/
/^[\t ]*bpf_htons\(ICMPV6_ECHO_REPLY << 8\)\);/d
