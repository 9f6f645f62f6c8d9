# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: into each frame, whatever it has been
# hint: the next frame is not the first one
s/^\twrite_headers/\tif (!gen_state.sent)\n\t\twrite_headers/
