/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Packets of a capture file, for tests. */
#ifndef TESTS_CAPTURES_H
#define TESTS_CAPTURES_H

#include "packets/fixture.h"

/* As fixture_read(); ends the test with a message if it cannot. */
struct fixture capture_read(const char *path);

#endif /* TESTS_CAPTURES_H */
