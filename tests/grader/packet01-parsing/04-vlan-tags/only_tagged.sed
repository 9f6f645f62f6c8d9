# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP without a tag is dropped as before
# hint: A packet may have no tag
s/^\t\t\tbreak;/\t\t\tgoto out;/
