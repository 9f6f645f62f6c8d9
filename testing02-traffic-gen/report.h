/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What was sent, as a table or as JSON. Part of xdp_gen_user. */
#ifndef REPORT_H
#define REPORT_H

#include "sender.h"

/* At one moment, since the start. */
struct report_record {
	double time; /* seconds on the monotonic clock */
	unsigned long long packets;
	unsigned long long dropped; /* of them, by the interface */
};

struct report {
	const struct sender *sender;
	struct report_record first, last;
	unsigned long long dropped; /* the interface's counter at the start */
	unsigned int lines;
};

double report_clock(void);

/* Start counting. Returns 0, or -errno after one error line. */
int report_begin(struct report *report, const struct sender *sender);

/* Print what has happened since the last report. Returns as above. */
int report_print(struct report *report);

/* Print the sum in the end. Returns as above. */
int report_end(struct report *report);

#endif /* REPORT_H */
