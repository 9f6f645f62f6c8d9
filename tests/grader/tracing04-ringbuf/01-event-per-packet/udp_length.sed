# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# fails: a UDP packet has one event, with its length and port
# hint: The length is that of the frame
s/event->len = data_end - data;/event->len = bpf_ntohs(udph->len);/
