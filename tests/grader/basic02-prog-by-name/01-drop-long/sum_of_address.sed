# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: it builds, and the verifier accepts it
# hint: subtract one address from the other
s/ctx->data_end - ctx->data > LENGTH_MAX/ctx->data_end > ctx->data + LENGTH_MAX/
