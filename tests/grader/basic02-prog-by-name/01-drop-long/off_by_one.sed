# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a packet of 98 bytes passes
# hint: is > and not >=
s/data > LENGTH_MAX/data >= LENGTH_MAX/
