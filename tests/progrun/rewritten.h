/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The global variable of rewrite_kern.c */
#ifndef TESTS_REWRITTEN_H
#define TESTS_REWRITTEN_H

#include <linux/types.h>

struct rewrite_test {
	__s32 vlid; /* asked: the tag that a program puts on */
	__s32 result; /* answered: what the function returned */
	__u32 pushed; /* answered: how many tags fill_func put on */
};

#endif /* TESTS_REWRITTEN_H */
