# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the first packet passes
# hint: add one first, and then drop where the number is even
s/\*seen % 2 == 0/*seen % 2 == 1/
