# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an IPv4 packet whose next hop has an IPv6 address has one hop less
# hint: fib.family is that of the next hop
s/if \(eth_proto\(eth\) == bpf_htons\(ETH_P_IP\)\)/if (fib->family == AF_INET)/
