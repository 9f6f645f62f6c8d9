// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* --unload and --unload-all, and what a loader says when it leaves. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attach_unload.h"
#include "log.h"
#include "pinning.h"

#define IDS_MAX 1024

/*
 * Whether nothing has changed since the program was there. To look into a
 * dispatcher is work, and libxdp (1.3, at least) leaves descriptors open when
 * it does: too many for who looks four times a second.
 */
static bool is_as_found(const struct attach *at, const unsigned int id[ATTACH_SLOTS])
{
	int i;

	for (i = 0; i < ATTACH_SLOTS; i++)
		if (id[i] == at->id)
			return true;
	return (id[0] || id[1] || id[2]) && !memcmp(id, at->found, sizeof(at->found));
}

int attach_check(struct attach *at)
{
	unsigned int id[ATTACH_SLOTS] = { 0 };
	struct attach_list now;
	int err, i;

	err = attach_slots(&at->dev, id);
	if (!err && is_as_found(at, id))
		return 0;
	err = attach_query(&at->dev, &now);
	for (i = 0; !err && i < now.count; i++) {
		if (now.entry[i].id != at->id)
			continue;
		memcpy(at->found, id, sizeof(id));
		return 0;
	}
	if (err) {
		pr_err("interface '%s' is gone", at->dev.name);
		/* A dispatcher went with it, and not what libxdp has pinned. */
		for (i = 0; i < ATTACH_SLOTS; i++)
			pinning_drop_dispatcher(at->dev.index, at->found[i]);
	} else {
		pr_err("id %u is no longer attached to '%s'", at->id, at->dev.name);
	}
	at->id = 0;
	return err ? -ENODEV : -ENOENT;
}

/* "12 ('xdp_pass_func'), 15 ('xdp_drop_func')" */
static const char *list_ids(const struct attach_list *list, char *ids, size_t size)
{
	size_t len = 0;
	int i;

	*ids = '\0';
	for (i = 0; i < list->count && len < size; i++)
		len += (size_t)snprintf(ids + len, size - len, "%s%u ('%s')", i ? ", " : "",
					list->entry[i].id, list->entry[i].name);
	return ids;
}

/* Take one program out of the dispatcher that it shares with others. */
static int detach_dispatched(const struct netif *dev, const struct attach_entry *entry)
{
	struct xdp_multiprog *mp = xdp_multiprog__get_from_ifindex(dev->index);
	struct xdp_program *prog = NULL;
	int err = -ENOENT;

	if (!mp || libxdp_get_error(mp))
		return -ENOENT;
	while ((prog = xdp_multiprog__next_prog(prog, mp))) {
		if (xdp_program__id(prog) != entry->id)
			continue;
		/* Without the mode libxdp would look in the driver's slot. */
		err = xdp_program__detach(prog, dev->index, (enum xdp_attach_mode)entry->mode, 0);
		break;
	}
	xdp_multiprog__close(mp);
	return err;
}

int attach_remove(const struct netif *dev, const struct attach_entry *entry)
{
	struct attach_taken taken;
	int err;

	if (entry->dispatched)
		err = detach_dispatched(dev, entry);
	else
		err = attach_take_one(dev, entry->id, entry->mode, &taken);
	if (!err && !entry->dispatched)
		close(taken.fd);
	if (!err)
		return 0;
	pr_err("cannot detach id %u ('%s') from '%s': %s", entry->id, entry->name, dev->name,
	       log_reason(LOG_KERNEL, strerror(-err)));
	return -EIO;
}

static int unload_all(const struct netif *dev, const struct attach_list *list)
{
	struct attach_taken taken[ATTACH_SLOTS];
	int err, n = 0, i;

	err = attach_take_off(dev, taken, &n);
	for (i = 0; i < n; i++) {
		close(taken[i].fd);
		pinning_drop_dispatcher(dev->index, taken[i].id);
	}
	if (err < 0)
		return -EIO;
	for (i = 0; log_shows(LOG_LEVEL_INFO) && i < list->count; i++)
		printf("detached id %u ('%s') from '%s'\n", list->entry[i].id, list->entry[i].name,
		       dev->name);
	if (!list->count && log_shows(LOG_LEVEL_INFO))
		printf("nothing is attached to '%s'\n", dev->name);
	return 0;
}

/* The entry that --unload [ID] means: 0, or -errno after an error line. */
static int choose_entry(const struct netif *dev, const struct attach_list *list, unsigned int id,
			const struct attach_entry **chosen)
{
	char ids[IDS_MAX];
	int i;

	if (!list->count) {
		pr_err("cannot detach from '%s': no XDP program is attached", dev->name);
		return -ENOENT;
	}
	if (!id && list->count > 1) {
		pr_err("several programs are attached to '%s', name one with --unload ID: %s",
		       dev->name, list_ids(list, ids, sizeof(ids)));
		return -EINVAL;
	}
	for (i = 0; i < list->count; i++)
		if (!id || list->entry[i].id == id) {
			*chosen = &list->entry[i];
			return 0;
		}
	pr_err("cannot detach id %u from '%s': attached there is %s", id, dev->name,
	       list_ids(list, ids, sizeof(ids)));
	return -ENOENT;
}

static int unload_one(const struct netif *dev, const struct attach_list *list, unsigned int id)
{
	const struct attach_entry *entry;
	int err;

	err = choose_entry(dev, list, id, &entry);
	if (!err)
		err = attach_remove(dev, entry);
	if (!err && log_shows(LOG_LEVEL_INFO))
		printf("detached id %u ('%s') from '%s'\n", entry->id, entry->name, dev->name);
	return err;
}

static int check_request(const struct netif *dev, const struct attach_opts *opts)
{
	if (!dev->index)
		pr_err("missing --dev IFNAME");
	else if (opts->unload_all && opts->unload.given)
		pr_err("--unload and --unload-all exclude each other");
	else if (opts->list)
		pr_err("--list and --unload exclude each other");
	else
		return 0;
	return -EINVAL;
}

int attach_unload(const struct netif *dev, const struct attach_opts *opts)
{
	struct attach_list list;
	int err, lock;

	err = check_request(dev, opts);
	if (!err)
		err = attach_check_privileges("detach from", dev);
	if (err)
		return err;
	lock = pinning_lock();
	err = attach_query(dev, &list);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", dev->name, strerror(-err));
		err = -EIO;
	} else {
		err = opts->unload_all ? unload_all(dev, &list) :
					 unload_one(dev, &list, opts->unload.id);
	}
	pinning_unlock(lock);
	return err ?: log_flush();
}
