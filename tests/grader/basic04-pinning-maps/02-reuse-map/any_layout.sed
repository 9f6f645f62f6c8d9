# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a map of another kind is refused
# hint: takes any map
s/fd = maps_open_pinned\(path, &stats_layout\);/fd = bpf_obj_get(path);/
