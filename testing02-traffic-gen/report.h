/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What was sent. Part of xdp_gen_user. */
#ifndef REPORT_H
#define REPORT_H

#include "sender.h"

/* At one moment, since the start. */
struct report_record {
	double time; /* seconds on the monotonic clock */
	unsigned long long packets; /* that were sent */
	unsigned long long left; /* the interface's counter of those sent */
	unsigned long long dropped; /* and of those that it could not send */
};

struct report {
	const struct sender *sender;
	struct report_record first, last;
	unsigned int rows; /* printed */
	bool warned; /* that nothing leaves the interface */
};

/* Start counting. Returns 0, or what link_get() did. */
int report_begin(struct report *report, const struct sender *sender);

/* Print what has happened since the last report. Returns 0 or -errno. */
int report_print(struct report *report);

/* Print the sum in the end. */
int report_end(struct report *report);

#endif /* REPORT_H */
