# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the verdicts stay as they were
# hint: where the map has no element of that key
s/max_entries, XDP_ACTION_MAX/max_entries, XDP_PASS + 1/
