/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Catch what a function prints. */
#ifndef TESTS_CAPTURE_H
#define TESTS_CAPTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CAPTURE_MAX 16384

struct capture {
	int fd; /* 1 or 2 */
	int saved;
	FILE *file;
	char text[CAPTURE_MAX];
};

/* Send file descriptor @fd into a temporary file. */
static inline void capture_begin(struct capture *c, int fd)
{
	fflush(stdout);
	c->fd = fd;
	c->saved = dup(fd);
	c->file = tmpfile();
	if (c->saved < 0 || !c->file || dup2(fileno(c->file), fd) < 0)
		abort();
}

/* Put it back; what was printed is in @c->text. */
static inline const char *capture_end(struct capture *c)
{
	size_t len;

	fflush(stdout);
	if (dup2(c->saved, c->fd) < 0)
		abort();
	close(c->saved);
	rewind(c->file);
	len = fread(c->text, 1, sizeof(c->text) - 1, c->file);
	c->text[len] = '\0';
	fclose(c->file);
	return c->text;
}

#endif /* TESTS_CAPTURE_H */
