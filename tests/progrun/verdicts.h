/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A lesson's verdicts.txt: what its programs are to do with each packet of
 * tests/packets, stated from the lesson's text (packets/fixture.h has its lines).
 */
#ifndef TESTS_VERDICTS_H
#define TESTS_VERDICTS_H

#include "packets/fixture.h"

struct verdict_table {
	struct verdict_row *row;
	int count;
};

/* Ends the test with a message if the table makes no sense. */
struct verdict_table verdicts_read(const char *path);

#endif /* TESTS_VERDICTS_H */
