# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: what goes back is counted
# hint: does that return count as well
s/action = XDP_TX;/return XDP_TX;/
