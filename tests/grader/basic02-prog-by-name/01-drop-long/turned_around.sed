# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: long packets are dropped
# hint: More than 98 bytes
s/data > LENGTH_MAX/data < LENGTH_MAX/
