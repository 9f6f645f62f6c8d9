# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP behind one tag of 802.1Q is dropped
# hint: The tag has 4 bytes
/pos = tag \+ 1;/d
