# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: it builds, and the verifier accepts it
# hint: off is where it stands in the packet
s/\(icmph \+ 1\) > data_end/icmph > data_end/
