# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the headers are written into a frame that has others
# hint: Where do the rest come from
/gen\.last;/d
