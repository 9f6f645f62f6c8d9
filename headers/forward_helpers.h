/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Addresses that a program looks at before it answers or forwards a packet, and
 * MAC addresses of a frame that goes elsewhere. Taught in
 * packet03-redirecting.
 */
#ifndef FORWARD_HELPERS_H
#define FORWARD_HELPERS_H

#include <linux/types.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "rewrite_helpers.h"

/*
 * Are there @size bytes from @start on, which is within the packet? Linux 6.1
 * knows nothing of a number whose bytes were swapped, and lets nobody add it to
 * a pointer: so two sizes are compared.
 */
static __always_inline int packet_holds(const void *start, __u32 size, const void *data_end)
{
	return data_end - start >= size;
}

/* Was the frame sent to a group, broadcast included? (IEEE 802, 8.2.2) */
static __always_inline int mac_is_group(const struct ethhdr *eth)
{
	return eth->h_dest[0] & 1;
}

/* Copies a MAC address in two pieces. On the stack it must begin at a multiple
 * of 4, as the verifier has it.
 */
static __always_inline void mac_copy(void *to, const void *from)
{
	*(mac_u32 *)to = *(const mac_u32 *)from;
	*(mac_u16 *)(to + 4) = *(const mac_u16 *)(from + 4);
}

/*
 * Is this no address of a host that may be anywhere? "This network" (0/8),
 * loopback (127/8), groups and reserved ones (224/3) belong neither into the
 * source nor into the destination of a packet that is answered or forwarded
 * (RFC 1812, 5.3.7; RFC 6890).
 */
static __always_inline int ip_addr_is_special(__be32 addr)
{
	__u8 first = bpf_ntohl(addr) >> 24;

	return first == 0 || first == 127 || first >= 224;
}

/*
 * The same of IPv6: unspecified, loopback and mapped IPv4 (::/32) and groups
 * (ff00::/8; RFC 4291, 2.5 and 2.7).
 */
static __always_inline int ip6_addr_is_special(const struct in6_addr *addr)
{
	return !addr->s6_addr32[0] || addr->s6_addr[0] == 0xff;
}

/* Does it count on one link only? (169.254/16; RFC 3927, 2.7) */
static __always_inline int ip_addr_is_link_local(__be32 addr)
{
	return (addr & bpf_htonl(0xffff0000)) == bpf_htonl(0xa9fe0000);
}

/* The same of IPv6 (fe80::/10; RFC 4291, 2.5.6) */
static __always_inline int ip6_addr_is_link_local(const struct in6_addr *addr)
{
	return (addr->s6_addr32[0] & bpf_htonl(0xffc00000)) == bpf_htonl(0xfe800000);
}

#endif /* FORWARD_HELPERS_H */
