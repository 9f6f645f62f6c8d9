/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Network interfaces, and the addresses that go with them: names and indexes,
 * MAC addresses, queues. Everything is asked of the kernel through a socket
 * in the caller's network namespace (sysfs may show another one's).
 * Taught in basic01-xdp-pass (names), packet03-redirecting (addresses).
 */
#ifndef COMMON_NETIF_H
#define COMMON_NETIF_H

#include <stdbool.h>

#include <linux/if_ether.h>
#include <net/if.h>
#include <netinet/in.h>

struct netif {
	char name[IF_NAMESIZE];
	int index; /* 0: none was named */
};

struct netif_mac {
	unsigned char addr[ETH_ALEN];
};

struct netif_addr {
	int family; /* AF_INET, AF_INET6; 0: none was given */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/*
 * Look up interface @name. Returns 0; -EINVAL when no interface can have such
 * a name (empty, 16 bytes or more, '/', ':' or a blank in it, "." or ".."); -ENODEV
 * when there is none. On error *@dev is as it was.
 */
int netif_find(const char *name, struct netif *dev);

/* Whether @dev is up: 1 or 0, or -errno. */
int netif_is_up(const struct netif *dev);

/* Store @dev's own MAC address in *@mac. Returns 0 or -errno. */
int netif_mac(const struct netif *dev, struct netif_mac *mac);

/* The longest packet that @dev sends, without Ethernet: bytes, or -errno. */
int netif_mtu(const struct netif *dev);

/*
 * Number of receive queues of @dev, what XDP's rx_queue_index stays below:
 * 1 where the driver cannot tell, or -errno.
 */
int netif_queues(const struct netif *dev);

/*
 * Read "aa:bb:cc:dd:ee:ff" (one or two hex digits each, ':' or '-' between
 * them). Returns 0, or -EINVAL with *@mac as it was.
 */
int netif_parse_mac(const char *text, struct netif_mac *mac);

/*
 * Read an IPv4 or IPv6 address in the notation of inet_pton(3). Returns 0, or
 * -EINVAL with *@addr as it was.
 */
int netif_parse_addr(const char *text, struct netif_addr *addr);

#define MAC_TEXT 18 /* "aa:bb:cc:dd:ee:ff" with its end */
#define ADDR_TEXT 46 /* of an address, as INET6_ADDRSTRLEN */

/* Write @mac, or @addr, to @text, of MAC_TEXT or ADDR_TEXT bytes. Returns @text. */
const char *mac_to_str(const unsigned char mac[ETH_ALEN], char *text);
const char *addr_to_str(const struct netif_addr *addr, char *text);

/* Whether @mac was set: no interface has the address of zeros alone. */
bool mac_is_set(const struct netif_mac *mac);

/* Whether @mac belongs to a group, broadcast included. */
bool mac_is_group(const struct netif_mac *mac);

/*
 * The MAC address that belongs to @addr by rule, as packets for it go to a group
 * (RFC 1112, RFC 2464) or, with 255.255.255.255, to all. Returns false, with *@mac
 * as it was, when @addr is that of one host.
 */
bool mac_of_group(const struct netif_addr *addr, struct netif_mac *mac);

#endif /* COMMON_NETIF_H */
