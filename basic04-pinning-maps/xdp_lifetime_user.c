// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Show what keeps a map or a program alive, and what outlives its loader. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach.h"
#include "holders.h"
#include "log.h"
#include "options.h"
#include "outlive.h"
#include "pinning.h"
#include "signals.h"

struct lifetime_opts {
	struct netif dev;
};

static const struct option_line options[] = { OPTIONS_DEVICE(struct lifetime_opts, dev),
					      OPTIONS_END };

static const struct option_spec spec = {
	.purpose = "Show what holds a map and a program, and what outlives its loader.\n"
		   "The interface must have no XDP program, and is left like that.",
	.options = options,
};

/* What a loader does that ends at once: attach, and tell us the id. */
static void loader(const struct outlive_way *way, const struct netif *dev, int tell)
{
	int fd = way->attach(dev);
	unsigned int id = fd < 0 ? 0 : holders_prog_id(fd);

	if (write(tell, &id, sizeof(id)) != sizeof(id))
		_exit(1);
	_exit(0);
}

/* Have another process attach and end. Returns the id, 0 where it failed. */
static unsigned int run_loader(const struct outlive_way *way, const struct netif *dev)
{
	unsigned int id = 0;
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return 0;
	fflush(stdout);
	pid = fork();
	if (!pid)
		loader(way, dev, ends[1]);
	close(ends[1]);
	if (pid < 0 || read(ends[0], &id, sizeof(id)) != sizeof(id))
		id = 0;
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return id;
}

static void show_outliving(const struct netif *dev)
{
	const struct outlive_way *way;
	unsigned int id;

	printf("a program whose loader has ended, attached by\n");
	outlive_prepare(dev);
	for (way = outlive_ways; way->name; way++) {
		id = run_loader(way, dev);
		printf("  %-57s %s\n", way->name,
		       !id			? "(not here)" :
		       holders_prog_is_gone(id) ? "no" :
						  "yes");
		way->undo(dev);
	}
	outlive_finish(dev);
}

int main(int argc, char **argv)
{
	struct lifetime_opts opts = { 0 };
	struct attach_list list;
	sigset_t signals;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	err = attach_check_privileges("attach to", &opts.dev);
	if (err)
		return attach_status(err);
	if (attach_query(&opts.dev, &list) || list.count) {
		pr_err("cannot use '%s': it has an XDP program (another lab?)", opts.dev.name);
		return EXIT_FAIL_XDP;
	}

	/* Held back: what is begun here is also undone. */
	signals_hold(&signals);
	pinning_mount_bpffs();
	err = holders_of_map();
	if (!err)
		err = holders_of_prog(&opts.dev);
	if (!err)
		show_outliving(&opts.dev);
	else
		pr_err("cannot show it on '%s': %s", opts.dev.name, strerror(-err));
	signals_restore(&signals);
	return err || output_flush() ? EXIT_FAIL : EXIT_OK;
}
