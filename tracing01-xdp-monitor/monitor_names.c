// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What the keys of the maps are called. */
#include <errno.h>
#include <stdio.h>

#include "monitor.h"

/* What redirecting a packet may end with, as far as is known. */
static const struct {
	int number;
	const char *name;
} errors[] = {
	{ EPERM, "EPERM" },	  { ENOENT, "ENOENT" },
	{ EIO, "EIO" },		  { ENXIO, "ENXIO" },
	{ E2BIG, "E2BIG" },	  { EBADF, "EBADF" },
	{ EAGAIN, "EAGAIN" },	  { ENOMEM, "ENOMEM" },
	{ EFAULT, "EFAULT" },	  { EBUSY, "EBUSY" },
	{ ENODEV, "ENODEV" },	  { EINVAL, "EINVAL" },
	{ ENOSPC, "ENOSPC" },	  { ERANGE, "ERANGE" },
	{ EBADRQC, "EBADRQC" },	  { EOVERFLOW, "EOVERFLOW" },
	{ EMSGSIZE, "EMSGSIZE" }, { EOPNOTSUPP, "EOPNOTSUPP" },
	{ ENETDOWN, "ENETDOWN" }, { ENETUNREACH, "ENETUNREACH" },
	{ ENOBUFS, "ENOBUFS" },
};

static const char *error_name(unsigned int number, char *name)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].number == (int)number)
			return errors[i].name;
	if (number == REDIRECT_KEYS - 1)
		return "unknown";
	snprintf(name, MONITOR_NAME_MAX, "errno %u", number);
	return name;
}

const char *monitor_key_name(enum monitor_kind kind, unsigned int key, char *name)
{
	switch (kind) {
	case MONITOR_REDIRECT:
		return key ? error_name(key, name) : "Success";
	case MONITOR_EXCEPTION:
		return action2str(key);
	case MONITOR_ENQUEUE:
		snprintf(name, MONITOR_NAME_MAX, "%u", key);
		return name;
	default:
		return "";
	}
}
