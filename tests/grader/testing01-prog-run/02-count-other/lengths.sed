# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: what has a length in place of the EtherType is not counted
# hint: no type but the length
s/type >= ETH_P_802_3_MIN/type >= 0/
