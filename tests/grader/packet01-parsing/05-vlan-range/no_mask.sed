# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: priority and drop eligible make no difference
# hint: what are the others?
s/ & VLAN_VID_MASK//
