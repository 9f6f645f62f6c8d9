# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a frame of IPv4 gets the tag
# hint: all numbers in network byte order
s/bpf_htons\(PUSH_ID\)/PUSH_ID/
