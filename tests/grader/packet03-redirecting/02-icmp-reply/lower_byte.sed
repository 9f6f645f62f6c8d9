# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an echo request is answered
# hint: the upper byte of a 16-bit word
s/ << 8//g
