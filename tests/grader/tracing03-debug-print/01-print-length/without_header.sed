# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a line has the length of the packet
# hint: The Ethernet header belongs to the frame
s/data_end - data,/data_end - (void *)(eth + 1),/
