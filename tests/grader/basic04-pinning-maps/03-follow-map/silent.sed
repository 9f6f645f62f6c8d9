# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: it says so, once: another map
# hint: What is different in another map
/another map.n/d
