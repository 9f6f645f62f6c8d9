# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets from the first host go to its receiver
# hint: has for the sender
s/&redirect_params, eth->h_source/\&redirect_params, eth->h_dest/
