# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets of each other EtherType are counted
# hint: The key is the EtherType
s/type >= ETH_P_802_3_MIN/type == ETH_P_IPV6/
