// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Which program is traced: the one there is, or one of several. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "trace.h"

#define NAMES_MAX 512

/*
 * All programs on @dev; before several of them libxdp's dispatcher. With only
 * one, that replaces the dispatcher itself, which cannot be traced then.
 */
static int list_all(const struct netif *dev, struct attach_list *list)
{
	struct attach_list found;
	struct xdp_multiprog *mp;
	struct xdp_program *main;
	int err = attach_query(dev, &found), i;

	list->count = 0;
	if (err)
		return err;
	mp = xdp_multiprog__get_from_ifindex(dev->index);
	main = mp && !libxdp_get_error(mp) && !xdp_multiprog__is_legacy(mp) ?
		       xdp_multiprog__main_prog(mp) :
		       NULL;
	if (main && found.count > 1) {
		struct attach_entry *entry = &list->entry[list->count++];

		*entry = (struct attach_entry){ .id = xdp_program__id(main),
						.mode = found.entry[0].mode };
		snprintf(entry->name, sizeof(entry->name), "%s", xdp_program__name(main));
	}
	if (mp && !libxdp_get_error(mp))
		xdp_multiprog__close(mp);
	for (i = 0; i < found.count && list->count < ATTACH_LIST_MAX; i++)
		list->entry[list->count++] = found.entry[i];
	return 0;
}

static bool is_called(const struct attach_entry *entry, const char *word)
{
	char *end;
	unsigned long id = strtoul(word, &end, 10);

	if (*word && !*end)
		return entry->id == id;
	return !strcmp(entry->name, word);
}

static const char *list_names(const struct attach_list *list, char *names, size_t size)
{
	size_t len = 0;
	int i;

	snprintf(names, size, "none");
	for (i = 0; i < list->count && len < size; i++)
		len += (size_t)snprintf(names + len, size - len, "%s%u ('%s')", i ? ", " : "",
					list->entry[i].id, list->entry[i].name);
	return names;
}

int trace_find(struct trace *trace, const struct sample_opts *opts)
{
	struct attach_list list;
	char names[NAMES_MAX];
	int i, err, found = 0;

	trace->dev = opts->dev;
	err = list_all(&opts->dev, &list);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", opts->dev.name, strerror(-err));
		return err == -ENODEV ? err : -EIO;
	}
	for (i = list.count - 1; i >= 0; i--) {
		if (opts->trace && !is_called(&list.entry[i], opts->trace))
			continue;
		trace->prog = list.entry[i];
		found++;
	}
	/* Unasked it is the first: the dispatcher, or the only one. */
	if (found == 1 || (found && !opts->trace))
		return 0;
	if (found)
		pr_err("several programs '%s' are on '%s': %s (--trace ID)", opts->trace,
		       opts->dev.name, list_names(&list, names, sizeof(names)));
	else
		pr_err("no program '%s' to trace on '%s'; there is: %s", opts->trace ?: "",
		       opts->dev.name, list_names(&list, names, sizeof(names)));
	return found ? -EINVAL : -ENOENT;
}

int trace_check(const struct trace *trace)
{
	struct attach_list list;
	int i, err = list_all(&trace->dev, &list);

	for (i = 0; !err && i < list.count; i++)
		if (list.entry[i].id == trace->prog.id)
			return 0;
	if (err)
		pr_err("interface '%s' is gone", trace->dev.name);
	else
		pr_err("id %u ('%s') is no longer attached to '%s'", trace->prog.id,
		       trace->prog.name, trace->dev.name);
	return err ? -ENODEV : -ENOENT;
}
