# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets to groups, 224.0.0.0 to 239.255.255.255, pass as they came
# hint: Is it in the byte order of your constant
s/bpf_htonl\(0x(.)0000000\)/0x\10000000/g
