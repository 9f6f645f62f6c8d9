// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Attach a program that spreads flows over CPUs, and a tracing program beside it
 * that counts what a full queue has not taken. (What can be done with them then
 * is in cpumap_commands.c.)
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "attach_pinned.h"
#include "cpumap.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "pinning.h"
#include "probe/probe.h"
#include "rodata.h"
#include "stats.h"

#define CPU_PROG "xdp_cpumap_target_func"
#define OVERFLOW_OBJECT "cpumap_overflow_kern.o"
#define OVERFLOW_PROG "trace_cpumap_enqueue"
#define PIN_MAX (PATH_MAX + 32)

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

/* One more than the largest number that a CPU can ever have. */
static int count_keys(unsigned int *keys)
{
	struct cpus possible;
	int err = cpus_read("possible", &possible);

	if (err) {
		pr_err("cannot see which CPUs there may be: %s", strerror(-err));
		return -EIO;
	}
	*keys = possible.cpu[possible.count - 1] + 1;
	return 0;
}

/*
 * Before loading: give the maps a key for each CPU of this machine, and choose
 * what is loaded.
 */
static int configure(struct attach *at, const struct cpumap_opts *opts)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(at->obj, CPU_PROG);
	__u16 drop_port = (__u16)opts->drop_port;
	unsigned int keys;
	int err;

	if (drop_port && opts->no_cpu_prog) {
		pr_err("cannot drop what goes to port %u without the second program",
		       opts->drop_port);
		return -EINVAL;
	}
	err = count_keys(&keys);
	if (!err)
		err = maps_resize(at->obj, at->path, "cpu_map", keys);
	if (!err)
		err = maps_resize(at->obj, at->path, "cpu_steered", keys);
	if (err || opts->no_cpu_prog)
		return err;
	if (!prog) {
		pr_err("no program '" CPU_PROG "' in '%s' (use --no-cpu-prog)", at->path);
		return -ENOEXEC;
	}
	/* attach_open() lets only the one be loaded that is attached. */
	bpf_program__set_autoload(prog, true);
	return drop_port ? rodata_set(at->obj, "drop_port", &drop_port, sizeof(drop_port)) : 0;
}

/* Open the tracing program, and have it be about the cpumap with this id. */
static int overflow_open(struct bpf_object **obj, const struct maps_info *cpu_map)
{
	char path[PATH_MAX];
	int err;

	*obj = attach_open_object(OVERFLOW_OBJECT, path);
	if (!*obj)
		return -ENOEXEC;
	err = maps_resize(*obj, path, "cpu_overflow", cpu_map->layout.max_entries);
	return err ? err : rodata_set(*obj, "cpu_map_id", &cpu_map->id, sizeof(cpu_map->id));
}

