# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: they take turns
# hint: rises with every packet, by one
s/\*seen \+= 1/*seen += (ctx->data_end - ctx->data) > 64 ? 2 : 1/
