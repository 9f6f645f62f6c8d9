# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the bytes of packets of all lengths add up
# hint: Each packet adds its own length
s/rx_bytes \+= /rx_bytes = /
