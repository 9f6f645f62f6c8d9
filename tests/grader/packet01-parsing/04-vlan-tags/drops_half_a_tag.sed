# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all else passes
# hint: A packet that ends within a tag or a header passes
/\(tag \+ 1\) > data_end/{
n
s/goto out/return XDP_DROP/
}
