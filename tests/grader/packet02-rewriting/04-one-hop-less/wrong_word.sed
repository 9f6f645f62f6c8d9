# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4: one hop less, and the header's checksum
# hint: the upper byte of one of its 16-bit words
s/ip_decrease_ttl\(iph\)/csum_replace2(\&iph->check, bpf_htons(iph->ttl), bpf_htons(iph->ttl - 1)); iph->ttl--/
