# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a packet of 128 bytes is not short
# hint: the 14 bytes of the Ethernet header
s/bytes < SHORT_BELOW/bytes - 14 < SHORT_BELOW/
