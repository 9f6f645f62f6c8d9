# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: it builds, and the verifier accepts it
# hint: gen.len is 0 until the command has set it
s/sizeof\(__u64\) <= len\)/sizeof(__u64) < len + sizeof(__u64))/
