# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all packets pass, and are counted as before
# hint: every packet has its place there
s/^\trec->rx_packets\+\+;/\tif (bytes >= SHORT_BELOW)\n\t\trec->rx_packets++;/
