# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4 is answered as before, and Ctrl-C ends it
# hint: Each EtherType has its own function
s/htons\(ETH_P_IP\)/htons(ETH_P_ARP)/
