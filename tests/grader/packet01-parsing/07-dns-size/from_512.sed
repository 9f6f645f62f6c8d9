# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: 512 bytes of data pass, and 513 are dropped
# hint: 512 bytes are still allowed
s/size > DATA_MAX/size >= DATA_MAX/
