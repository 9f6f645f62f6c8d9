# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a second start goes on with the counts
# hint: Loading makes new maps
s/err = bpf_map__reuse_fd\(map, fd\);/err = map ? 0 : -ENOENT;/
