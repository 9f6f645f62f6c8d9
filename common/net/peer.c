// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What a veth's other end must be like for XDP to send through this one: both
 * ends as rtnetlink describes them, ethtool's switches at the peer, asked inside
 * its network namespace, and the checks made of that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/sockios.h>

#include "net/netlink.h"
#include "net/peer.h"

#define REMEDY_MAX (PATH_MAX + 64)

/* For the number of a namespace, as this one counts them. */
#define NS_HERE (-1) /* this namespace itself */
#define NS_NOWHERE (-2) /* one that has no number here */

/* Of linux/netdev.h, which came with 6.3. */
#define NETDEV_FAMILY "netdev"
#define NETDEV_VERSION 1
#define NETDEV_GET 1 /* NETDEV_CMD_DEV_GET */
#define NETDEV_IFINDEX 1 /* NETDEV_A_DEV_IFINDEX */
#define NETDEV_FEATURES 3 /* NETDEV_A_DEV_XDP_FEATURES */
#define FEATURE_XMIT 4 /* NETDEV_XDP_ACT_NDO_XMIT */

/* What rtnetlink knows of an interface. */
struct link {
	char name[IF_NAMESIZE];
	char kind[IF_NAMESIZE]; /* "veth", ...; "" of a network card */
	unsigned int flags; /* IFF_UP, ... */
	int peer; /* interface index of its other end; 0: it has none */
	int peer_ns; /* number of the namespace that is in */
	bool native; /* it holds a program in native mode */
};

/* An interface, and its other end. */
struct ends {
	const struct netif *dev;
	struct link own;
	struct link peer; /* of a veth; else without a name */
	char path[PATH_MAX]; /* of its namespace; "": this one, or not found */
	bool inside; /* it can be looked at from inside */
};

static int number(const struct rtattr *attr)
{
	return *(const int *)RTA_DATA(attr);
}

static void copy_text(char *to, size_t size, const struct rtattr *attr)
{
	if (attr)
		snprintf(to, size, "%.*s", (int)RTA_PAYLOAD(attr), (const char *)RTA_DATA(attr));
}

static bool holds_native(const struct rtattr *xdp)
{
	const struct rtattr *table[IFLA_XDP_MAX + 1];
	__u8 mode;

	netlink_parse_nested(xdp, table, IFLA_XDP_MAX);
	if (!table[IFLA_XDP_ATTACHED])
		return false;
	mode = *(const __u8 *)RTA_DATA(table[IFLA_XDP_ATTACHED]);
	return mode == XDP_ATTACHED_DRV ||
	       (mode == XDP_ATTACHED_MULTI && table[IFLA_XDP_DRV_PROG_ID]);
}

static void read_link(const struct netlink_answer *answer, struct link *link)
{
	const struct ifinfomsg *info = (const void *)answer->body;
	const struct rtattr *table[IFLA_MAX + 1];
	const struct rtattr *kind[IFLA_INFO_MAX + 1];

	memset(link, 0, sizeof(*link));
	netlink_parse(answer, sizeof(*info), table, IFLA_MAX);
	link->flags = info->ifi_flags;
	copy_text(link->name, sizeof(link->name), table[IFLA_IFNAME]);
	if (table[IFLA_LINKINFO]) {
		netlink_parse_nested(table[IFLA_LINKINFO], kind, IFLA_INFO_MAX);
		copy_text(link->kind, sizeof(link->kind), kind[IFLA_INFO_KIND]);
	}
	if (table[IFLA_LINK])
		link->peer = number(table[IFLA_LINK]);
	link->peer_ns = NS_HERE;
	if (table[IFLA_LINK_NETNSID]) {
		link->peer_ns = number(table[IFLA_LINK_NETNSID]);
		if (link->peer_ns < 0)
			link->peer_ns = NS_NOWHERE;
	}
	if (table[IFLA_XDP])
		link->native = holds_native(table[IFLA_XDP]);
}

/* Ask about interface @ifindex of namespace number @ns. */
static int get_link(int ifindex, int ns, struct link *link)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct netlink_question question;
	struct netlink_answer answer;
	int err;

	if (ns == NS_NOWHERE)
		return -ENOENT;
	netlink_begin(&question, RTM_GETLINK, &info, sizeof(info));
	if (ns != NS_HERE)
		netlink_put(&question, IFLA_TARGET_NETNSID, &ns, sizeof(ns));
	err = nl_get(NETLINK_ROUTE, &question, &answer);
	if (!err)
		read_link(&answer, link);
	return err;
}

