# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an echo request is answered
# hint: the IP addresses swap
/swap_src_dst_ipv4\(/d
