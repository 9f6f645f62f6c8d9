# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP in a first fragment is dropped, and in a datagram of one fragment
# hint: Only the offset says
s/ext->frag_off & bpf_htons\(IP6_FRAG_OFFSET\)/ext->frag_off/
