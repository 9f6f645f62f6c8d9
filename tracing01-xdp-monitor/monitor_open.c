// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* From the choice of tracepoints to programs that run there. */
#include <errno.h>
#include <string.h>

#include "log.h"
#include "maps.h"
#include "monitor.h"
#include "monitor_choose.h"
#include "probe/probe.h"

static const char *const map_names[MONITOR_KINDS] = {
	[MONITOR_REDIRECT] = "redirect_err_cnt",  [MONITOR_EXCEPTION] = "exception_cnt",
	[MONITOR_ENQUEUE] = "cpumap_enqueue_cnt", [MONITOR_KTHREAD] = "cpumap_kthread_cnt",
	[MONITOR_XMIT] = "devmap_xmit_cnt",
};

static int load(struct monitor *mon, const struct monitor_choice *choice)
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
		name = bpf_program__name(monitor_program(mon, (enum event)i));
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
	int i;

	for (i = 0; i < MONITOR_KINDS; i++) {
		mon->map_fd[i] = maps_find(mon->obj, map_names[i]);
		if (mon->map_fd[i] < 0 || maps_check(mon->map_fd[i], map_names[i], &want) ||
		    maps_get_info(mon->map_fd[i], &info))
			return -ENOEXEC;
		mon->keys[i] = info.layout.max_entries;
	}
	return 0;
}

static int attach(struct monitor *mon, const struct monitor_choice *choice)
{
	struct bpf_program *prog;
	int i, err;

	for (i = 0; i < EVENTS; i++) {
		if (!choice->events.there[i])
			continue;
		prog = monitor_program(mon, (enum event)i);
		mon->link[i] = choice->plain ?
				       event_attach_plain(choice->tracefs, (enum event)i, prog) :
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
	struct monitor_choice choice;
	int err;

	err = attach_check_privileges("trace", &what);
	if (err)
		return err;
	mon->opts = *opts;
	err = monitor_choose(&choice, opts);
	if (!err)
		err = monitor_prepare(mon, &choice);
	if (!err)
		err = load(mon, &choice);
	if (!err)
		err = find_maps(mon);
	/* Whose events are ours must be known before the first one. */
	if (!err)
		err = monitor_watch(mon);
	if (!err)
		err = attach(mon, &choice);
	monitor_choice_free(&choice);
	return err;
}

void monitor_close(struct monitor *mon)
{
	int i;

	for (i = 0; i < EVENTS; i++)
		bpf_link__destroy(mon->link[i]);
	bpf_object__close(mon->obj);
	memset(mon, 0, sizeof(*mon));
}
