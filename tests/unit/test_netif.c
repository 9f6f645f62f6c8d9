// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Interface names, MAC and IP addresses. */
#include <arpa/inet.h>
#include <errno.h>

#include "netif.h"
#include "tap.h"

static void mac_is(const char *text, const char *want)
{
	struct netif_mac mac = { { 1, 1, 1, 1, 1, 1 } };
	char got[32] = "refused";

	if (!netif_parse_mac(text, &mac))
		snprintf(got, sizeof(got), "%02x%02x%02x%02x%02x%02x", mac.addr[0], mac.addr[1],
			 mac.addr[2], mac.addr[3], mac.addr[4], mac.addr[5]);
	else if (mac.addr[0] != 1 || mac.addr[5] != 1)
		snprintf(got, sizeof(got), "changed");
	if (!ok(!strcmp(got, want), *text ? text : "(no MAC at all)"))
		printf("# got %s, want %s\n", got, want);
}

static void test_macs(void)
{
	mac_is("02:00:5e:10:20:ff", "02005e1020ff");
	mac_is("02-00-5E-10-20-FF", "02005e1020ff");
	mac_is("2:0:5e:1:20:f", "02005e01200f");
	mac_is("", "refused");
	mac_is("02:00:5e:10:20", "refused");
	mac_is("02:00:5e:10:20:", "refused");
	mac_is("02:00:5e:10:20:ff:", "refused");
	mac_is("02:00:5e:10:20:ff:00", "refused");
	mac_is("02005e1020ff", "refused");
	mac_is("02:00:5e:10:20:1ff", "refused");
	mac_is("02:00:5e:10:20:gg", "refused");
	mac_is(" 02:00:5e:10:20:ff", "refused");
	mac_is("02::00:5e:10:20", "refused");
	mac_is("-2:00:5e:10:20:ff", "refused");
}

static void addr_is(const char *text, int family)
{
	struct netif_addr addr = { .family = -1 };
	int err = netif_parse_addr(text, &addr);

	if (family)
		ok(!err && addr.family == family, text);
	else
		ok(err == -EINVAL && addr.family == -1, *text ? text : "(no address at all)");
}

static void test_addrs(void)
{
	struct netif_addr addr;

	addr_is("10.11.1.2", AF_INET);
	addr_is("255.255.255.255", AF_INET);
	addr_is("fc00:dead:cafe:1::2", AF_INET6);
	addr_is("::", AF_INET6);
	addr_is("::ffff:10.0.0.1", AF_INET6);
	addr_is("", 0);
	addr_is("10.11.1", 0);
	addr_is("10.11.1.256", 0);
	addr_is("10.11.1.2/24", 0);
	addr_is("fc00::1::2", 0);
	addr_is("fe80::1%lo", 0);
	addr_is("localhost", 0);
	ok(!netif_parse_addr("10.11.1.2", &addr) && addr.v4.s_addr == htonl(0x0a0b0102),
	   "the address is in network byte order");
}

static void group_is(const char *text, const char *wanted)
{
	struct netif_mac mac = { { 2, 0, 0, 0, 0, 1 } };
	struct netif_addr addr = { 0 };
	bool group;
	char mac_text[MAC_TEXT];

	netif_parse_addr(text, &addr);
	group = mac_of_group(&addr, &mac);
	mac_to_str(mac.addr, mac_text);
	ok(group == !!wanted && !strcmp(mac_text, wanted ? wanted : "02:00:00:00:00:01"), text);
}

static void test_groups(void)
{
	group_is("224.0.0.1", "01:00:5e:00:00:01");
	group_is("239.255.1.2", "01:00:5e:7f:01:02");
	group_is("255.255.255.255", "ff:ff:ff:ff:ff:ff");
	group_is("ff02::1:ff00:2", "33:33:ff:00:00:02");
	group_is("223.255.255.255", NULL);
	group_is("240.0.0.1", NULL);
	group_is("fe80::1", NULL);
}

static void test_names(void)
{
	struct netif dev = { .name = "kept", .index = 7 };

	is_int(netif_find("nosuchdev0", &dev), -ENODEV, "an interface that is not there");
	ok(dev.index == 7 && !strcmp(dev.name, "kept"), "leaves the struct as it was");
	is_int(netif_find("", &dev), -EINVAL, "no name");
	is_int(netif_find("sixteen_bytes_xx", &dev), -EINVAL, "a name of 16 bytes");
	is_int(netif_find("fifteen_bytes_x", &dev), -ENODEV, "a name of 15 bytes may be");
	is_int(netif_find("a b", &dev), -EINVAL, "a name with a blank");
	is_int(netif_find("a/b", &dev), -EINVAL, "a name with a slash");
	is_int(netif_find(".", &dev), -EINVAL, "a folder's name");
	is_int(netif_find("lo", &dev), 0, "the loopback interface");
	is_int(dev.index, 1, "has index 1");
	ok(netif_queues(&dev) >= 1, "and at least one queue");
	ok(netif_is_up(&dev) >= 0, "and a state");
}

int main(void)
{
	test_macs();
	test_addrs();
	test_groups();
	test_names();
	return tap_done();
}
