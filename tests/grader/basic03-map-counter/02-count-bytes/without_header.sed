# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the bytes of one packet
# hint: The frame counts from its first byte on
s/bytes = data_end - data;/bytes = data_end - data - 14;/
