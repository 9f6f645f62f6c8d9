# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: 240.0.0.1 and 255.255.255.255 are no groups
# hint: Not each address from 224.0.0.0 on
s/if \(\(iph->daddr.*/if (bpf_ntohl(iph->daddr) >= 0xe0000000)/
