# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: all other frames pass as they came
# hint: Only frames of EtherType 0x88b5
/bpf_htons\(KIND\)/,+1d
