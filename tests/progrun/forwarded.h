/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The global variable of forward_kern.c */
#ifndef TESTS_FORWARDED_H
#define TESTS_FORWARDED_H

#include <linux/types.h>

struct forward_test {
	__u32 special; /* what the functions say of a packet's destination */
	__u32 link_local;
	__u32 group;
	__s32 answered; /* what echo_ipv4() or echo_ipv6() returned */
};

#endif /* TESTS_FORWARDED_H */
