# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: an IPv4 header that is shorter than 20 bytes cannot be, and passes
# hint: ihl may be anything from 0 to 15
/if \(hdrsize < sizeof/,+1d
