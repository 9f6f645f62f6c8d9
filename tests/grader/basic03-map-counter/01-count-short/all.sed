# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: long packets are not counted in short_map
# hint: ask for the length
/if \(bytes < SHORT_BELOW\)/d
