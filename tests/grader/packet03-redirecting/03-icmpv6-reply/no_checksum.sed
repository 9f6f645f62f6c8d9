# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an echo request of IPv6 is answered
# hint: the checksum is corrected by the word
/csum_replace2\(&icmp6h/,+1d
