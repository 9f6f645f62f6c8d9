// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Where in the record of a plain tracepoint its fields are, as tracefs says. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "monitor_events.h"

#define LINE_SIZE 256
#define DECLARATION_MAX 128
#define FIELD_SIZE 4 /* bytes of each that we know */
#define NEEDED_MAX 4

/* The fields without which an event is of no use. */
static const char *const needed[EVENTS][NEEDED_MAX] = {
	[EVENT_REDIRECT] = { "err", "ifindex" },
	[EVENT_REDIRECT_ERR] = { "err", "ifindex" },
	[EVENT_REDIRECT_MAP] = { "err", "ifindex" },
	[EVENT_REDIRECT_MAP_ERR] = { "err", "ifindex" },
	[EVENT_EXCEPTION] = { "act", "ifindex" },
	[EVENT_ENQUEUE] = { "map_id", "processed", "drops", "to_cpu" },
	[EVENT_KTHREAD] = { "map_id", "processed", "drops", "sched" },
	[EVENT_XMIT] = { "sent", "drops", "err", "from_ifindex" },
};

/* Field to member */
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
	__u32 *place;

	if (sscanf(line, " field:%127[^;]; offset:%u; size:%u;", declaration, &offset, &size) != 3)
		return;
	name = strrchr(declaration, ' ');
	place = name ? member(fields, name + 1) : NULL;
	if (place && size == FIELD_SIZE)
		*place = offset;
}

bool event_read_fields(FILE *format, enum event event, struct event_fields *fields)
{
	char line[LINE_SIZE];
	int i;

	while (fgets(line, sizeof(line), format))
		read_field(line, fields);
	for (i = 0; i < NEEDED_MAX && needed[event][i]; i++)
		if (!*member(fields, needed[event][i]))
			return false;
	return true;
}
