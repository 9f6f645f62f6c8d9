# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: large ones are dropped, also where a part of them is in this frame
# hint: not all of the data
s/size > DATA_MAX/& \&\& (long)(data_end - nh.pos) > DATA_MAX/
