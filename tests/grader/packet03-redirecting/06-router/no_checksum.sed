# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4 packets leave through the interface of the route, with its addresses and one hop less
# hint: with which the header checksum changes
s/ip_decrease_ttl\(\(void \*\)\(eth \+ 1\)\);/((struct iphdr *)(eth + 1))->ttl--;/
