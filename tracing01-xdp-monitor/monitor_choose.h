/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Which tracepoints, and of which kind. Part of monitor. */
#ifndef MONITOR_CHOOSE_H
#define MONITOR_CHOOSE_H

#include "monitor.h"
#include "monitor_events.h"

struct monitor_choice {
	bool plain;
	int tracefs; /* its folder, or -1 */
	const char *object; /* the file with the programs */
	struct events events; /* wanted, and there */
};

/*
 * Choose, and say what the kernel does not have. PROBE_UNSUPPORTED when it has
 * nothing of what is wanted. To be freed in any case.
 */
int monitor_choose(struct monitor_choice *choice, const struct monitor_opts *opts);
void monitor_choice_free(struct monitor_choice *choice);

/* monitor_prepare.c: the program for a tracepoint, in the open object. */
struct bpf_program *monitor_program(const struct monitor *mon, enum event event);

/*
 * monitor_prepare.c: open the object, let be loaded what was chosen, and tell
 * the programs which events are ours, and where in them the fields are.
 */
int monitor_prepare(struct monitor *mon, const struct monitor_choice *choice);

#endif /* MONITOR_CHOOSE_H */
