// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Plain tracepoints: found in tracefs, which has a folder for each; their file "format" describes
 * the record that a program gets, and with the number in the file "id" a program is attached.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "monitor.h"
#include "tracefs.h"

#define PATH_SIZE 96
#define LINE_SIZE 256
#define DECLARATION_MAX 128
#define FIELD_SIZE 4 /* bytes of each that we know */

/* The names of fields, and their members. */
static const struct {
	const char *name;
	size_t at;
} members[] = {
	{ "prog_id", offsetof(struct event_fields, prog_id) },
	{ "map_id", offsetof(struct event_fields, map_id) },
	{ "ifindex", offsetof(struct event_fields, ifindex) },
	{ "from_ifindex", offsetof(struct event_fields, ifindex) },
	{ "act", offsetof(struct event_fields, act) },
	{ "err", offsetof(struct event_fields, err) },
	{ "processed", offsetof(struct event_fields, packets) },
	{ "sent", offsetof(struct event_fields, packets) },
	{ "drops", offsetof(struct event_fields, drops) },
	{ "to_cpu", offsetof(struct event_fields, to_cpu) },
	{ "sched", offsetof(struct event_fields, sched) },
	{ "xdp_pass", offsetof(struct event_fields, xdp_pass) },
	{ "xdp_drop", offsetof(struct event_fields, xdp_drop) },
	{ "xdp_redirect", offsetof(struct event_fields, xdp_redirect) },
};

static __u32 *member(struct event_fields *fields, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!strcmp(members[i].name, name))
			return (__u32 *)((char *)fields + members[i].at);
	return NULL;
}

/* A line like "	field:int prog_id;	offset:8;	size:4;	signed:1;" */
static void read_field(const char *line, struct event_fields *fields)
{
	char declaration[DECLARATION_MAX], *name;
	unsigned int offset, size;
	__u32 *to;

	if (sscanf(line, " field:%127[^;]; offset:%u; size:%u;", declaration, &offset, &size) != 3)
		return;
	name = strrchr(declaration, ' ');
	to = name ? member(fields, name + 1) : NULL;
	if (to && size == FIELD_SIZE)
		*to = offset;
}

/* File @file of the tracepoint's folder, for reading. NULL, with errno set. */
static FILE *open_file(int tracefs, enum event event, const char *file)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "events/xdp/%s/%s", monitor_events[event].tracepoint, file);
	return tracefs_fopen(tracefs, path);
}

bool monitor_find_plain(int tracefs, enum event event, struct event_fields *fields)
{
	const char *const *needed = monitor_events[event].fields;
	FILE *format = open_file(tracefs, event, "format");
	char line[LINE_SIZE];
	int i;

	if (!format)
		return false;
	while (fgets(line, sizeof(line), format))
		read_field(line, fields);
	fclose(format);
	/* One may be missing, or not be as long as its program thinks. */
	for (i = 0; i < EVENT_FIELDS_MAX && needed[i]; i++) {
		const __u32 *offset = member(fields, needed[i]);

		if (!offset || !*offset)
			return false;
	}
	return true;
}

struct bpf_link *monitor_attach_plain(int tracefs, enum event event, const struct bpf_program *prog)
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
