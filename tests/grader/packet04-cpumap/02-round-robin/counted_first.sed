# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets take turns: buckets 0, 1, 2, 3, 4, 5
# hint: The first one is for bucket 0
s/bucket = \*next;/bucket = (*next + 1) % BUCKETS;/
s/\*next = \(bucket \+ 1\) % BUCKETS/*next = bucket/
