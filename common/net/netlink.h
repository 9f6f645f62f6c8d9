/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Questions to the kernel over netlink, and its answers: for peer, and for
 * lessons that look into the kernel's tables. libbpf does the same where
 * programs are attached.
 */
#ifndef COMMON_NETLINK_H
#define COMMON_NETLINK_H

#include <stddef.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#define NETLINK_QUESTION_MAX 256
#define NETLINK_ANSWER_MAX 32768

/* A request; netlink_begin() zeroes it. */
struct netlink_question {
	struct nlmsghdr hdr;
	char body[NETLINK_QUESTION_MAX];
};

struct netlink_answer {
	struct nlmsghdr hdr;
	char body[NETLINK_ANSWER_MAX];
};

/* Begin a question of @type with a header of @len bytes. */
void netlink_begin(struct netlink_question *q, __u16 type, const void *header, size_t len);

/* Add an attribute. What does not fit is left out, and nl_get() fails. */
void netlink_put(struct netlink_question *q, __u16 type, const void *data, size_t len);

/*
 * Send @q to @protocol (NETLINK_ROUTE, ...) and store the one message that is
 * the answer. Returns 0 or -errno: of the socket, or what the kernel answered.
 */
int nl_get(int protocol, struct netlink_question *q, struct netlink_answer *answer);

/*
 * Send @q, which changes something, to @protocol. Returns 0 or -errno: of the
 * socket, or what the kernel answered.
 */
int nl_set(int protocol, struct netlink_question *q);

/* Called with each element of a list; it is not to be kept. */
typedef void netlink_element(const struct netlink_answer *element, void *context);

/*
 * Send @q to @protocol as a question for all there are of something, and have
 * @element called for each. Returns 0 or -errno as above.
 */
int nl_dump(int protocol, struct netlink_question *q, netlink_element *element, void *context);

/*
 * Store in @table[0..max] where the attributes of an answer are, NULL where
 * there is none: behind a header of @len bytes.
 */
void netlink_parse(const struct netlink_answer *answer, size_t len, const struct rtattr **table,
		   int max);

/* The same of the attributes inside of another one. */
void netlink_parse_nested(const struct rtattr *outer, const struct rtattr **table, int max);

#endif /* COMMON_NETLINK_H */
