# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all other frames pass as they came
# hint: keeps its addresses
/^\t(mac_copy\(|return XDP_TX)/d
s/^(\tif \(eth_proto\(eth\) != .*)/\tmac_copy(mac, eth->h_dest);\n\tmac_copy(eth->h_dest, eth->h_source);\n\tmac_copy(eth->h_source, mac);\n\1/
s/^}/\treturn XDP_TX;\n}/
