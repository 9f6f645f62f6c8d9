# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv6 packets do the same
# hint: family AF_INET6
s/return ask_ipv6\(.*/return ask_ipv6((void *)(eth + 1), data_end, fib) - 1;/
