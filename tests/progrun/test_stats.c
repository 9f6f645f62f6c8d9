/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* xdp_stats_kern.h: each verdict is counted where it belongs. */
#include <bpf/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "progrun.h"
#include "tap.h"
#include "xdp_stats_kern_user.h"

static struct bpf_object *obj;
static int prog, map_fd;
static __u32 *verdict;

/* The sum of all CPUs */
static struct datarec total(__u32 action)
{
	int cpus = libbpf_num_possible_cpus();
	struct datarec *values = calloc(cpus, sizeof(*values));
	struct datarec sum = { 0 };

	if (!values || bpf_map_lookup_elem(map_fd, &action, values))
		sum.rx_packets = -1;
	for (int i = 0; values && i < cpus; i++) {
		sum.rx_packets += values[i].rx_packets;
		sum.rx_bytes += values[i].rx_bytes;
	}
	free(values);
	return sum;
}

/* The program wants to return @action: it returns and counts @counted. */
static void counts(__u32 action, __u32 counted, const char *name)
{
	struct packet packet = { .len = 60 };
	struct datarec before[XDP_ACTION_MAX], after;
	int good = 1;
	__u32 i;

	for (i = 0; i < XDP_ACTION_MAX; i++)
		before[i] = total(i);
	*verdict = action;
	good &= progrun(prog, &packet, NULL) == counted;
	packet.len = 1500;
	good &= progrun(prog, &packet, NULL) == counted;
	for (i = 0; i < XDP_ACTION_MAX; i++) {
		after = total(i);
		good &= after.rx_packets - before[i].rx_packets == (i == counted ? 2 : 0);
		good &= after.rx_bytes - before[i].rx_bytes == (i == counted ? 1560 : 0);
	}
	ok(good, name);
}

static void test_counts(void)
{
	char name[64];

	for (__u32 action = 0; action < XDP_ACTION_MAX; action++) {
		snprintf(name, sizeof(name), "%s: packets and bytes", action2str(action));
		counts(action, action, name);
	}
	counts(XDP_ACTION_MAX, XDP_ABORTED, "5 becomes XDP_ABORTED");
	counts(42, XDP_ABORTED, "42 becomes XDP_ABORTED");
	counts(-1, XDP_ABORTED, "4294967295 becomes XDP_ABORTED");
}

static void test_map(void)
{
	struct bpf_map_info info = { 0 };
	__u32 len = sizeof(info);

	ok(!bpf_obj_get_info_by_fd(map_fd, &info, &len) && info.type == BPF_MAP_TYPE_PERCPU_ARRAY &&
		   info.key_size == 4 && info.value_size == 16 && info.max_entries == 5,
	   "xdp_stats_map: its type and sizes");
}

static void test_names(void)
{
	static const char *const names[] = { "XDP_ABORTED", "XDP_DROP",	    "XDP_PASS",
					     "XDP_TX",	    "XDP_REDIRECT", "XDP_UNKNOWN" };
	int good = 1;

	for (__u32 i = 0; i < 6; i++)
		good &= !strcmp(action2str(i), names[i]);
	good &= !strcmp(action2str(-1), "XDP_UNKNOWN");
	ok(good, "action2str");
}

int main(void)
{
	obj = progrun_load("stats_kern.o");
	prog = progrun_prog(obj, "stats_func");
	map_fd = bpf_object__find_map_fd_by_name(obj, "xdp_stats_map");
	verdict = progrun_globals(obj, sizeof(*verdict));
	test_map();
	test_counts();
	test_names();
	bpf_object__close(obj);
	return tap_done();
}
