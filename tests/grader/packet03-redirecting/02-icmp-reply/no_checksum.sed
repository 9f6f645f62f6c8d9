# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an echo request is answered
# hint: the checksum of ICMP covers the type
/csum_replace2\(/d
