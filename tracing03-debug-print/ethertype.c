// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The EtherTypes that one meets, of the list that the IEEE keeps. */
#include <linux/if_ether.h>
#include <stddef.h>

#include "ethertype.h"

/* clang-format off */
static const struct {
	__u16 type;
	const char *name;
} names[] = {
	{ ETH_P_IP, "IPv4" },
	{ ETH_P_ARP, "ARP" },
	{ 0x0842, "Wake-on-LAN" },
	{ ETH_P_TSN, "AVTP" },
	{ ETH_P_TEB, "bridged Ethernet" },
	{ ETH_P_RARP, "RARP" },
	{ ETH_P_ATALK, "AppleTalk" },
	{ ETH_P_8021Q, "802.1Q" },
	{ ETH_P_IPX, "IPX" },
	{ ETH_P_IPV6, "IPv6" },
	{ ETH_P_PAUSE, "pause" },
	{ ETH_P_SLOW, "LACP" },
	{ ETH_P_MPLS_UC, "MPLS" },
	{ ETH_P_MPLS_MC, "MPLS multicast" },
	{ ETH_P_PPP_DISC, "PPPoE discovery" },
	{ ETH_P_PPP_SES, "PPPoE" },
	{ ETH_P_PAE, "EAPOL" },
	{ ETH_P_PROFINET, "PROFINET" },
	{ ETH_P_AOE, "AoE" },
	{ ETH_P_ETHERCAT, "EtherCAT" },
	{ ETH_P_8021AD, "802.1ad" },
	{ ETH_P_ERSPAN, "ERSPAN" },
	{ ETH_P_TIPC, "TIPC" },
	{ ETH_P_LLDP, "LLDP" },
	{ ETH_P_MRP, "MRP" },
	{ ETH_P_MACSEC, "MACsec" },
	{ ETH_P_8021AH, "802.1ah" },
	{ ETH_P_MVRP, "MVRP" },
	{ ETH_P_1588, "PTP" },
	{ ETH_P_PRP, "PRP" },
	{ ETH_P_CFM, "CFM" },
	{ ETH_P_FCOE, "FCoE" },
	{ ETH_P_IBOE, "RoCE" },
	{ ETH_P_HSR, "HSR" },
	{ ETH_P_NSH, "NSH" },
	{ ETH_P_LOOPBACK, "loopback" },
	{ ETH_P_QINQ1, "QinQ" },
};
/* clang-format on */

const char *ethertype_name(__u16 type)
{
	size_t i;

	/* A larger frame cannot be. */
	if (type <= ETH_DATA_LEN)
		return "length";
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}
