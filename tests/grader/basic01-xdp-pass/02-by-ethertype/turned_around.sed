# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: IPv4 passes
# hint: Only packets with the EtherType of IPv6
s/== bpf_htons/!= bpf_htons/
