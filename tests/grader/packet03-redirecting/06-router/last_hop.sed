# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4 packets that cannot leave pass, as they came
# hint: nothing that has no hop left
s/iph->ttl <= 1/iph->ttl == 0/