static int overflow_load(struct bpf_object *obj)
{
	int err = probe_explain("cpumap", bpf_object__load(obj));

	if (!err || err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot load '" OVERFLOW_OBJECT "': %s", strerror(-err));
	log_rejection(OVERFLOW_PROG);
	return -ENOEXEC;
}

/* The counting goes on when the loader has ended, until this. */
static void overflow_stop(const char *folder)
{
	char pin[PIN_MAX];

	snprintf(pin, sizeof(pin), "%s/" OVERFLOW_PROG, folder);
	unlink(pin); /* perhaps there is none */
}

/*
 * Tracing ends with its link, and a link with its last holder: a pin under a
 * name, as in basic04-pinning-maps. One of an earlier run goes.
 */
static int overflow_attach(struct bpf_object *obj, const char *folder)
{
	char pin[PIN_MAX];
	struct bpf_link *link;
	int err;

	link = bpf_program__attach(bpf_object__find_program_by_name(obj, OVERFLOW_PROG));
	if (!link) {
		err = probe_explain("cpumap", -errno);
		if (err == PROBE_UNSUPPORTED)
			return err;
		pr_err("cannot attach '" OVERFLOW_PROG "': %s", strerror(-err));
		return -ENOEXEC;
	}
	snprintf(pin, sizeof(pin), "%s/" OVERFLOW_PROG, folder);
	overflow_stop(folder);
	err = bpf_link__pin(link, pin);
	if (err)
		pr_err("cannot pin '%s': %s", pin, strerror(-err));
	bpf_link__destroy(link);
	return err ? -ENOEXEC : 0;
}

/* Count what the queues of a cpumap do not take; map and tracepoint are pinned. */
static int overflow_start(const struct maps_info *cpu_map, const char *folder, bool reuse)
{
	struct bpf_object *obj = NULL;
	int err;

	err = overflow_open(&obj, cpu_map);
	if (!err && reuse)
		err = pinning_reuse_maps(obj, folder);
	if (!err)
		err = overflow_load(obj);
	if (!err)
		err = pinning_pin_maps(obj, folder);
	if (!err)
		err = overflow_attach(obj, folder);
	bpf_object__close(obj);
	return err;
}

/* With the last program on @dev that uses the cpumap of @folder, it ends too. */
static void overflow_unload(const char *folder, const struct netif *dev)
{
	struct attach_list left = { .count = 0 };
	struct maps_info info = { 0 };
	char path[PIN_MAX];
	bool used = false;
	int fd, i;

	snprintf(path, sizeof(path), "%s/cpu_map", folder);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return;
	if (!maps_get_info(fd, &info) && !attach_query(dev, &left))
		for (i = 0; i < left.count; i++)
			used |= maps_used_by(left.entry[i].id, info.id);
	close(fd);
	if (!used)
		overflow_stop(folder);
}

/*
 * After loading and pinning in @folder: count what overflows (with --reuse-maps in
 * the map that is pinned there), and have packets go to @cpus.
 */
static int start(struct attach *at, const struct user_opts *opts, const char *folder,
		 const struct cpus *cpus)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(at->obj, CPU_PROG);
	struct cpumap_queue like = {
		.qsize = opts->cpumap.qsize ? opts->cpumap.qsize : QSIZE_DEFAULT,
		.prog_fd = opts->cpumap.no_cpu_prog ? -1 : bpf_program__fd(prog),
	};
	struct maps_info info = { 0 };
	struct cpumap map;
	int err;

	err = maps_get_info(maps_find(at->obj, "cpu_map"), &info);
	if (err) {
		pr_err("cannot read what 'cpu_map' is: %s", strerror(-err));
		return -ENOEXEC;
	}
	/* Before the first packet that may be too much for a queue. */
	err = overflow_start(&info, folder, opts->pins.reuse);
	if (!err)
		err = cpumap_open(&map, folder);
	if (err)
		return err;
	err = cpumap_spread(&map, cpus, &like);
	cpumap_close(&map);
	return err;
}

static int load_and_run(struct attach *at, const struct user_opts *opts, const char *folder,
			const struct cpus *cpus)
{
	int err;

	/* Load and attach; the maps get names under which others find them. */
	err = attach_pinned_load(at, &opts->dev, &opts->attach, &opts->pins);
	if (err)
		return err;

	/* Packets pass until there are queues for them. */
	err = start(at, opts, folder, cpus);

	/* Leave it attached, or stay, report until told to end, and detach. */
	if (!err)
		err = opts->poll ? cpumap_report(folder, &opts->stats, &opts->dev, at) :
				   attach_print(at);
	if (opts->poll || err) {
		overflow_stop(folder);
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
	err = stats_check(&opts.stats, opts.poll);
	if (err)
		return attach_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all) {
		err = attach_pinned_unload(&opts.dev, &opts.attach, &opts.pins);
		overflow_unload(folder, &opts.dev);
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
		err = configure(&at, &opts.cpumap);
	if (!err)
		err = load_and_run(&at, &opts, folder, &cpus);
close:
	attach_close(&at);
	return attach_status(err);
}
