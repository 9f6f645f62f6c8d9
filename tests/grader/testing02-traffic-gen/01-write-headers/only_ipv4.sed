# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: headers of another length
# hint: The length is a setting
s/sizeof\(__u64\) <= len\)/sizeof(__u64) <= 42)/
s/data \+ len - sizeof/data + 42 - sizeof/
