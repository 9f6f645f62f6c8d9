// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Run three counters on all CPUs at once, on a packet that the kernel hands to
 * the program again and again (BPF_PROG_RUN, see testing01-prog-run), and
 * print what each has counted. No interface is used.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "compare.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"
#include "probe/probe.h"

#define REPEAT_DEFAULT 1000000

struct compare_opts {
	unsigned int repeat;
};

static const struct option_line options[] = {
	OPTION_RANGE("repeat", 'r', "N", OPTION_UINT, struct compare_opts, repeat, 1, 100000000,
		     "packets on each CPU (default 1000000)"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Count on all CPUs at once in three ways, and compare.",
	.options = options,
};

/* The programs, and the map in which each counts. */
static const struct {
	const char *title, *prog, *map;
} counters[] = {
	{ "plain", "count_plain_func", "shared_map" },
	{ "atomic", "count_atomic_func", "shared_map" },
	{ "per CPU", "count_percpu_func", "percpu_map" },
};

/* The sum over all CPUs of the one element of @map; it is set back to 0. */
static int take_count(const struct bpf_map *map, unsigned long long *count)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 *values;
	__u32 key = 0;
	int err, i;

	values = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*values));
	if (!values)
		return -ENOMEM;
	err = bpf_map_lookup_elem(bpf_map__fd(map), &key, values);
	for (i = 0, *count = 0; !err && i < cpus; i++)
		*count += values[i];
	memset(values, 0, (size_t)cpus * sizeof(*values));
	if (!err)
		err = bpf_map_update_elem(bpf_map__fd(map), &key, values, BPF_ANY);
	free(values);
	return err ? -errno : 0;
}

static int compare_one(struct bpf_object *obj, size_t i, unsigned int repeat)
{
	struct bpf_program *prog;
	unsigned long long count;
	struct compare_run run;
	struct bpf_map *map;
	int err;

	prog = bpf_object__find_program_by_name(obj, counters[i].prog);
	map = bpf_object__find_map_by_name(obj, counters[i].map);
	if (!prog || !map)
		return -ENOENT;
	err = compare_run(bpf_program__fd(prog), repeat, &run);
	if (!err)
		err = take_count(map, &count);
	if (!err && !i)
		printf("%-10s %14s %14s %14s %10s\n", "counter", "packets", "counted", "lost",
		       "ns/packet");
	if (!err)
		printf("%-10s %14llu %14llu %14llu %10.1f\n", counters[i].title, run.packets, count,
		       run.packets - count, run.ns);
	return err;
}

int main(int argc, char **argv)
{
	struct compare_opts opts = { .repeat = REPEAT_DEFAULT };
	struct bpf_object *obj = NULL;
	char path[PATH_MAX];
	size_t i;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (attach_find_file("xdp_compare_kern.o", path, sizeof(path)))
		return EXIT_FAIL_BPF;
	obj = bpf_object__open_file(path, NULL);
	if (!obj || bpf_object__load(obj)) {
		err = errno;
		pr_err("cannot load '%s': %s", path, strerror(err));
		bpf_object__close(obj);
		return err == EPERM ? EXIT_FAIL : EXIT_FAIL_BPF;
	}

	for (i = 0; !err && i < sizeof(counters) / sizeof(counters[0]); i++)
		err = compare_one(obj, i, opts.repeat);
	err = probe_explain("prog_run", err);
	if (err && err != PROBE_UNSUPPORTED)
		pr_err("cannot run '%s': %s", counters[i - 1].prog, strerror(-err));
	if (!err)
		err = output_flush();
	bpf_object__close(obj);
	return probe_status(err);
}
