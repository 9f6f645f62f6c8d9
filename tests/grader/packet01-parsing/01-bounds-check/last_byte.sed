# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: echo requests are dropped, the shortest as well
# hint: The shortest echo request has 14 + 20 + 8 bytes
s/\(icmph \+ 1\) > data_end/(icmph + 1) >= data_end/
