# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP to port 53 without options is dropped as before
# hint: What does the program make of 5?
s/iph->ihl \* 4/iph->ihl/
