/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#ifndef LAB_TEST_H
#define LAB_TEST_H

#include <linux/types.h>

/* Where redirect_func sends to: an outer end, and that lab's number. */
struct target {
	__u32 ifindex;
	__u32 number;
};

#endif /* LAB_TEST_H */
