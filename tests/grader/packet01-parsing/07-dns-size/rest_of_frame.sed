# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: 500 bytes of data pass, in whatever frame
# hint: perhaps padding at its end
s/size = bpf_ntohs.*/size = data_end - nh.pos;/
