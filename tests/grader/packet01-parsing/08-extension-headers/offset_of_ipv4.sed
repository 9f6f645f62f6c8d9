# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: later fragments pass
# hint: Behind the fragment header
s/0xfff8/0x1fff \& ~7/
