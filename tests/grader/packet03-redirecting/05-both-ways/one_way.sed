# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets the other way go to theirs
# hint: The answers come from the other host
s/if \(!dest\)/if (!dest || eth->h_source[5] != 2)/
