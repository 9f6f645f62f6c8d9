// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * From the options to programs that count: choose the tracepoints that are wanted and that the
 * kernel has, open the object with the programs, load it and attach them.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "attach.h"
#include "log.h"
#include "maps.h"
#include "monitor.h"
#include "probe/probe.h"
#include "rodata.h"
#include "tracefs.h"

#define NAME_SIZE 64
#define LIST_SIZE 256

struct choice {
	bool plain;
	int tracefs; /* its folder, or -1 */
	const char *object; /* the file with the programs */
	bool chosen[EVENTS];
	struct event_fields fields[EVENTS]; /* of plain tracepoints */
};

/* Tracepoints with types: those that the kernel's BTF knows. False: it has no types. */
static bool find_typed(struct choice *choice)
{
	struct btf *btf = btf__load_vmlinux_btf();
	char name[NAME_SIZE];
	int i;

	if (!btf)
		return false;
	for (i = 0; i < EVENTS; i++) {
		/* The function type of its programs bears the tracepoint's name. */
		snprintf(name, sizeof(name), "btf_trace_%s", monitor_events[i].tracepoint);
		choice->chosen[i] = btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF) > 0;
	}
	btf__free(btf);
	return true;
}

/* Keep what is wanted, and report once what of it is not there. */
static int keep_wanted(struct choice *choice, const struct monitor_opts *opts)
{
	char list[LIST_SIZE] = "";
	int i, kept = 0;
	size_t len = 0;

	for (i = 0; i < EVENTS; i++) {
		if (opts->errors_only && monitor_events[i].every_packet)
			choice->chosen[i] = false;
		else if (choice->chosen[i])
			kept++;
		else if (len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
						len ? ", " : "", monitor_events[i].tracepoint);
	}
	if (kept && len)
		pr_info("this kernel has no tracepoint %s: left out", list);
	if (kept)
		return 0;
	pr_err("this kernel has none of the tracepoints of XDP: %s", list);
	return PROBE_UNSUPPORTED;
}

static int choose(struct choice *choice, const struct monitor_opts *opts)
{
	int i;

	choice->object = "xdp_monitor_kern.o";
	choice->plain = opts->plain;
	if (!choice->plain && !find_typed(choice)) {
		pr_info("this kernel does not tell its types (BTF): plain tracepoints are used");
		choice->plain = true;
	}
	if (choice->plain) {
		choice->object = "xdp_monitor_plain_kern.o";
		choice->tracefs = tracefs_open();
		if (choice->tracefs < 0)
			return -ENODEV;
		for (i = 0; i < EVENTS; i++)
			choice->chosen[i] = monitor_find_plain(choice->tracefs, (enum event)i,
							       &choice->fields[i]);
	}
	return keep_wanted(choice, opts);
}

/* The program for a tracepoint, in the open object. */
static struct bpf_program *program(const struct monitor *mon, int event)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "trace_%s", monitor_events[event].tracepoint);
	return bpf_object__find_program_by_name(mon->obj, name);
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

/* The settings of the programs: whose events to count, and where in them the fields are. */
static int set_rodata(const struct monitor *mon, const struct choice *choice)
{
	__u32 ifindex = (__u32)mon->opts.dev.index, netns = 0;
	int err = 0;

	if (choice->plain)
		err = rodata_set(mon->obj, "fields", choice->fields, sizeof(choice->fields));
	if (err || !ifindex)
		return err;
	err = rodata_set(mon->obj, "only_ifindex", &ifindex, sizeof(ifindex));
	if (err || choice->plain)
		return err;
	err = own_netns(&netns);
	return err ? err : rodata_set(mon->obj, "only_netns", &netns, sizeof(netns));
}

