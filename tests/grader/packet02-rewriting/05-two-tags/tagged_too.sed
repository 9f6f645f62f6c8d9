# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a frame that has a tag stays as it is
# hint: such a frame passes
s/ \|\| proto_is_vlan\(eth_proto\(eth\)\)//
