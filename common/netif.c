// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Interfaces by name, their MAC address and queues; addresses as text. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "netif.h"

/* The kernel's own rule for interface names: dev_valid_name(). */
static bool name_is_possible(const char *name)
{
	size_t len = strlen(name);
	size_t i;

	if (!len || len >= IF_NAMESIZE || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (i = 0; i < len; i++)
		if (name[i] == '/' || name[i] == ':' || isspace((unsigned char)name[i]))
			return false;
	return true;
}

int netif_find(const char *name, struct netif *dev)
{
	unsigned int index;

	if (!name_is_possible(name))
		return -EINVAL;
	index = if_nametoindex(name);
	if (!index)
		return errno == ENXIO ? -ENODEV : -errno;
	memset(dev, 0, sizeof(*dev));
	strcpy(dev->name, name);
	dev->index = (int)index;
	return 0;
}

/* Ask one SIOC* question about @dev. Returns 0 or -errno. */
static int ask(const struct netif *dev, unsigned long question, struct ifreq *ifr)
{
	int fd, err = 0;

	memcpy(ifr->ifr_name, dev->name, sizeof(ifr->ifr_name));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, question, ifr) < 0)
		err = -errno;
	close(fd);
	return err;
}

int netif_is_up(const struct netif *dev)
{
	struct ifreq ifr = { 0 };
	int err = ask(dev, SIOCGIFFLAGS, &ifr);

	return err ? err : !!(ifr.ifr_flags & IFF_UP);
}

int netif_mac(const struct netif *dev, struct netif_mac *mac)
{
	struct ifreq ifr = { 0 };
	int err = ask(dev, SIOCGIFHWADDR, &ifr);

	if (!err)
		memcpy(mac->addr, ifr.ifr_hwaddr.sa_data, sizeof(mac->addr));
	return err;
}

int netif_mtu(const struct netif *dev)
{
	struct ifreq ifr = { 0 };
	int err = ask(dev, SIOCGIFMTU, &ifr);

	return err ? err : ifr.ifr_mtu;
}

int netif_queues(const struct netif *dev)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };
	struct ifreq ifr = { .ifr_data = (char *)&channels };
	int err = ask(dev, SIOCETHTOOL, &ifr);
	int queues = (int)(channels.rx_count + channels.combined_count);

	if (err && err != -EOPNOTSUPP)
		return err;
	return !err && queues > 0 ? queues : 1;
}

/* One or two hex digits at *@text, which moves behind them; -1: none. */
static int parse_byte(const char **text)
{
	int value = 0, digits;

	for (digits = 0; digits < 2 && isxdigit((unsigned char)**text); digits++) {
		char c = (char)tolower((unsigned char)*(*text)++);

		value = value * 16 + (isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
	}
	return digits ? value : -1;
}

int netif_parse_mac(const char *text, struct netif_mac *mac)
{
	struct netif_mac parsed;
	int i, byte;

	for (i = 0; i < ETH_ALEN; i++) {
		if (i && *text != ':' && *text != '-')
			return -EINVAL;
		text += !!i;
		byte = parse_byte(&text);
		if (byte < 0)
			return -EINVAL;
		parsed.addr[i] = (unsigned char)byte;
	}
	if (*text)
		return -EINVAL;
	*mac = parsed;
	return 0;
}

int netif_parse_addr(const char *text, struct netif_addr *addr)
{
	struct netif_addr parsed = { 0 };

	if (inet_pton(AF_INET, text, &parsed.v4) == 1)
		parsed.family = AF_INET;
	else if (inet_pton(AF_INET6, text, &parsed.v6) == 1)
		parsed.family = AF_INET6;
	else
		return -EINVAL;
	*addr = parsed;
	return 0;
}

const char *mac_to_str(const unsigned char mac[ETH_ALEN], char *text)
{
	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
	return text;
}

const char *addr_to_str(const struct netif_addr *addr, char *text)
{
	if (!inet_ntop(addr->family, &addr->v6, text, ADDR_TEXT))
		strcpy(text, "?");
	return text;
}

bool mac_is_set(const struct netif_mac *mac)
{
	static const struct netif_mac none;

	return memcmp(mac, &none, sizeof(none)) != 0;
}

bool mac_is_group(const struct netif_mac *mac)
{
	return mac->addr[0] & 1;
}

bool mac_of_group(const struct netif_addr *addr, struct netif_mac *mac)
{
	const unsigned char *byte = addr->v6.s6_addr;

	if (addr->family == AF_INET6 && byte[0] == 0xff)
		*mac = (struct netif_mac){ { 0x33, 0x33, byte[12], byte[13], byte[14], byte[15] } };
	else if (addr->family == AF_INET && (byte[0] & 0xf0) == 0xe0)
		*mac = (struct netif_mac){ { 0x01, 0x00, 0x5e, byte[1] & 0x7f, byte[2], byte[3] } };
	else if (addr->family == AF_INET && addr->v4.s_addr == INADDR_BROADCAST)
		memset(mac, 0xff, sizeof(*mac));
	else
		return false;
	return true;
}
