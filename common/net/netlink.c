// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Questions to the kernel over netlink. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/netlink.h"

void netlink_begin(struct netlink_question *q, __u16 type, const void *header, size_t len)
{
	memset(q, 0, sizeof(*q));
	q->hdr.nlmsg_type = type;
	q->hdr.nlmsg_flags = NLM_F_REQUEST;
	q->hdr.nlmsg_len = (__u32)NLMSG_LENGTH(len);
	memcpy(q->body, header, len);
}

void netlink_put(struct netlink_question *q, __u16 type, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(q->hdr.nlmsg_len);
	struct rtattr *attr = (struct rtattr *)((char *)q + at);

	q->hdr.nlmsg_len = (__u32)(at + RTA_LENGTH(len));
	if (q->hdr.nlmsg_len > sizeof(*q))
		return;
	attr->rta_type = type;
	attr->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(attr), data, len);
}

/* What the kernel has sent: a message, or an error; 0 is that there is none. */
static int check(const struct netlink_answer *answer, ssize_t len)
{
	const struct nlmsgerr *error = (const void *)answer->body;

	if (len < 0)
		return -errno;
	if (!NLMSG_OK(&answer->hdr, (size_t)len))
		return -EMSGSIZE;
	if (answer->hdr.nlmsg_type != NLMSG_ERROR)
		return 0;
	if (answer->hdr.nlmsg_len < NLMSG_LENGTH(sizeof(*error)))
		return -EPROTO;
	return error->error;
}

/* Send @q. Returns the socket on which the answer will come, or -errno. */
static int send_question(int protocol, const struct netlink_question *q)
{
	int fd, err;

	if (q->hdr.nlmsg_len > sizeof(*q))
		return -EMSGSIZE;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return -errno;
	if (send(fd, q, q->hdr.nlmsg_len, 0) >= 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int nl_get(int protocol, struct netlink_question *q, struct netlink_answer *answer)
{
	int fd = send_question(protocol, q);
	int err;

	if (fd < 0)
		return fd;
	err = check(answer, recv(fd, answer, sizeof(*answer), 0));
	close(fd);
	return err;
}

int nl_set(int protocol, struct netlink_question *q)
{
	struct netlink_answer answer;

	q->hdr.nlmsg_flags |= NLM_F_ACK;
	return nl_get(protocol, q, &answer);
}

/* Some elements, @len bytes. Returns 1 when more will come, 0, or -errno. */
static int take_elements(const struct netlink_answer *answer, ssize_t len, netlink_element *element,
			 void *context)
{
	int err;

	do {
		err = check(answer, len);
		if (err || answer->hdr.nlmsg_type == NLMSG_DONE)
			return err;
		element(answer, context);
		answer = (const void *)NLMSG_NEXT(&answer->hdr, len);
	} while (len > 0);
	return 1;
}

int nl_dump(int protocol, struct netlink_question *q, netlink_element *element, void *context)
{
	struct netlink_answer answer;
	int fd, more = 1;

	q->hdr.nlmsg_flags |= NLM_F_DUMP;
	fd = send_question(protocol, q);
	if (fd < 0)
		return fd;
	while (more > 0)
		more = take_elements(&answer, recv(fd, &answer, sizeof(answer), 0), element,
				     context);
	close(fd);
	return more;
}

static void parse(const struct rtattr *attr, int len, const struct rtattr **table, int max)
{
	int type;

	memset(table, 0, sizeof(*table) * ((size_t)max + 1));
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		type = attr->rta_type & NLA_TYPE_MASK;
		if (type <= max)
			table[type] = attr;
	}
}

void netlink_parse(const struct netlink_answer *answer, size_t len, const struct rtattr **table,
		   int max)
{
	parse((const void *)(answer->body + NLMSG_ALIGN(len)),
	      (int)answer->hdr.nlmsg_len - (int)NLMSG_SPACE(len), table, max);
}

void netlink_parse_nested(const struct rtattr *outer, const struct rtattr **table, int max)
{
	parse(RTA_DATA(outer), (int)RTA_PAYLOAD(outer), table, max);
}
