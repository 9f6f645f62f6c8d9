// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The table of probes, and what commands ask of it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "log.h"
#include "probe.h"
#include "probe_box.h"

static const struct probe *const tables[] = {
	probe_table_xdp,
	probe_table_map,
	probe_table_load,
	probe_table_trace,
	probe_table_net,
};

#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

const struct probe *probe_next(const struct probe *last)
{
	const struct probe *probe;
	size_t i;

	if (!last)
		return tables[0];
	for (i = 0; i < N_TABLES; i++) {
		for (probe = tables[i]; probe->name && probe != last; probe++)
			;
		if (!probe->name)
			continue;
		if (probe[1].name)
			return probe + 1;
		return i + 1 < N_TABLES ? tables[i + 1] : NULL;
	}
	return NULL;
}

const struct probe *probe_find(const char *name)
{
	const struct probe *probe = NULL;

	while ((probe = probe_next(probe)) != NULL)
		if (!strcmp(probe->name, name))
			break;
	return probe;
}

/* A namespace, interfaces and programs of most kinds: all want root. */
static int is_root(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, caps))
		return 1; /* the kernel itself will tell */
	return (caps[0].effective & 1U << CAP_SYS_ADMIN) != 0;
}

int probe_feature(const char *name, char *reason, size_t size)
{
	const struct probe *probe = probe_find(name);

	if (!probe) {
		snprintf(reason, size, "there is no such probe");
		return -EINVAL;
	}
	if (!probe->anyone && !is_root()) {
		snprintf(reason, size, "not permitted (try it as root, with sudo)");
		return -EPERM;
	}
	return probe_box_run(probe, reason, size);
}

int probe_require(const char *name)
{
	char reason[PROBE_REASON_MAX];
	int works = probe_feature(name, reason, sizeof(reason));

	if (works > 0)
		return 0;
	if (works < 0) {
		pr_err("cannot try whether this kernel has '%s': %s", name,
		       reason);
		return works;
	}
	pr_err("this kernel has no '%s': %s (see make doctor)", name, reason);
	return -EOPNOTSUPP;
}

enum exit_status probe_status(int err)
{
	switch (err) {
	case 0:
		return EXIT_OK;
	case -EOPNOTSUPP:
		return EXIT_SKIP;
	default:
		return EXIT_FAIL;
	}
}
