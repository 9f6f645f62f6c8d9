# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: other ports are another flow
# hint: the first four bytes behind the IP header
/mix_ports\(&nh/d
s/^static __always_inline void mix_ports/static __always_inline __attribute__((unused)) void mix_ports/
s/ proto;/ proto __attribute__((unused));/
