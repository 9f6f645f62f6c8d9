// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Where a namespace is of which only the number is known, and a look inside. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/net_namespace.h>
#include <linux/sockios.h>

#include "netlink.h"
#include "peer_link.h"

#define OFF 0 /* what the child's exit status says */
#define ON 1
#define CANNOT 2

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
	err = netlink_ask(NETLINK_ROUTE, &question, &answer);
	close(fd);
	if (err)
		return false;
	netlink_parse(&answer, sizeof(header), table, NETNSA_MAX);
	return table[NETNSA_NSID] && *(const int *)RTA_DATA(table[NETNSA_NSID]) == ns;
}

int peer_link_namespace(int ns, char *path, size_t size)
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

/* The answer in the namespace that this process is in. */
static int ask_ethtool(const char *name, __u32 question)
{
	struct ethtool_value value = { .cmd = question };
	struct ifreq ifr = { .ifr_data = (char *)&value };
	int fd, err;

	memcpy(ifr.ifr_name, name, strnlen(name, IF_NAMESIZE - 1));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return CANNOT;
	err = ioctl(fd, SIOCETHTOOL, &ifr);
	close(fd);
	if (err)
		return CANNOT;
	return value.data ? ON : OFF;
}

/* The child's part: what it does to itself ends with it. */
static int ask_inside(const char *path, const char *name, __u32 question)
{
	int fd;

	if (*path) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || setns(fd, CLONE_NEWNET))
			return CANNOT;
	}
	return ask_ethtool(name, question);
}

int peer_link_ethtool(const char *path, const char *name, __u32 question)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (!child)
		_exit(ask_inside(path, name, question));
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == CANNOT)
		return -EOPNOTSUPP;
	return WEXITSTATUS(status);
}
