/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Lists of the kernel over rtnetlink. Part of xdp_gen_user. */
#ifndef RTNL_H
#define RTNL_H

#include <stddef.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* Called with each element of a list. */
typedef void rtnl_element(const struct nlmsghdr *hdr, void *context);

/*
 * Have @element called for all that the kernel lists for @type
 * (RTM_GETNEIGH, ...) and address family @family. Returns 0 or -errno.
 */
int rtnl_list(int type, int family, rtnl_element *element, void *context);

/*
 * Store where the attributes behind the header (@len bytes) of a message are
 * in @table[0..max]; NULL where there is none.
 */
void rtnl_parse(const struct nlmsghdr *hdr, size_t len,
		const struct rtattr **table, int max);

#endif /* RTNL_H */
