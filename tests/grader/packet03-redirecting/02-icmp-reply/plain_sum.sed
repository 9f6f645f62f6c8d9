# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a carry comes back in at the bottom of the checksum
# hint: what goes out at the top comes in at the bottom
s/csum_replace2\(.*/icmph->checksum = bpf_htons(bpf_ntohs(icmph->checksum) + 0x0800);/
