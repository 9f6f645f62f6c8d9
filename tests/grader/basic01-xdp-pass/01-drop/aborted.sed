# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a packet is dropped
# hint: one drops in silence
s/return XDP_DROP;/return XDP_ABORTED;/
