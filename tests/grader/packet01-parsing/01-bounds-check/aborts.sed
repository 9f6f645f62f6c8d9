# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a packet that ends within a header passes
# hint: The stack knows best
/\(icmph \+ 1\) > data_end/s/$/ {\n\t\taction = XDP_ABORTED;/
/action = XDP_ABORTED/{n;s/$/\n\t}/}
