# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: small packets pass
# hint: in which byte order?
s/bpf_ntohs\(udph->len\)/udph->len/
