# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a frame of the kind goes back, its addresses swapped
# hint: Both addresses have to change places
s/^\tmac_copy\(mac, .*//
s/^\t__u8 mac.*//
s/mac_copy\(eth->h_source, mac\)/mac_copy(eth->h_source, eth->h_dest)/
