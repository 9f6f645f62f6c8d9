/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A parser that does with bytes and offsets what headers/ does with structs
 * and pointers, written on its own from the RFCs. Slow and plain.
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include "parsed.h"
#include "progrun.h"

void reference_parse(const struct packet *packet, struct parsed *parsed);

#endif /* TESTS_REFERENCE_H */
