# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a packet and its answer have the same number
# hint: What can two numbers be joined with
s/mix\(source \+ dest, 0\)/mix(mix(0, source), dest)/
