# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4 packets that cannot leave pass, as they came
# hint: writes nothing into a packet that it leaves to the stack
s/^\tif \(action == XDP_REDIRECT\)/\tif (fib.ifindex != ctx->ingress_ifindex || action == XDP_REDIRECT)/
