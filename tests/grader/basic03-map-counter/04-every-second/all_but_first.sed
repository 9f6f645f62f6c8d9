# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: they take turns
# hint: rises with every packet
s/\*seen % 2 == 0/*seen >= 2/
