// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Lists of the kernel over rtnetlink. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rtnl.h"

#define ANSWER_MAX 32768

/* One datagram of the answer. Returns 1 when the list goes on, 0, or -errno. */
static int read_part(int fd, rtnl_element *element, void *context)
{
	static char buffer[ANSWER_MAX]
		__attribute__((aligned(__alignof__(struct nlmsghdr))));
	const struct nlmsghdr *hdr = (const void *)buffer;
	const struct nlmsgerr *error;
	ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
	int len = (int)got;

	if (got < 0)
		return -errno;
	for (; NLMSG_OK(hdr, len); hdr = NLMSG_NEXT(hdr, len)) {
		if (hdr->nlmsg_type == NLMSG_DONE)
			return 0;
		if (hdr->nlmsg_type == NLMSG_ERROR) {
			error = NLMSG_DATA(hdr);
			return error->error ? error->error : -EPROTO;
		}
		element(hdr, context);
	}
	return 1;
}

int rtnl_list(int type, int family, rtnl_element *element, void *context)
{
	struct {
		struct nlmsghdr hdr;
		struct ifinfomsg any; /* no other header is longer */
	} question = {
		.hdr.nlmsg_len = sizeof(question),
		.hdr.nlmsg_type = (__u16)type,
		.hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.any.ifi_family = (unsigned char)family,
	};
	int fd, more = 1;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	if (send(fd, &question, sizeof(question), 0) < 0)
		more = -errno;
	while (more > 0)
		more = read_part(fd, element, context);
	close(fd);
	return more;
}

void rtnl_parse(const struct nlmsghdr *hdr, size_t len,
		const struct rtattr **table, int max)
{
	const struct rtattr *attr = (const void *)((const char *)hdr +
						   NLMSG_SPACE(len));
	int left = (int)hdr->nlmsg_len - (int)NLMSG_SPACE(len);

	memset(table, 0, sizeof(*table) * ((size_t)max + 1));
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
		if (attr->rta_type <= max)
			table[attr->rta_type] = attr;
}
