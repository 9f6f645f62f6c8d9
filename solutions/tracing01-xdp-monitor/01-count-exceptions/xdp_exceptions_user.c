// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach to the tracepoint, and report at the end. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "log.h"
#include "maps.h"
#include "options.h"
#include "rodata.h"
#include "signals.h"
#include "xdp_exceptions.h"

#define SECOND 1.0

struct exceptions_opts {
	struct netif dev;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct exceptions_opts, dev),
	OPTIONS_END,
};

static const struct option_spec spec = {
	.purpose = "Count the packets of an interface that a verdict of XDP has lost, by verdict,\n"
		   "until a signal; then print the counts.",
	.options = options,
};

static const char *const names[EXCEPTIONS_KEYS] = { "XDP_ABORTED", "XDP_DROP",	   "XDP_PASS",
						    "XDP_TX",	   "XDP_REDIRECT", "other" };

/* Open and load the object for @dev. NULL after one error line. */
static struct bpf_object *load(const struct netif *dev)
{
	__u32 ifindex = (__u32)dev->index, inode;
	struct bpf_object *obj;
	struct stat netns;
	char path[PATH_MAX];
	int err;

	obj = attach_open_object("xdp_exceptions_kern.o", path);
	if (!obj)
		return NULL;
	err = stat("/proc/self/ns/net", &netns) ? -errno : 0;
	inode = err ? 0 : (__u32)netns.st_ino;
	if (!err)
		err = rodata_set(obj, "only_ifindex", &ifindex, sizeof(ifindex));
	if (!err)
		err = rodata_set(obj, "only_netns", &inode, sizeof(inode));
	if (!err)
		err = bpf_object__load(obj);
	if (!err)
		return obj;
	pr_err("cannot load '%s': %s", path, strerror(-err));
	log_rejection("trace_xdp_exception");
	bpf_object__close(obj);
	return NULL;
}

static int report(const struct bpf_object *obj)
{
	int map = maps_find(obj, "exceptions_map");
	__u64 count;
	__u32 key;

	if (map < 0)
		return map;
	for (key = 0; key < EXCEPTIONS_KEYS; key++)
		if (!bpf_map_lookup_elem(map, &key, &count) && count)
			printf("%s %llu\n", names[key], (unsigned long long)count);
	return output_flush();
}

int main(int argc, char **argv)
{
	struct exceptions_opts opts = { 0 };
	struct bpf_link *link = NULL;
	struct bpf_object *obj;
	sigset_t signals;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	signals_hold(&signals);
	obj = load(&opts.dev);
	if (obj)
		link = bpf_program__attach(
			bpf_object__find_program_by_name(obj, "trace_xdp_exception"));
	err = link ? 0 : -ENOEXEC;
	if (obj && !link)
		pr_err("cannot attach to the tracepoint: %s", strerror(errno));
	if (!err) {
		pr_info("attached to xdp_exception; Ctrl-C ends it");
		while (!signals_wait(SECOND))
			;
		err = report(obj);
	}
	bpf_link__destroy(link);
	bpf_object__close(obj);
	signals_restore(&signals);
	return attach_status(err);
}
