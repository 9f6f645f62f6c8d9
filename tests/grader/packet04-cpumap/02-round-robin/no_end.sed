# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: behind the last bucket comes the first
# hint: there is no bucket 1024
s/\(bucket \+ 1\) % BUCKETS/bucket + 1/
