# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4 without a hop left is dropped, as it came
# hint: after the 1 comes 0
s/iph->ttl <= 1/!iph->ttl/
