# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4 packets leave through the interface of the route, with its addresses and one hop less
# hint: the source and the destination of the frame
/h_source, fib->smac/d
