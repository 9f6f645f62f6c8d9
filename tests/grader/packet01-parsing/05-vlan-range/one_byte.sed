# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: other ids pass
# hint: Which of the two bytes
s/0x0fff/0x00ff/
