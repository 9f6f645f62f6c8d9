// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Where the lines come from: a trace pipe, read without waiting, and how many lines it has lost. It
 * is that of a tracing instance of our own, a folder in tracefs with a trace buffer that gets a
 * copy of our lines and takes none from anybody; or else the machine's.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "source.h"
#include "tracefs.h"
#include "xdp_print.h"

#define INSTANCES "instances"
#define EVENT "events/bpf_trace/bpf_trace_printk/"
#define PER_CPU "per_cpu"
#define PREFIX_MAX 64
#define TAG_TOP 0x80000000U /* so that each has eight digits */
#define ATTEMPTS 3
#define OLD_LINES_MAX 1.0 /* seconds to read them */

static DIR *open_folder(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

/* The instance: made, switched on, removed. */

/*
 * How the names begin. A sandbox (testenv/sandbox.sh) removes what its name begins with: an
 * instance is the machine's, also when it is made in there.
 */
static void name_prefix(char *prefix, size_t size)
{
	const char *sandbox = secure_getenv("SANDBOX_ID");
	size_t i, len = sandbox ? strlen(sandbox) : 0;

	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)sandbox[i]) && sandbox[i] != '-')
			len = 0;
	if (!len || len > PREFIX_MAX)
		snprintf(prefix, size, PRINT_MARK "-");
	else
		snprintf(prefix, size, "%s-" PRINT_MARK "-", sandbox);
}

/* Whether @name is an instance of a process that is not there any more. */
static bool is_left_over(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);
	int pid = strncmp(name, prefix, len) ? 0 : atoi(name + len);

	return pid > 0 && kill(pid, 0) && errno == ESRCH;
}

/*
 * Remove what others have left when they were killed. The process may also be one that we do not
 * see, in another container: but an instance whose pipe is open cannot be removed (EBUSY).
 */
static void remove_left_over(int tracefs, const char *prefix)
{
	DIR *dir = open_folder(tracefs, INSTANCES);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (is_left_over(entry->d_name, prefix))
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	closedir(dir);
}

static int write_file(int folder, const char *file, const char *text)
{
	int fd = openat(folder, file, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);
	int err;

	if (fd < 0)
		return -errno;
	err = write(fd, text, len) == (ssize_t)len ? 0 : -errno;
	close(fd);
	return err;
}

/* Only lines with our tag come into the buffer; then let them. */
static int enable_event(int folder, __u32 tag)
{
	char filter[64];
	int err;

	snprintf(filter, sizeof(filter), "bpf_string ~ \"" PRINT_MARK " %x: *\"", tag);
	err = write_file(folder, EVENT "filter", filter);
	return err ? err : write_file(folder, EVENT "enable", "1");
}

/* Close the folder, whose pipe is closed, and remove it if it is an instance of ours. */
static int close_folder(struct source *source)
{
	int err = 0;

	if (source->folder >= 0)
		close(source->folder);
	source->folder = -1;
	if (source->instance[0] && unlinkat(source->tracefs, source->instance, AT_REMOVEDIR))
		err = -errno;
	source->instance[0] = '\0';
	return err;
}

/* Its folder is stored in @source. */
static int make_instance(struct source *source)
{
	char prefix[2 * PREFIX_MAX];
	int err;

	name_prefix(prefix, sizeof(prefix));
	remove_left_over(source->tracefs, prefix);
	snprintf(source->instance, sizeof(source->instance), INSTANCES "/%s%d-%x", prefix,
		 (int)getpid(), source->tag);
	if (mkdirat(source->tracefs, source->instance, 0700)) {
		err = -errno;
		source->instance[0] = '\0';
		return err;
	}
	source->folder = openat(source->tracefs, source->instance,
				O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return source->folder < 0 ? -errno : enable_event(source->folder, source->tag);
}

/* The pipe: opened, read, closed. */

static int open_pipe(struct source *source)
{
	source->pipe = openat(source->folder, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return source->pipe < 0 ? -errno : 0;
}

/* Another run may remove the instance before its pipe is open. */
static int open_instance(struct source *source)
{
	int i, err = 0;

	for (i = 0; i < ATTEMPTS; i++) {
		err = make_instance(source);
		if (err)
			break;
		err = open_pipe(source);
		if (!err)
			return 0;
		close_folder(source);
	}
	close_folder(source);
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
	int err;

	source->folder = openat(source->tracefs, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = source->folder < 0 ? -errno : open_pipe(source);
	if (!err)
		return skip_old_lines(source);
	pr_err("cannot open the trace pipe: %s",
	       err == -EBUSY ? "somebody else reads it" : strerror(-err));
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

void source_close(struct source *source)
{
	if (source->pipe >= 0)
		close(source->pipe);
	if (close_folder(source))
		pr_warn("cannot remove a tracing instance of ours: the next run will");
	if (source->tracefs >= 0)
		close(source->tracefs);
}

/*
 * Lost lines, as the buffers count them: a line in the pipe that reports some could be anybody's.
 */

/* What the statistics of each CPU's buffer call lines that are lost. */
static const char *const losses[] = { "overrun:", "commit overrun:", "dropped events:" };

static unsigned long long lost_on(int folder, const char *cpu)
{
	unsigned long long lost = 0, n;
	char text[128];
	FILE *file;
	size_t i;

	snprintf(text, sizeof(text), PER_CPU "/%.32s/stats", cpu);
	file = tracefs_fopen(folder, text);
	if (!file)
		return 0;
	while (fgets(text, sizeof(text), file))
		for (i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
			if (!strncmp(text, losses[i], strlen(losses[i])) &&
			    sscanf(text + strlen(losses[i]), "%llu", &n) == 1)
				lost += n;
	fclose(file);
	return lost;
}

unsigned long long source_lost(const struct source *source)
{
	DIR *dir = open_folder(source->folder, PER_CPU);
	unsigned long long lost = 0;
	struct dirent *entry;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		if (!strncmp(entry->d_name, "cpu", 3))
			lost += lost_on(source->folder, entry->d_name);
	closedir(dir);
	return lost - source->lost_before;
}
