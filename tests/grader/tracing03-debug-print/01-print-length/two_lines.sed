# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: one line for each packet
# hint: One call of bpf_printk
s/^\tbpf_printk.*/&\n&/
