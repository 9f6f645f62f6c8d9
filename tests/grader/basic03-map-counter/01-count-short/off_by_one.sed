# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a packet of 128 bytes is not short
# hint: is < and not <=
s/bytes < SHORT_BELOW/bytes <= SHORT_BELOW/
