# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a frame of the kind goes back, its addresses swapped
# hint: in network byte order
s/bpf_htons\(KIND\)/KIND/
