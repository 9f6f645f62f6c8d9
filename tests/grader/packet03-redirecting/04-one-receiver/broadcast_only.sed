# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: frames for groups pass, as they came
# hint: One bit of the address says so
s/mac_is_group\(eth\)/eth->h_dest[0] == 0xff/
