// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Files in turn: FILE-00001.pcapng, FILE-00002.pcapng, ... */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "store.h"

#define MILLION 1000000ULL

/* The number stands before the ending, which says the format. */
static void file_name(const struct store *store, unsigned int number, char *path, size_t size)
{
	const char *file = store->opts->file, *ending = strrchr(file, '.');

	if (!number)
		snprintf(path, size, "%s", file);
	else
		snprintf(path, size, "%.*s-%05u%s", (int)(ending - file), file, number, ending);
}

static int create(struct store *store)
{
	char path[PATH_MAX];

	file_name(store, store->number, path, sizeof(path));
	store->writer = capfile_create_stream(path, &store->setup);
	return store->writer ? 0 : -EIO;
}

int store_open(struct store *store, const struct sample_opts *opts,
	       const struct capfile_setup *setup)
{
	store->opts = opts;
	store->setup = *setup;
	store->number = opts->rotate_size ? 1 : 0;
	return opts->file ? create(store) : 0;
}

/* Only files that this run has made are removed. */
static void remove_oldest(const struct store *store)
{
	unsigned int keep = store->opts->rotate_count;
	char path[PATH_MAX];

	if (!keep || store->number <= keep)
		return;
	file_name(store, store->number - keep, path, sizeof(path));
	if (unlink(path) && errno != ENOENT)
		pr_warn("cannot remove '%s': %s", path, strerror(errno));
}

static int turn(struct store *store)
{
	int err = capfile_finish(store->writer);

	store->writer = NULL;
	if (err)
		return err;
	store->number++;
	remove_oldest(store);
	return create(store);
}

int store_add(struct store *store, const struct capfile_packet *packet,
	      const struct capfile_note *note)
{
	const unsigned long long full = store->opts->rotate_size * MILLION;
	int err = 0;

	if (!store->writer)
		return 0;
	if (full && capfile_size(store->writer) >= full)
		err = turn(store);
	return err ? err : capfile_write_note(store->writer, packet, note);
}

int store_flush(struct store *store)
{
	return store->writer ? capfile_flush(store->writer) : 0;
}

int store_close(struct store *store)
{
	int err = capfile_finish(store->writer);

	store->writer = NULL;
	return err;
}

void store_name(const struct store *store, char *name, size_t size)
{
	unsigned int keep = store->opts->rotate_count, first = 1;
	char path[PATH_MAX], last[PATH_MAX];

	if (keep && store->number > keep)
		first = store->number - keep + 1;
	file_name(store, store->number ? first : 0, path, sizeof(path));
	file_name(store, store->number, last, sizeof(last));
	if (store->number > first)
		snprintf(name, size, "%s to %s", path, last);
	else
		snprintf(name, size, "%s", strcmp(path, "-") ? path : "standard output");
}
