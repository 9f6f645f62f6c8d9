// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Plain tracepoints: found, and programs attached, by way of tracefs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "monitor_events.h"

#define PATH_SIZE 96

/* File @file of an event, for reading. NULL, with errno set. */
static FILE *open_file(int tracefs, enum event event, const char *file)
{
	char path[PATH_SIZE];
	FILE *stream;
	int fd;

	snprintf(path, sizeof(path), "events/xdp/%s/%s", event_name(event), file);
	fd = openat(tracefs, path, O_RDONLY | O_CLOEXEC);
	stream = fd < 0 ? NULL : fdopen(fd, "r");
	if (fd >= 0 && !stream)
		close(fd);
	return stream;
}

void events_find_plain(int tracefs, struct events *events)
{
	FILE *format;
	int i;

	for (i = 0; i < EVENTS; i++) {
		format = open_file(tracefs, (enum event)i, "format");
		if (!format)
			continue;
		events->there[i] = event_read_fields(format, (enum event)i, &events->fields[i]);
		fclose(format);
	}
}

struct bpf_link *event_attach_plain(int tracefs, enum event event, const struct bpf_program *prog)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_TRACEPOINT,
	};
	FILE *file = open_file(tracefs, event, "id");
	struct bpf_link *link;
	int fd, known;

	if (!file)
		return NULL;
	known = fscanf(file, "%llu", &attr.config);
	fclose(file);
	errno = EINVAL;
	if (known != 1)
		return NULL;
	/* On one CPU: the program runs wherever the tracepoint is passed. */
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return NULL;
	link = bpf_program__attach_perf_event(prog, fd);
	if (!link)
		close(fd); /* else the link owns it */
	return link;
}
