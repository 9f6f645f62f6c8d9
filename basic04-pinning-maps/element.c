// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* get, set and del: from words to one element of a pinned map. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "element.h"
#include "element_ops.h"
#include "log.h"
#include "maps.h"
#include "stats.h"

#define PROTO_MAP "xdp_proto_map"
#define STATS_MAP "xdp_stats_map"

static const struct maps_layout proto_layout = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(proto_key),
	.value_size = sizeof(proto_value),
	.max_entries = PROTO_MAX,
};

static int parse_number(const char *what, const char *text, unsigned long long max,
			unsigned long long *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 0);
	if (isdigit((unsigned char)*text) && !*end && !errno && *number <= max)
		return 0;
	pr_err("bad %s '%s': not a number from 0 to %llu", what, text, max);
	return -EINVAL;
}

/* The verb decides how many words follow it. */
static int run_verb(struct element *e, int argc, char **argv)
{
	unsigned long long key_max = e->is_proto ? USHRT_MAX : UINT_MAX;

	if (argc > 1 && parse_number("key", argv[1], key_max, &e->key))
		return -EINVAL;
	if (argc > 2 && parse_number("value", argv[2], ULLONG_MAX, &e->value))
		return -EINVAL;
	if (!strcmp(argv[0], "get") && argc == 2)
		return element_get(e);
	if (!strcmp(argv[0], "get") && argc == 1 && e->is_proto)
		return element_get_all(e);
	if (!strcmp(argv[0], "set") && argc == 3)
		return element_set(e);
	if (!strcmp(argv[0], "del") && argc == 2)
		return element_delete(e);
	pr_err("bad command '%s' with %d operands: it is get [KEY], set KEY VALUE or del KEY",
	       argv[0], argc - 1);
	return -EINVAL;
}

int element_command(const struct element_opts *opts, const char *folder, int argc, char **argv)
{
	struct element e = { .flag = opts->flag };
	char path[PATH_MAX + sizeof(STATS_MAP) + 1];
	int err;

	e.map = opts->map ? opts->map : PROTO_MAP;
	e.is_proto = !strcmp(e.map, PROTO_MAP);
	if (!e.is_proto && strcmp(e.map, STATS_MAP)) {
		pr_err("bad map '%s': it is %s or %s", e.map, PROTO_MAP, STATS_MAP);
		return -EINVAL;
	}
	snprintf(path, sizeof(path), "%s/%s", folder, e.map);
	e.fd = maps_open_pinned(path, e.is_proto ? &proto_layout : &stats_layout);
	if (e.fd < 0) {
		if (e.fd == -ENOENT)
			pr_err("no map is pinned at '%s' (does a loader run?)", path);
		return -ENOEXEC;
	}
	err = run_verb(&e, argc, argv);
	close(e.fd);
	return err;
}
