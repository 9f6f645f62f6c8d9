// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Making and removing an instance. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "instance.h"
#include "xdp_print.h"

#define FOLDER "instances"
#define EVENT "events/bpf_trace/bpf_trace_printk/"
#define PREFIX_MAX 64

/*
 * How the names begin. A sandbox (testenv/sandbox.sh) removes what its name
 * begins with: an instance is the machine's, also when it is made in there.
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
 * Remove what others have left when they were killed. The process may also
 * be one that we do not see, in another container: but an instance whose pipe
 * is open cannot be removed (EBUSY).
 */
static void sweep(int tracefs, const char *prefix)
{
	int fd = openat(tracefs, FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(dir)))
		if (is_left_over(entry->d_name, prefix))
			unlinkat(fd, entry->d_name, AT_REMOVEDIR);
	closedir(dir);
}

/* Write @text to @file of folder @fd. */
static int put(int fd, const char *file, const char *text)
{
	int out = openat(fd, file, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);
	int err;

	if (out < 0)
		return -errno;
	err = write(out, text, len) == (ssize_t)len ? 0 : -errno;
	close(out);
	return err;
}

/* Only lines with our tag come into the buffer; then let them. */
static int enable(int fd, __u32 tag)
{
	char filter[64];
	int err;

	snprintf(filter, sizeof(filter), "bpf_string ~ \"" PRINT_MARK " %x: *\"", tag);
	err = put(fd, EVENT "filter", filter);
	return err ? err : put(fd, EVENT "enable", "1");
}

int instance_make(struct instance *instance, int tracefs, __u32 tag)
{
	char prefix[2 * PREFIX_MAX];
	int fd, err;

	name_prefix(prefix, sizeof(prefix));
	sweep(tracefs, prefix);
	instance->tracefs = tracefs;
	snprintf(instance->name, sizeof(instance->name), FOLDER "/%s%d-%x", prefix, (int)getpid(),
		 tag);
	if (mkdirat(tracefs, instance->name, 0700)) {
		err = -errno;
		instance->name[0] = '\0';
		return err;
	}
	fd = openat(tracefs, instance->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = fd < 0 ? -errno : enable(fd, tag);
	if (!err)
		return fd;
	if (fd >= 0)
		close(fd);
	instance_remove(instance);
	return err;
}

int instance_remove(struct instance *instance)
{
	int err = 0;

	if (instance->name[0] && unlinkat(instance->tracefs, instance->name, AT_REMOVEDIR))
		err = -errno;
	instance->name[0] = '\0';
	return err;
}
