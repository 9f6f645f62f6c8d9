# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: it says so, once: another map
# hint: Not each map that is opened is another one
s/reader->id != info.id\) \{/reader->id) {/
