/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What xdp_redirect_kern.c and xdp_redirect_user agree on. */
#ifndef XDP_REDIRECT_H
#define XDP_REDIRECT_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/types.h>

/*
 * The key of tx_port that xdp_redirect_map_func uses. (The router's keys are
 * interface indexes, and none of those is 0.)
 */
#define PORT_OF_MAP 0
#define PORTS_MAX 1024

/* Key and value of redirect_params: a source, and where its packets go. */
struct mac_addr {
	__u8 byte[ETH_ALEN];
};
#define HOSTS_MAX 65536

/*
 * What became of a packet in the router: the key of router_results. The first
 * sixteen are what bpf_fib_lookup() returns, BPF_FIB_LKUP_RET_*, with room for
 * those of later kernels.
 */
enum router_result {
	ROUTER_FIB_SUCCESS = BPF_FIB_LKUP_RET_SUCCESS,
	ROUTER_FIB_LAST = 15,
	ROUTER_FIB_ERROR, /* it has failed, for instance: the family is switched off */
	ROUTER_NO_PORT, /* the interface to leave by is not in tx_port */
	ROUTER_TTL, /* no hop is left: the stack informs the sender */
	ROUTER_OPTIONS, /* IPv4 options, or hop-by-hop: for the stack */
	ROUTER_ADDRESS, /* of a group, a link or a host: not to be forwarded */
	ROUTER_BROKEN, /* no whole header, or the packet is cut off */
	ROUTER_VLAN, /* tagged: the stack knows which interface that is */
	ROUTER_NOT_IP, /* ARP and everything else */
	ROUTER_RESULTS, /* how many there are */
};

#endif /* XDP_REDIRECT_H */
