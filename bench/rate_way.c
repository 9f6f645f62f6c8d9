// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The ways of frames: what a program needs, and what arrives. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "log.h"
#include "maps.h"
#include "rate.h"
#include "rodata.h"

/* What the lessons' objects agree on with their own commands. */
#define PORT_OF_MAP 0 /* the key of tx_port that goes with redirect_params */
#define BUCKETS 1024 /* entries of cpu_buckets */
#define CPU_PROG "xdp_cpumap_target_func"
#define QUEUE 2048 /* packets */

static int put(const struct rate_case *one, const char *map, const void *key, const void *value)
{
	int fd = maps_find(one->at.obj, map);

	if (fd < 0)
		return -ENOEXEC;
	if (!bpf_map_update_elem(fd, key, value, BPF_ANY))
		return 0;
	pr_err("cannot fill map '%s': %s", map, strerror(errno));
	return -EIO;
}

static int set_redirect(struct rate_case *one, const struct rate_lab *lab)
{
	__u32 index = (__u32)lab->out.dev.index;
	int err = rodata_set(one->at.obj, "redirect_ifindex", &index, sizeof(index));

	if (err)
		return err;
	return rodata_set(one->at.obj, "redirect_mac", lab->far.mac.addr,
			  sizeof(lab->far.mac.addr));
}

static int fill_map(struct rate_case *one, const struct rate_lab *lab)
{
	__u32 key = PORT_OF_MAP, index = (__u32)lab->out.dev.index;
	int err = put(one, "tx_port", &key, &index);

	if (err)
		return err;
	return put(one, "redirect_params", lab->send.mac.addr, lab->far.mac.addr);
}

static int set_direct(struct rate_case *one, const struct rate_lab *lab)
{
	__u32 flags = BPF_FIB_LOOKUP_DIRECT;

	(void)lab; /* the same in each */
	return rodata_set(one->at.obj, "router_flags", &flags, sizeof(flags));
}

static int fill_router(struct rate_case *one, const struct rate_lab *lab)
{
	__u32 index = (__u32)lab->out.dev.index;

	return put(one, "tx_port", &index, &index);
}

/* Queues for the CPUs up to the one in use; what arrives there is dropped. */
static int set_cpumap(struct rate_case *one, const struct rate_lab *lab)
{
	struct bpf_object *obj = one->at.obj;
	struct bpf_program *target = bpf_object__find_program_by_name(obj, CPU_PROG);
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "cpu_map");
	__u16 port = RATE_PORT;

	if (!target || !map || bpf_map__set_max_entries(map, (__u32)lab->other_cpu + 1)) {
		pr_err("cannot use '%s': no 'cpu_map' or no '" CPU_PROG "'", one->object);
		return -ENOEXEC;
	}
	/* attach_open() lets only the one be loaded that is attached. */
	bpf_program__set_autoload(target, true);
	return rodata_set(obj, "drop_port", &port, sizeof(port));
}

static int fill_cpumap(struct rate_case *one, const struct rate_lab *lab)
{
	const struct maps_layout layout = {
		.type = BPF_MAP_TYPE_PERCPU_ARRAY,
		.value_size = sizeof(struct rate_work),
	};
	__u32 cpu = (__u32)lab->other_cpu, bucket;
	struct bpf_cpumap_val queue = { .qsize = QUEUE };
	int err;

	queue.bpf_prog.fd = bpf_program__fd(
		bpf_object__find_program_by_name(one->at.obj, CPU_PROG));
	err = put(one, "cpu_map", &cpu, &queue);
	for (bucket = 0; !err && bucket < BUCKETS; bucket++)
		err = put(one, "cpu_buckets", &bucket, &cpu);
	if (err)
		return err;
	one->work_fd = maps_find(one->at.obj, "cpu_work");
	if (one->work_fd < 0 || maps_check(one->work_fd, "cpu_work", &layout))
		return -ENOEXEC;
	return 0;
}

/* clang-format off */
static const struct rate_way ways[] = {
	{ .name = "drop", .end = RATE_AT_RECV },
	{ .name = "pass", .end = RATE_AT_STACK },
	{ .name = "back", .end = RATE_AT_SEND },
	{ .name = "echo", .end = RATE_AT_SEND, .answered = true },
	{ .name = "out", .end = RATE_AT_FAR },
	{ .name = "redirect", .end = RATE_AT_FAR, .resent = true,
	  .set = set_redirect },
	{ .name = "map", .end = RATE_AT_FAR, .resent = true,
	  .fill = fill_map },
	{ .name = "router", .end = RATE_AT_FAR, .routed = true,
	  .fill = fill_router },
	{ .name = "direct", .end = RATE_AT_FAR, .routed = true,
	  .fill = fill_router, .set = set_direct },
	{ .name = "cpumap", .end = RATE_AT_CPU,
	  .fill = fill_cpumap, .set = set_cpumap },
	{ .name = "forward", .end = RATE_AT_FAR, .routed = true },
};
/* clang-format on */

const struct rate_way *rate_way_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(name, ways[i].name))
			return &ways[i];
	return NULL;
}
