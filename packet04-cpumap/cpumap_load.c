// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Getting the object ready before it is loaded, and packets going after. */
#include <errno.h>
#include <string.h>

#include "cpumap.h"
#include "log.h"
#include "maps.h"
#include "rodata.h"

#define LIST_MAX 256
#define CPU_PROG "xdp_cpumap_target_func"

int cpumap_choose(const struct cpumap_opts *opts, struct cpus *cpus)
{
	struct cpus online;
	char list[LIST_MAX];
	unsigned int i;
	int err = cpus_read("online", &online);

	if (err) {
		pr_err("cannot see which CPUs there are: %s", strerror(-err));
		return -EIO;
	}
	*cpus = online;
	if (!opts->cpus || !strcmp(opts->cpus, "all"))
		return 0;
	err = cpus_parse(opts->cpus, cpus);
	if (err == -EINVAL) {
		pr_err("bad value '%s' for --cpus: not 'all', nor a list like 0,2-3", opts->cpus);
		return -EINVAL;
	}
	for (i = 0; !err && i < cpus->count; i++)
		if (!cpus_has(&online, cpus->cpu[i]))
			err = -ENODEV;
	if (!err)
		return 0;
	pr_err("bad value '%s' for --cpus: online are only %s", opts->cpus,
	       cpus_format(&online, list, sizeof(list)));
	return -EINVAL;
}

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

int cpumap_prepare(struct attach *at, const struct cpumap_opts *opts)
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

int cpumap_start(struct attach *at, const struct cpumap_opts *opts, const char *folder, bool reuse,
		 const struct cpus *cpus)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(at->obj, CPU_PROG);
	struct cpumap_queue like = {
		.qsize = opts->qsize ? opts->qsize : QSIZE_DEFAULT,
		.prog_fd = opts->no_cpu_prog ? -1 : bpf_program__fd(prog),
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
	err = cpumap_overflow_start(info.id, info.layout.max_entries, folder, reuse);
	if (!err)
		err = cpumap_open(&map, folder);
	if (err)
		return err;
	err = cpumap_spread(&map, cpus, &like);
	cpumap_close(&map);
	return err;
}
