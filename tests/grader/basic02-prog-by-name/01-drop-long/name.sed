# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: it builds, and the verifier accepts it
# hint: its name is that of the function
s/xdp_long_func/xdp_long/