/* The number that generic netlink has given to @name, or -errno. */
static int find_family(const char *name)
{
	const struct genlmsghdr header = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	const struct rtattr *table[CTRL_ATTR_MAX + 1];
	struct netlink_question question;
	struct netlink_answer answer;
	int err;

	netlink_begin(&question, GENL_ID_CTRL, &header, sizeof(header));
	netlink_put(&question, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	err = nl_get(NETLINK_GENERIC, &question, &answer);
	if (err)
		return err;
	netlink_parse(&answer, sizeof(header), table, CTRL_ATTR_MAX);
	if (!table[CTRL_ATTR_FAMILY_ID])
		return -EPROTO;
	return *(const __u16 *)RTA_DATA(table[CTRL_ATTR_FAMILY_ID]);
}

/*
 * Whether a driver sends redirected packets, in the kernel's own list (6.3),
 * which for a veth follows its peer's state: 1, 0, or -errno.
 */
static int is_listed(const struct netif *dev)
{
	const struct genlmsghdr header = { .cmd = NETDEV_GET, .version = NETDEV_VERSION };
	const struct rtattr *table[NETDEV_FEATURES + 1];
	struct netlink_question question;
	struct netlink_answer answer;
	int err, family = find_family(NETDEV_FAMILY);
	__u64 features;

	if (family < 0)
		return family;
	netlink_begin(&question, (__u16)family, &header, sizeof(header));
	netlink_put(&question, NETDEV_IFINDEX, &dev->index, sizeof(dev->index));
	err = nl_get(NETLINK_GENERIC, &question, &answer);
	if (err)
		return err;
	netlink_parse(&answer, sizeof(header), table, NETDEV_FEATURES);
	if (!table[NETDEV_FEATURES])
		return -ENOENT;
	memcpy(&features, RTA_DATA(table[NETDEV_FEATURES]), sizeof(features));
	return !!(features & FEATURE_XMIT);
}

/* Is the namespace at @path the one that has number @ns here? */
static bool is_namespace(const char *path, int ns)
{
	const struct rtgenmsg header = { .rtgen_family = AF_UNSPEC };
	const struct rtattr *table[NETNSA_MAX + 1];
	struct netlink_question question;
	struct netlink_answer answer;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	netlink_begin(&question, RTM_GETNSID, &header, sizeof(header));
	netlink_put(&question, NETNSA_FD, &fd, sizeof(fd));
	err = nl_get(NETLINK_ROUTE, &question, &answer);
	close(fd);
	if (err)
		return false;
	netlink_parse(&answer, sizeof(header), table, NETNSA_MAX);
	return table[NETNSA_NSID] && *(const int *)RTA_DATA(table[NETNSA_NSID]) == ns;
}

/*
 * Store in @path where namespace number @ns can be entered, among those that
 * have a name or a process that can be seen. Returns 0 or -ENOENT.
 */
static int find_namespace(int ns, char *path, size_t size)
{
	int err = -ENOENT;
	glob_t found;
	size_t i;

	/* Those with a name first: it also serves in a remedy. */
	if (!glob("/run/netns/*", 0, NULL, &found))
		glob("/proc/[0-9]*/ns/net", GLOB_APPEND, NULL, &found);
	else
		glob("/proc/[0-9]*/ns/net", 0, NULL, &found);
	for (i = 0; err && i < found.gl_pathc; i++) {
		if (!is_namespace(found.gl_pathv[i], ns))
			continue;
		snprintf(path, size, "%s", found.gl_pathv[i]);
		err = 0;
	}
	globfree(&found);
	return err;
}

#define OFF 0 /* the child's exit status */
#define ON 1
#define UNKNOWN 2

/* One of ethtool's switches, in the namespace that this process is in. */
static int get_ethtool(const char *name, __u32 command)
{
	struct ethtool_value value = { .cmd = command };
	struct ifreq ifr = { .ifr_data = (char *)&value };
	int fd, err;

	memcpy(ifr.ifr_name, name, strnlen(name, IF_NAMESIZE - 1));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return UNKNOWN;
	err = ioctl(fd, SIOCETHTOOL, &ifr);
	close(fd);
	if (err)
		return UNKNOWN;
	return value.data ? ON : OFF;
}

/* The child's part: what it does to itself ends with it. */
static int get_ethtool_inside(const char *path, const char *name, __u32 command)
{
	int fd;

	if (*path) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || setns(fd, CLONE_NEWNET))
			return UNKNOWN;
	}
	return get_ethtool(name, command);
}

/*
 * One of ethtool's switches at the peer, ETHTOOL_GGRO or the like: 1, 0, or
 * -errno. A child enters the namespace.
 */
