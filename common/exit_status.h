/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The exit statuses of every command of the lessons. */
#ifndef COMMON_EXIT_STATUS_H
#define COMMON_EXIT_STATUS_H

enum exit_status {
	EXIT_OK = 0, /* done, also when ended by --count or a signal */
	EXIT_FAIL = 1, /* any failure that is none of the following */
	EXIT_FAIL_OPTION = 2, /* bad option, bad value, unknown interface */
	EXIT_FAIL_XDP = 30, /* cannot attach or detach, wrong program id */
	EXIT_FAIL_BPF = 40, /* object, program or map: missing or rejected */
	EXIT_SKIP = 77, /* this kernel lacks a feature that is needed */
};

#endif /* COMMON_EXIT_STATUS_H */
