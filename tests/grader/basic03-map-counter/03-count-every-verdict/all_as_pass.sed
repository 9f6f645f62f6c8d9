# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: what is dropped is counted
# hint: each verdict has an element of its own
s/return record_action\(ctx, action\);/record_action(ctx, XDP_PASS);\n\treturn action;/
