# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the program counts in that map
# hint: another map than the one that is pinned
/err = reuse_map\(at, folder\);/s/.*/\t\terr = attach_load(at, \&opts->dev, \&opts->attach);/
t
/err = attach_load\(/s/.*/\t\terr = reuse_map(at, folder);/
