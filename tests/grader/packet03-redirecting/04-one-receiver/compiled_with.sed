# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: frames leave through the interface, to the receiver
# hint: those that redirect_mac had when it was compiled
s/redirect_mac\.byte\[i\]/((const struct mac_addr *)\&redirect_mac)->byte[i]/
