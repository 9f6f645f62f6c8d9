/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_gen_user is asked for. */
#ifndef GEN_H
#define GEN_H

#include <stdbool.h>

#include "netif.h"

#define GEN_SIZE 64 /* bytes, if the headers take no more */
#define GEN_SPORT 1024
#define GEN_ANY_CPU (~0U)
#define GEN_DPORT 9 /* discard */
#define PORT_MAX 65535

struct gen_opts {
	struct netif dev;
	unsigned int rate; /* packets a second; 0: as many as go */
	unsigned int count; /* packets; 0: no end */
	double duration; /* seconds; 0: no end */
	unsigned int size; /* of a frame in bytes; 0: the smallest usual one */
	unsigned int flows, sport, dport;
	unsigned int vlan; /* 0: no tag */
	bool ipv6;
	struct netif_addr src, dst; /* family 0: to be found out */
	struct netif_mac src_mac, dst_mac; /* all zeros: likewise */
	unsigned int cpu; /* GEN_ANY_CPU: wherever it is */
	bool packet_socket; /* no live frames */
	double interval;
	bool json;
};

#endif /* GEN_H */
