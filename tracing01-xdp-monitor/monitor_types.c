// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Tracepoints with types: those that the kernel's BTF knows. */
#include <stdio.h>

#include <bpf/btf.h>

#include "monitor_events.h"

#define TYPE_NAME_MAX 64

bool events_find_typed(struct events *events)
{
	struct btf *btf = btf__load_vmlinux_btf();
	char name[TYPE_NAME_MAX];
	int i;

	if (!btf)
		return false;
	for (i = 0; i < EVENTS; i++) {
		/* The function type of its programs bears the tracepoint's
		 * name.
		 */
		snprintf(name, sizeof(name), "btf_trace_%s", event_name((enum event)i));
		events->there[i] = btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF) > 0;
	}
	btf__free(btf);
	return true;
}