/* Open the object, and prepare it for the machine. */
static int open_object(struct monitor *mon, const struct choice *choice)
{
	struct bpf_program *prog;
	char path[PATH_MAX];
	int i, err;

	mon->obj = attach_open_object(choice->object, path);
	if (!mon->obj)
		return -ENOEXEC;
	err = cpus_read("possible", &mon->cpus);
	if (err) {
		pr_err("cannot see which CPUs there may be: %s", strerror(-err));
		return -EIO;
	}
	for (i = 0; !err && i < EVENTS; i++) {
		prog = program(mon, i);
		if (!prog) {
			pr_err("no program 'trace_%s' in '%s'", monitor_events[i].tracepoint, path);
			return -ENOEXEC;
		}
		bpf_program__set_autoload(prog, choice->chosen[i]);
		/* Room for as many CPUs as the machine may ever have. */
		if (monitor_events[i].key == KEY_CPU)
			err = maps_resize(mon->obj, path, monitor_events[i].map,
					  mon->cpus.cpu[mon->cpus.count - 1] + 1);
	}
	return err ? err : set_rodata(mon, choice);
}

static int load(struct monitor *mon, const struct choice *choice)
{
	const char *name;
	int i, err = bpf_object__load(mon->obj);

	if (err && !choice->plain)
		err = probe_explain("tp_btf", err);
	if (!err || err == PROBE_UNSUPPORTED)
		return err;
	pr_err("cannot load '%s': %s%s", choice->object, strerror(-err),
	       err == -EPERM ? " (run it as root, with sudo)" : "");
	for (i = 0; i < EVENTS; i++) {
		name = bpf_program__name(program(mon, i));
		if (log_rejected(name))
			log_rejection(name);
	}
	return -ENOEXEC;
}

/* The maps exist; are they those that we know? */
static int find_maps(struct monitor *mon)
{
	struct maps_layout want = {
		.type = BPF_MAP_TYPE_PERCPU_ARRAY,
		.key_size = sizeof(__u32),
		.value_size = sizeof(struct event_count),
	};
	struct maps_info info;
	const char *name;
	int i;

	for (i = 0; i < EVENTS; i++) {
		name = monitor_events[i].map;
		if (!name)
			continue;
		mon->map_fd[i] = maps_find(mon->obj, name);
		if (mon->map_fd[i] < 0 || maps_check(mon->map_fd[i], name, &want) ||
		    maps_get_info(mon->map_fd[i], &info))
			return -ENOEXEC;
		mon->keys[i] = info.layout.max_entries;
	}
	return 0;
}

static int attach(struct monitor *mon, const struct choice *choice)
{
	struct bpf_program *prog;
	int i, err;

	for (i = 0; i < EVENTS; i++) {
		if (!choice->chosen[i])
			continue;
		prog = program(mon, i);
		mon->link[i] = choice->plain ?
				       monitor_attach_plain(choice->tracefs, (enum event)i, prog) :
				       bpf_program__attach(prog);
		if (mon->link[i])
			continue;
		err = choice->plain ? -errno : probe_explain("tp_btf", -errno);
		if (err == PROBE_UNSUPPORTED)
			return err;
		pr_err("cannot attach '%s': %s", bpf_program__name(prog), strerror(-err));
		return -EIO;
	}
	return 0;
}

int monitor_open(struct monitor *mon, const struct monitor_opts *opts)
{
	const struct netif what = { .name = "XDP" };
	struct choice choice = { .tracefs = -1 };
	int i, err;

	err = attach_check_privileges("trace", &what);
	if (err)
		return err;
	mon->opts = *opts;
	err = choose(&choice, opts);
	if (!err)
		err = open_object(mon, &choice);
	if (!err)
		err = load(mon, &choice);
	if (!err)
		err = find_maps(mon);
	/* Whose events are ours must be known before the first one. */
	if (!err)
		err = monitor_watch(mon);
	if (!err)
		err = attach(mon, &choice);
	if (choice.tracefs >= 0)
		close(choice.tracefs);
	if (err)
		return err;
	for (i = 0; i < EVENTS; i++)
		mon->attached += mon->link[i] != NULL;
	pr_info("attached to %u tracepoints; Ctrl-C ends it", mon->attached);
	return 0;
}

void monitor_close(struct monitor *mon)
{
	int i;

	for (i = 0; i < EVENTS; i++)
		bpf_link__destroy(mon->link[i]);
	if (mon->attached)
		pr_info("detached from %u tracepoints", mon->attached);
	bpf_object__close(mon->obj);
	memset(mon, 0, sizeof(*mon));
}
