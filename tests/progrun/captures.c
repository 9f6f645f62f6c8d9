/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "captures.h"

struct fixture capture_read(const char *path)
{
	struct fixture fixture;
	int err = fixture_read(path, &fixture);

	if (err) {
		printf("# cannot read '%s': %s\n", path, strerror(-err));
		exit(1);
	}
	return fixture;
}
