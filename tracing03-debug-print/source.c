// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A trace pipe, read without waiting. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "log.h"
#include "source.h"
#include "stats.h"
#include "tracefs.h"

#define TAG_TOP 0x80000000U /* so that each has eight digits */
#define ATTEMPTS 3
#define OLD_LINES_MAX 1.0 /* seconds to read them */

static int open_pipe(const struct source *source)
{
	int fd = openat(source->folder, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Another one's sweep may take the instance before its pipe is open. */
static int open_instance(struct source *source)
{
	int i, err = 0;

	for (i = 0; i < ATTEMPTS; i++) {
		err = instance_make(&source->instance, source->tracefs, source->tag);
		if (err < 0)
			return err;
		source->folder = err;
		source->pipe = open_pipe(source);
		if (source->pipe >= 0)
			return 0;
		err = source->pipe;
		close(source->folder);
		instance_remove(&source->instance);
	}
	return err;
}

/* What was printed before is not ours; reading takes it out of the pipe. */
static int skip_old_lines(struct source *source)
{
	double end = monotonic_now() + OLD_LINES_MAX;
	const char *line;
	int err;

	do {
		err = source_next(source, &line);
	} while (!err && line && monotonic_now() < end);
	return err;
}

/* The buffer that all programs of the machine print to. */
static int open_global(struct source *source)
{
	source->folder = openat(source->tracefs, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	source->pipe = source->folder < 0 ? -errno : open_pipe(source);
	if (source->pipe >= 0)
		return skip_old_lines(source);
	pr_err("cannot open the trace pipe: %s",
	       source->pipe == -EBUSY ? "somebody else reads it" : strerror(-source->pipe));
	return -ENODEV;
}

int source_open(struct source *source, bool global)
{
	int err = 0;

	*source = (struct source){ .folder = -1, .pipe = -1 };
	if (getrandom(&source->tag, sizeof(source->tag), GRND_NONBLOCK) < 0)
		source->tag = (__u32)getpid();
	source->tag |= TAG_TOP;
	source->tracefs = tracefs_open();
	if (source->tracefs < 0)
		return -ENODEV;
	if (!global)
		err = open_instance(source);
	if (err)
		pr_warn("no tracing instance of our own (%s): reading the pipe that all share",
			strerror(-err));
	if (err || global)
		err = open_global(source);
	if (err)
		source_close(source);
	else
		source->lost_before = source_lost(source);
	return err;
}

int source_next(struct source *source, const char **line)
{
	ssize_t len;
	size_t room;
	char *where;

	for (;;) {
		*line = lines_next(&source->lines);
		if (*line)
			return 0;
		room = lines_room(&source->lines, &where);
		len = read(source->pipe, where, room);
		if (!len || (len < 0 && errno == EAGAIN))
			return 0;
		if (len < 0)
			break;
		source->lines.end += (size_t)len;
	}
	pr_err("cannot read the trace pipe: %s", strerror(errno));
	return -ENODEV;
}

void source_close(struct source *source)
{
	if (source->pipe >= 0)
		close(source->pipe);
	if (source->folder >= 0)
		close(source->folder);
	if (instance_remove(&source->instance))
		pr_warn("cannot remove a tracing instance of ours: the next run will");
	if (source->tracefs >= 0)
		close(source->tracefs);
}
