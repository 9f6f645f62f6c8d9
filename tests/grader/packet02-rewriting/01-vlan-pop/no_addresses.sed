# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a tag of 802.1Q is off
# hint: the MAC addresses have to move
s/mac_pair_store\(eth, macs\);/(void)macs;/
