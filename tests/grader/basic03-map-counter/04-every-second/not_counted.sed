# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: both verdicts are counted
# hint: goes through record_action
s/action = XDP_DROP;/return XDP_DROP;/
