# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: in UDP a checksum of 0 is none
# hint: written as 0xffff
s/udp_csum_replace2\((.*)\);/if (udph->check) csum_replace2(\1);/
