# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets to groups, 224.0.0.0 to 239.255.255.255, pass as they came
# hint: up to 239.255.255.255
s/0xf0000000/0xff000000/
