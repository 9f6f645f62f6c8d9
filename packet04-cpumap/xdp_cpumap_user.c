// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach a program that spreads flows over CPUs; watch and change it. */
#include <errno.h>
#include <limits.h>

#include "attach.h"
#include "attach_pinned.h"
#include "cpumap.h"
#include "options.h"
#include "pinning.h"
#include "stats.h"

struct user_opts {
	struct netif dev;
	struct attach_opts attach;
	struct attach_pinned_opts pins;
	struct stats_opts stats;
	struct cpumap_opts cpumap;
	bool poll;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct user_opts, dev),
	OPTION("cpus", 0, "LIST", OPTION_STRING, struct user_opts, cpumap.cpus,
	       "CPUs to spread packets over, e.g. 0,2-3 (default: all online)"),
	OPTION_RANGE("qsize", 0, "N", OPTION_UINT, struct user_opts, cpumap.qsize, 1, QSIZE_MAX,
		     "packets that the queue of each CPU holds (default 2048)"),
	OPTION("no-cpu-prog", 0, NULL, OPTION_FLAG, struct user_opts, cpumap.no_cpu_prog,
	       "run no second program on these CPUs"),
	OPTION_RANGE("drop-port", 0, "PORT", OPTION_UINT, struct user_opts, cpumap.drop_port, 1,
		     65535, "port whose packets the second program drops"),
	OPTIONS_MODE(struct user_opts, attach),
	OPTIONS_UNLOAD(struct user_opts, attach),
	OPTIONS_OBJECT(struct user_opts, attach),
	OPTIONS_PINNING(struct user_opts, pins),
	OPTION("stats", 0, NULL, OPTION_FLAG, struct user_opts, poll,
	       "stay, report the counters, and detach at the end"),
	OPTIONS_STATS(struct user_opts, stats),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose =
		"Attach a program that hands packets to other CPUs, those of a flow to one,\n"
		"pin its maps, and leave both. Of one that was left: stats reports its counters,\n"
		"list shows its CPUs, set changes them (--cpus, --qsize).",
	.args = "[stats | list | set]",
	.options = options,
};

static int load_and_run(struct attach *at, const struct user_opts *opts, const char *folder,
			const struct cpus *cpus)
{
	int err;

	/* Load and attach; the maps get names under which others find them. */
	err = attach_pinned_load(at, &opts->dev, &opts->attach, &opts->pins);
	if (err)
		return err;

	/* Packets pass until there are queues for them. */
	err = cpumap_start(at, &opts->cpumap, folder, opts->pins.reuse, cpus);

	/* Leave it attached, or stay, report until told to end, and detach. */
	if (!err)
		err = opts->poll ? cpumap_report(folder, &opts->stats, &opts->dev, at) :
				   attach_print(at);
	if (opts->poll || err) {
		cpumap_overflow_stop(folder);
		if (attach_pinned_detach(at, &opts->pins) && !err)
			err = -EIO;
	}
	return err;
}

int main(int argc, char **argv)
{
	struct user_opts opts = { 0 };
	struct attach at = { 0 };
	char folder[PATH_MAX];
	struct cpus cpus;
	int err, first;

	err = options_parse(&spec, argc, argv, &opts, &first);
	if (err)
		return options_status(err);
	err = pinning_folder(folder, sizeof(folder), opts.pins.dir, &opts.dev);
	if (err)
		return attach_status(err);
	if (first < argc)
		return attach_status(cpumap_command(&opts.cpumap, &opts.stats, &opts.dev, folder,
						    argc - first, argv + first));
	if (opts.attach.unload.given || opts.attach.unload_all) {
		err = attach_pinned_unload(&opts.dev, &opts.attach, &opts.pins);
		cpumap_overflow_unload(folder, &opts.dev);
		return attach_status(err);
	}

	err = attach_open(&at, &opts.attach, "xdp_cpumap_kern.o", "xdp_cpumap_func");
	if (!err && opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	if (!err)
		err = cpumap_choose(&opts.cpumap, &cpus);
	if (!err)
		err = cpumap_prepare(&at, &opts.cpumap);
	if (!err)
		err = load_and_run(&at, &opts, folder, &cpus);
close:
	attach_close(&at);
	return attach_status(err);
}
