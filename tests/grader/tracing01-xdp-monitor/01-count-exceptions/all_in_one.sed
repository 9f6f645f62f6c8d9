# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a verdict that is none is counted as other
# hint: What is your key
s/key = act;/key = 0 * act;/
