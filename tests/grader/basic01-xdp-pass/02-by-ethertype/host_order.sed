# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv6 is dropped
# hint: in the byte order of the packet
s/bpf_htons\(ETH_P_IPV6\)/ETH_P_IPV6/
