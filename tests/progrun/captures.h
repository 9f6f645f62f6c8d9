/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Packets of a capture file, as tests/packets/make.py writes them. */
#ifndef TESTS_CAPTURES_H
#define TESTS_CAPTURES_H

#include <linux/types.h>

struct frame {
	__u8 *data;
	__u32 len;
};

struct capture {
	struct frame *frame;
	__u32 count;
};

/* Reads all of @path. Ends the test with a message if it cannot. */
struct capture capture_read(const char *path);
void capture_free(struct capture *capture);

#endif /* TESTS_CAPTURES_H */
