# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: packets of all kinds are dropped
# hint: all of them have the same verdict
s/^(\t)return XDP_DROP;/\1unsigned char *data = (void *)(long)ctx->data;\n\n\1if (data + 14 > (unsigned char *)(long)ctx->data_end)\n\1\treturn XDP_DROP;\n\1return data[12] == 8 \&\& !data[13] ? XDP_DROP : XDP_PASS;/
