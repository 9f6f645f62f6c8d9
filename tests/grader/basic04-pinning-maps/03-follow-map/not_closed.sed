# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: it lets go of the maps before, and ends with Ctrl-C
# hint: What holds a map keeps it alive
s/if \(reader->fd >= 0\)/if (reader->fd >= INT_MAX)/
