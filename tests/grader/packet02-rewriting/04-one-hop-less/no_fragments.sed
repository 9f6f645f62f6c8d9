# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: later fragments have a TTL as well
# hint: less than 0 for a later fragment
s/ == PARSE_BROKEN/ < 0/
