# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: without a port packets pass, as they came
# hint: has the packet been changed by then
s/^\tif \(action == XDP_REDIRECT\)/\tif (dest)/
