# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP to port 53 by IPv6 is dropped
# hint: in which byte order?
s/bpf_htons\(ETH_P_IPV6\)/ETH_P_IPV6/
