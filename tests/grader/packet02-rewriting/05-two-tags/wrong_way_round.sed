# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a frame of IPv4 gets both tags
# hint: the outer tag first
s/(tag\[0\].*)OUTER_ID/\1INNER_ID/
s/(tag\[1\].*)INNER_ID/\1OUTER_ID/
