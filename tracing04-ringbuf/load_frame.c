// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The packet of the load: 192.0.2.1 port 1024 to 198.51.100.1 port 9 (UDP). */
#include <arpa/inet.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include "load.h"

#define SOURCE 0xc0000201
#define DEST 0xc6336401
#define SPORT 1024
#define DPORT 9
#define TTL 64

/* No checksums: it goes nowhere. */
void load_frame(unsigned char *frame, unsigned int len)
{
	struct ethhdr eth = { .h_proto = htons(ETH_P_IP) };
	struct iphdr ip = {
		.version = 4,
		.ihl = sizeof(ip) / 4,
		.ttl = TTL,
		.protocol = IPPROTO_UDP,
		.tot_len = htons(len - sizeof(eth)),
		.saddr = htonl(SOURCE),
		.daddr = htonl(DEST),
	};
	struct udphdr udp = {
		.source = htons(SPORT),
		.dest = htons(DPORT),
		.len = htons(len - sizeof(eth) - sizeof(ip)),
	};

	memset(frame, 0, len);
	memcpy(frame, &eth, sizeof(eth));
	memcpy(frame + sizeof(eth), &ip, sizeof(ip));
	memcpy(frame + sizeof(eth) + sizeof(ip), &udp, sizeof(udp));
}
