# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: short packets add up
# hint: and not = 1
s/\*count \+= 1/*count = 1/
