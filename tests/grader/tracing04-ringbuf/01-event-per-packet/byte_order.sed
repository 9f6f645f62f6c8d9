# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a UDP packet has one event, with its length and port
# hint: what is the byte order of a header
s/bpf_ntohs\(udph->dest\)/udph->dest/
