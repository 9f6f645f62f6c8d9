# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the ids 10 to 19 are dropped
# hint: 10 and 19 belong to the range
s/<= 19/< 19/
