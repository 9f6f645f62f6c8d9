# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a frame without a tag stays as it is
# hint: look at the EtherType first
s/!proto_is_vlan\(eth_proto\(eth\)\) \|\| //
