# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a verdict that is none is counted as other
# hint: 42 is no key of the map
s/key >= XDP_ACTION_MAX/key == XDP_ACTION_MAX/
