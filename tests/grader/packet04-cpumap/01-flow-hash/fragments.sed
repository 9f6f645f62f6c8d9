# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all parts of a datagram are one flow
# hint: no part may be asked, the first one neither
s/nh->in_parts \|\| //
