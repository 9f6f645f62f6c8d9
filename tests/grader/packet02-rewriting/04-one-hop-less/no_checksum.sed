# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4: one hop less, and the header's checksum
# hint: has a checksum over itself
s/ip_decrease_ttl\(iph\)/iph->ttl--/