static int peer_has(const struct ends *ends, __u32 command)
{
	pid_t child;
	int status;

	if (!ends->inside)
		return -ENOENT;
	child = fork();
	if (child < 0)
		return -errno;
	if (!child)
		_exit(get_ethtool_inside(ends->path, ends->peer.name, command));
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == UNKNOWN)
		return -EOPNOTSUPP;
	return WEXITSTATUS(status);
}

/* A veth's peer, as far as it can be seen. */
static int find_peer(struct ends *ends)
{
	int err = get_link(ends->own.peer, ends->own.peer_ns, &ends->peer);

	if (err)
		return err;
	ends->inside = ends->own.peer_ns == NS_HERE ||
		       !find_namespace(ends->own.peer_ns, ends->path, sizeof(ends->path));
	return 0;
}

static int find_ends(const struct netif *dev, struct ends *ends, char *reason, size_t size)
{
	int err;

	memset(ends, 0, sizeof(*ends));
	ends->dev = dev;
	err = get_link(dev->index, NS_HERE, &ends->own);
	if (!err && !strcmp(ends->own.kind, "veth"))
		err = find_peer(ends);
	if (err)
		snprintf(reason, size, "its other end cannot be seen: %s", strerror(-err));
	return err;
}

/* "ethtool -K veth0 gro on", with the way into the namespace. */
static const char *ethtool_command(const struct ends *ends, const char *what, char *text,
				   size_t size)
{
	const char *name = ends->peer.name;

	if (*ends->path)
		snprintf(text, size, "nsenter --net=%s ethtool -K %s %s", ends->path, name, what);
	else
		snprintf(text, size, "ethtool -K %s %s%s", name, what,
			 ends->inside ? "" : " in its network namespace");
	return text;
}

static int check_veth(const struct ends *ends, char *reason, size_t size)
{
	char remedy[REMEDY_MAX];
	int has;

	/* Does the peer look at the queue that redirected packets go to? */
	if (ends->peer.native)
		return 0;
	has = peer_has(ends, ETHTOOL_GGRO);
	/* Where it cannot be asked the kernel may know (6.3). */
	if (has < 0)
		has = is_listed(ends->dev);
	if (has > 0)
		return 0;
	if (has < 0) {
		snprintf(reason, size, "whether its peer '%s' has GRO is not known",
			 ends->peer.name);
		return has;
	}
	snprintf(reason, size,
		 "its peer '%s' has neither a native XDP program nor GRO, "
		 "so redirected packets are lost (%s)",
		 ends->peer.name, ethtool_command(ends, "gro on", remedy, sizeof(remedy)));
	return 1;
}

int peer_check_redirect(const struct netif *dev, char *reason, size_t size)
{
	struct ends ends;
	int listed, err;

	err = find_ends(dev, &ends, reason, size);
	if (err)
		return err;
	if (ends.own.flags & IFF_LOOPBACK) {
		snprintf(reason, size, "a loopback takes no redirected packets");
		return 1;
	}
	if (!(ends.own.flags & IFF_UP)) {
		snprintf(reason, size, "it is down (ip link set %s up)", dev->name);
		return 1;
	}
	if (*ends.peer.name)
		return check_veth(&ends, reason, size);
	listed = is_listed(dev);
	if (listed < 0)
		snprintf(reason, size, "what its driver can do is not known");
	else if (!listed)
		snprintf(reason, size, "its driver takes no redirected packets (use --skb-mode)");
	return listed < 0 ? listed : !listed;
}

int peer_check_tx(const struct netif *dev, char *reason, size_t size)
{
	struct ends ends;
	int err = find_ends(dev, &ends, reason, size);

	if (err || !*ends.peer.name || ends.peer.native)
		return err;
	snprintf(reason, size,
		 "its peer '%s' has no native XDP program, so what XDP_TX sends "
		 "is lost (attach one there that passes everything, or use "
		 "--skb-mode)",
		 ends.peer.name);
	return 1;
}

int peer_check_checksums(const struct netif *dev, char *reason, size_t size)
{
	char remedy[REMEDY_MAX];
	struct ends ends;
	int has, err = find_ends(dev, &ends, reason, size);

	if (err || !*ends.peer.name)
		return err;
	has = peer_has(&ends, ETHTOOL_GTXCSUM);
	if (has < 0)
		snprintf(reason, size, "whether its peer '%s' finishes checksums is not known",
			 ends.peer.name);
	else if (has)
		snprintf(reason, size, "its peer '%s' leaves checksums unfinished (%s)",
			 ends.peer.name, ethtool_command(&ends, "tx off", remedy, sizeof(remedy)));
	return has;
}
