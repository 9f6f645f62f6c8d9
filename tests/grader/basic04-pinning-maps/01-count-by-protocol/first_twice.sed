# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: the first packet makes an element
# hint: nothing is added to that
s/^\tif \(!count && (bpf_map_update_elem.*)\)$/\tif (!count) {\n\t\t\1;/
s/^(\t\tcount = .*)/\1\n\t}/
