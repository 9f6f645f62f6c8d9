/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_gen_user is asked for. */
#ifndef GEN_H
#define GEN_H

#include <stdbool.h>

#include "netif.h"

#define GEN_SIZE 64
#define GEN_SPORT 1024
#define GEN_DPORT 9 /* discard */

struct gen_opts {
	struct netif dev;
	unsigned int rate; /* packets a second; 0: as many as go */
	unsigned int count; /* packets; 0: no end */
	double duration; /* seconds; 0: no end */
	unsigned int flows, size, sport, dport;
	unsigned int vlan; /* 0: no tag */
	bool ipv6;
	struct netif_addr src, dst; /* family 0: to be found out */
	struct netif_mac src_mac, dst_mac; /* all zeros: likewise */
	unsigned int cpu; /* number + 1; 0: any */
	bool packet_socket;
	double interval;
	bool json;
};

#endif /* GEN_H */
