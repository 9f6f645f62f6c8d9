// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Loaders that pin their maps: attach and pin, detach and unpin. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "attach.h"
#include "attach_pinned.h"
#include "pinning.h"

/* Unpin what is in @folder, unless a program on @dev still uses it. */
static int clean_up(const struct netif *dev, const char *folder)
{
	struct attach_list left = { .count = 0 };
	unsigned int ids[ATTACH_LIST_MAX];
	int i;

	/* An interface that is gone holds no program. */
	attach_query(dev, &left);
	for (i = 0; i < left.count; i++)
		ids[i] = left.entry[i].id;
	return pinning_remove(folder, ids, left.count);
}

static int attach_and_pin(struct attach *at, const struct netif *dev,
			  const struct attach_opts *opts, bool reuse, const char *folder)
{
	int err = reuse ? pinning_reuse_maps(at->obj, folder) : 0;

	if (!err)
		err = attach_load(at, dev, opts);
	if (err)
		return err;
	err = pinning_pin_maps(at->obj, folder);
	if (err)
		attach_detach(at);
	return err;
}

int attach_pinned_load(struct attach *at, const struct netif *dev, const struct attach_opts *opts,
		       const struct attach_pinned_opts *pins)
{
	char folder[PATH_MAX];
	int err, made;

	/* Before anything is made that only root can make. */
	err = attach_check_privileges("attach to", dev);
	if (!err)
		err = pinning_folder(folder, sizeof(folder), pins->dir, dev);
	if (err)
		return err;
	made = pinning_make_folder(folder);
	if (made < 0)
		return made;
	err = attach_and_pin(at, dev, opts, pins->reuse, folder);
	if (!err)
		memcpy(at->pinned, folder, sizeof(folder));
	/* What was pinned there before us is not ours to remove. */
	if (err && made)
		clean_up(dev, folder);
	return err;
}

int attach_pinned_detach(struct attach *at, const struct attach_pinned_opts *pins)
{
	char folder[PATH_MAX];
	int err, cleaned = 0;

	err = attach_detach(at);
	if (!pins->reuse && !pinning_folder(folder, sizeof(folder), pins->dir, &at->dev))
		cleaned = clean_up(&at->dev, folder);
	return err ? err : cleaned;
}

int attach_pinned_unload(const struct netif *dev, const struct attach_opts *opts,
			 const struct attach_pinned_opts *pins)
{
	char folder[PATH_MAX];
	int err;

	err = pinning_folder(folder, sizeof(folder), pins->dir, dev);
	if (!err)
		err = attach_unload(dev, opts);
	return err ? err : clean_up(dev, folder);
}
