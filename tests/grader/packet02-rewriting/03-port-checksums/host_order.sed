# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: UDP over IPv4: port and checksum
# hint: in network byte order
s/_replace2\((.*), port, (.*)\);/_replace2(\1, bpf_ntohs(port), bpf_ntohs(\2));/
