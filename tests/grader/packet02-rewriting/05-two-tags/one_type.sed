# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a frame of IPv4 gets both tags
# hint: Each tag is announced by the type in front of it
s/ETH_P_8021AD/ETH_P_8021Q/
