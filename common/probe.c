// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The table of probes, and what commands ask of it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "log.h"
#include "probe.h"
#include "probe_box.h"

/* Its inode number, the same in every kernel (PROC_USER_INIT_INO). */
#define FIRST_USER_NAMESPACE 0xEFFFFFFDU

static const struct probe *const tables[] = {
	probe_table_xdp,   probe_table_map, probe_table_load,
	probe_table_trace, probe_table_ext, probe_table_net,
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

/* Root of a user namespace has all capabilities, and may load nothing. */
static bool is_in_user_namespace(void)
{
	struct stat own;

	return !stat("/proc/self/ns/user", &own) && own.st_ino != FIRST_USER_NAMESPACE;
}

void probe_privileges(char *lacks, size_t size)
{
	static const struct {
		const char *name;
		unsigned int bit;
	} wanted[] = { { "CAP_SYS_ADMIN", CAP_SYS_ADMIN },
		       { "CAP_NET_ADMIN", CAP_NET_ADMIN },
		       { "CAP_NET_RAW", CAP_NET_RAW } };
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { 0 };
	size_t i, len = 0;

	*lacks = '\0';
	if (syscall(SYS_capget, &header, caps))
		return; /* the kernel itself will tell */
	if (is_in_user_namespace()) {
		snprintf(lacks, size, "privileges outside of its user namespace");
		return;
	}
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && len < size; i++)
		if (!(caps[0].effective & 1U << wanted[i].bit))
			len += (size_t)snprintf(lacks + len, size - len, "%s%s", len ? ", " : "",
						wanted[i].name);
}

int probe_feature(const char *name, char *reason, size_t size)
{
	const struct probe *probe = probe_find(name);
	char lacks[PROBE_REASON_MAX / 2];

	if (!probe) {
		snprintf(reason, size, "there is no such probe");
		return -EINVAL;
	}
	probe_privileges(lacks, sizeof(lacks));
	if (!probe->anyone && *lacks) {
		snprintf(reason, size, "not permitted without %s (try it as root, with sudo)",
			 lacks);
		return -EPERM;
	}
	return probe_box_run(probe, reason, size);
}

static int say_lacking(const char *name, const char *reason)
{
	pr_err("this kernel has no '%s': %s (see make doctor)", name, reason);
	return PROBE_LACKING;
}

int probe_require(const char *name)
{
	char reason[PROBE_REASON_MAX];
	int works = probe_feature(name, reason, sizeof(reason));

	if (works > 0)
		return 0;
	if (!works)
		return say_lacking(name, reason);
	pr_err("cannot try whether this kernel has '%s': %s", name, reason);
	return works;
}

int probe_blame(const char *name, int err)
{
	char reason[PROBE_REASON_MAX];

	if (!err || probe_feature(name, reason, sizeof(reason)))
		return err;
	return say_lacking(name, reason);
}

enum exit_status probe_status(int err)
{
	switch (err) {
	case 0:
		return EXIT_OK;
	case PROBE_LACKING:
		return EXIT_SKIP;
	default:
		return EXIT_FAIL;
	}
}
