# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: what is aborted is counted
# hint: An error is counted like any other verdict
s/^\treturn record_action/\tif (action == XDP_ABORTED)\n\t\treturn action;\n\treturn record_action/
