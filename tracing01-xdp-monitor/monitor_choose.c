// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Which tracepoints: those that are wanted, and that the kernel has. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "monitor_choose.h"
#include "probe/probe.h"
#include "tracefs.h"

#define LIST_MAX 256

static const char *const names[EVENTS] = {
	[EVENT_REDIRECT] = "xdp_redirect",
	[EVENT_REDIRECT_ERR] = "xdp_redirect_err",
	[EVENT_REDIRECT_MAP] = "xdp_redirect_map",
	[EVENT_REDIRECT_MAP_ERR] = "xdp_redirect_map_err",
	[EVENT_EXCEPTION] = "xdp_exception",
	[EVENT_ENQUEUE] = "xdp_cpumap_enqueue",
	[EVENT_KTHREAD] = "xdp_cpumap_kthread",
	[EVENT_XMIT] = "xdp_devmap_xmit",
};

const char *event_name(enum event event)
{
	return names[event];
}

/* Leave out what costs something for each packet that is redirected. */
static bool is_wanted(enum event event, const struct monitor_opts *opts)
{
	return !opts->errors_only || (event != EVENT_REDIRECT && event != EVENT_REDIRECT_MAP);
}

/* Keep what is wanted, and say once what of it is not there. */
static int keep_wanted(struct events *events, const struct monitor_opts *opts)
{
	char list[LIST_MAX] = "";
	int i, kept = 0;
	size_t len = 0;

	for (i = 0; i < EVENTS; i++) {
		if (!is_wanted((enum event)i, opts))
			events->there[i] = false;
		else if (events->there[i])
			kept++;
		else if (len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
						len ? ", " : "", names[i]);
	}
	if (kept && len)
		pr_info("this kernel has no tracepoint %s: left out", list);
	if (kept)
		return 0;
	pr_err("this kernel has none of the tracepoints of XDP: %s", list);
	return PROBE_UNSUPPORTED;
}

int monitor_choose(struct monitor_choice *choice, const struct monitor_opts *opts)
{
	memset(choice, 0, sizeof(*choice));
	choice->tracefs = -1;
	choice->object = "xdp_monitor_kern.o";
	choice->plain = opts->plain;
	if (!choice->plain && !events_find_typed(&choice->events)) {
		pr_info("this kernel does not tell its types (BTF): plain tracepoints are used");
		choice->plain = true;
	}
	if (choice->plain) {
		choice->object = "xdp_monitor_plain_kern.o";
		choice->tracefs = tracefs_open();
		if (choice->tracefs < 0)
			return -ENODEV;
		events_find_plain(choice->tracefs, &choice->events);
	}
	return keep_wanted(&choice->events, opts);
}

void monitor_choice_free(struct monitor_choice *choice)
{
	if (choice->tracefs >= 0)
		close(choice->tracefs);
}
