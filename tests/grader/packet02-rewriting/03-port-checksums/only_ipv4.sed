# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv6 carries UDP and TCP as well
# hint: ETH_P_IPV6
s/bpf_htons\(ETH_P_IPV6\)/bpf_htons(ETH_P_IPX)/
