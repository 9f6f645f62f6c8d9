/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Reports as text and as JSON. Part of report. */
#ifndef REPORT_PRINT_H
#define REPORT_PRINT_H

#include "report.h"

/* A row of the table, with the rates between the two; with the head first. */
void report_print_row(const struct gen_opts *opts, const struct report_record *before,
		      const struct report_record *now, bool head);

/* The last line: rates since @first. */
void report_print_total(const struct gen_opts *opts, const struct report_record *first,
			const struct report_record *now);

/* One object; without @before the last one, with rates of all the time. */
void report_print_json(const struct report *report, const struct report_record *before,
		       const struct report_record *now);

#endif /* REPORT_PRINT_H */
