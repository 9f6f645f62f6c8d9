# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a little longer than 98 bytes is dropped
# hint: belongs to the length
s/data > LENGTH_MAX/data - 14 > LENGTH_MAX/
