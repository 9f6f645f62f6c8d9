# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: broken packets are not counted
# hint: return less than 0
s/if \(type < 0\)/if (0)/
