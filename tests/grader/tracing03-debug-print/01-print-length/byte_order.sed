# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a line has the EtherType, in host byte order
# hint: A header is in network byte order
s/bpf_ntohs\(eth->h_proto\)/eth->h_proto/
