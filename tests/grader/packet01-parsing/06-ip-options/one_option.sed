# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP to port 53 behind options is dropped
# hint: Which one, and in which unit?
s/hdrsize = iph->ihl \* 4/hdrsize = iph->ihl > 5 ? 24 : iph->ihl * 4/
