# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: they take turns
# hint: rises with every packet
s/^\t\*seen \+= 1;/\taction = *seen % 2 ? XDP_DROP : XDP_PASS;/
s/if \(\*seen % 2 == 0\)/if (action == XDP_PASS)/
s/\t\taction = XDP_DROP;/\t\t*seen += 1;/
