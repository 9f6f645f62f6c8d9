// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The object with the programs: opened, and made fit for the machine. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "attach.h"
#include "log.h"
#include "monitor_choose.h"
#include "rodata.h"

#define PROG_NAME_MAX 64
#define QUEUES "cpumap_enqueue_cnt"

struct bpf_program *monitor_program(const struct monitor *mon, enum event event)
{
	char name[PROG_NAME_MAX];

	snprintf(name, sizeof(name), "trace_%s", event_name(event));
	return bpf_object__find_program_by_name(mon->obj, name);
}

/* Room for as many CPUs as the machine may ever have. */
static int set_size(struct monitor *mon)
{
	struct bpf_map *map = bpf_object__find_map_by_name(mon->obj, QUEUES);
	int err = cpus_read("possible", &mon->cpus);

	if (err) {
		pr_err("cannot see which CPUs there may be: %s", strerror(-err));
		return -EIO;
	}
	err = bpf_map__set_max_entries(map, mon->cpus.cpu[mon->cpus.count - 1] + 1);
	if (!err)
		return 0;
	pr_err("cannot set the size of map '" QUEUES "': %s", strerror(-err));
	return -ENOEXEC;
}

/* The number of our own network namespace, as the kernel knows it. */
static int own_netns(__u32 *number)
{
	struct stat netns;

	if (stat("/proc/self/ns/net", &netns)) {
		pr_err("cannot see '/proc/self/ns/net': %s", strerror(errno));
		return -EIO;
	}
	*number = (__u32)netns.st_ino;
	return 0;
}

static int set_settings(const struct monitor *mon, const struct monitor_choice *choice)
{
	__u32 ifindex = (__u32)mon->opts.dev.index, netns = 0;
	int err = 0;

	if (choice->plain)
		err = rodata_set(mon->obj, "fields", choice->events.fields,
				 sizeof(choice->events.fields));
	if (err || !ifindex)
		return err;
	err = rodata_set(mon->obj, "only_ifindex", &ifindex, sizeof(ifindex));
	if (err || choice->plain)
		return err;
	err = own_netns(&netns);
	return err ? err : rodata_set(mon->obj, "only_netns", &netns, sizeof(netns));
}

int monitor_prepare(struct monitor *mon, const struct monitor_choice *choice)
{
	char path[PATH_MAX];
	int i, err;

	if (attach_find_file(choice->object, path, sizeof(path)))
		return -ENOEXEC;
	mon->obj = bpf_object__open_file(path, NULL);
	if (!mon->obj) {
		pr_err("cannot open '%s' as a BPF object file: %s", path,
		       log_reason(LOG_LIBBPF, strerror(errno)));
		return -ENOEXEC;
	}
	err = set_size(mon);
	if (err)
		return err;
	for (i = 0; i < EVENTS; i++)
		bpf_program__set_autoload(monitor_program(mon, (enum event)i),
					  choice->events.there[i]);
	return set_settings(mon, choice);
}
