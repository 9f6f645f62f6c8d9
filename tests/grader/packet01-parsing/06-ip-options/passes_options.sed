# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP to port 53 behind options is dropped
# hint: Which one, and in which unit?
s/hdrsize < sizeof\(\*iph\)/hdrsize != sizeof(*iph)/
