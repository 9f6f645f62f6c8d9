# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: 512 bytes of data pass, and 513 are dropped
# hint: with no header
s/ - \(int\)sizeof\(\*udph\)//
