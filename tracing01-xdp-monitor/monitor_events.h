/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The tracepoints of XDP: which of them the running kernel has, with types or
 * plain, and programs at plain ones. Part of monitor.
 */
#ifndef MONITOR_EVENTS_H
#define MONITOR_EVENTS_H

#include <stdbool.h>
#include <stdio.h>

#include <bpf/libbpf.h>

#include "xdp_monitor.h"

/* Those of a kernel */
struct events {
	bool there[EVENTS];
	struct event_fields fields[EVENTS]; /* of plain ones only */
};

/* monitor_choose.c: as the kernel has it */
const char *event_name(enum event event);

/* monitor_types.c: those with types. False where the kernel tells no types. */
bool events_find_typed(struct events *events);

/*
 * monitor_plain.c: those that the folder @tracefs describes, with all fields
 * that programs need.
 */
void events_find_plain(int tracefs, struct events *events);

/*
 * monitor_fields.c: read the file that says where @event's fields are. False if
 * one that its program needs is not there, or not as long as it thinks.
 */
bool event_read_fields(FILE *format, enum event event, struct event_fields *fields);

/* monitor_plain.c: @prog at a plain tracepoint. NULL, with errno set. */
struct bpf_link *event_attach_plain(int tracefs, enum event event, const struct bpf_program *prog);

#endif /* MONITOR_EVENTS_H */
