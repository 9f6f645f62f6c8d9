/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* prog_run: verdict, packet, target and number of runs are what they were. */
#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "packets/prog_run.h"
#include "progrun.h"
#include "signals.h"
#include "tap.h"

#define LEN 60

static struct bpf_object *obj;
static __u32 *runs;
static __u8 packet[512 * 1024];
static struct prog_run run;
static struct prog_run_result result;

static void use(const char *name)
{
	prog_run_close(&run);
	if (prog_run_open(&run, bpf_object__find_program_by_name(obj, name)))
		abort();
}

/* A packet of @len bytes that begins with @first. */
static int once(int first, unsigned int len, unsigned int repeat)
{
	struct prog_run_input in = { .data = packet, .len = len, .repeat = repeat };

	packet[0] = first;
	runs[0] = runs[1] = 0;
	return prog_run_packet(&run, &in, &result);
}

static int fd_of(const char *name)
{
	return bpf_object__find_map_fd_by_name(obj, name);
}

static void fill_maps(void)
{
	struct bpf_devmap_val value = { .ifindex = 1 };
	__u32 key = 2, lo = 1, size = 64;

	ok(!bpf_map_update_elem(fd_of("dev_map"), &key, &lo, 0), "a devmap is filled");
	key = 300;
	ok(!bpf_map_update_elem(fd_of("dev_hash"), &key, &value, 0), "and one that hashes");
	key = 0;
	ok(!bpf_map_update_elem(fd_of("cpu_map"), &key, &size, 0), "and a cpumap");
}

static void goes_to(int first, enum prog_target_kind kind, __u32 ifindex, const char *map,
		    __u32 key, const char *name)
{
	int err = once(first, LEN, 1);
	const struct prog_target *to = &result.target;

	if (!ok(!err && to->kind == kind && to->ifindex == ifindex && !strcmp(to->map, map) &&
			to->key == key && *runs == 1,
		name))
		printf("# %d: kind %d, ifindex %u, %s[%u], %u runs\n", err, to->kind, to->ifindex,
		       to->map, to->key, *runs);
}

static void test_targets(void)
{
	use("run_redirect_func");
	goes_to(0, PROG_TARGET_DEV, 7, "", 0, "an interface by its index");
	goes_to(1, PROG_TARGET_DEV, 9, "", 0, "... named in a function");
	goes_to(2, PROG_TARGET_DEV, 1, "dev_map", 2, "... by a devmap");
	goes_to(3, PROG_TARGET_DEV, 1, "dev_hash", 300, "... by a devmap that hashes");
	goes_to(4, PROG_TARGET_CPU, 0, "cpu_map", 0, "a CPU");
	goes_to(5, PROG_TARGET_DEVS, 0, "dev_map", 0, "all of a devmap");
	goes_to(6, PROG_TARGET_NONE, 0, "", 0, "redirected, but dropped");
	is_int(result.verdict, XDP_DROP, "... and the verdict is that");
	goes_to(7, PROG_TARGET_DEV, 24, "", 0, "the last of several calls");
	goes_to(8, PROG_TARGET_UNKNOWN, 0, "", 0, "a verdict without a call");
	goes_to(9, PROG_TARGET_NONE, 0, "", 0, "no such element");
	is_int(result.verdict, XDP_TX, "... and the verdict for that");
	goes_to(0, PROG_TARGET_DEV, 7, "", 0, "nothing is left of the last");
	if (bpf_program__autoload(bpf_object__find_program_by_name(obj, "run_loop_func"))) {
		use("run_loop_func");
		*runs = 1;
		ok(!once(0, LEN, 1) && result.verdict == XDP_REDIRECT &&
			   result.target.ifindex == 33,
		   "an interface named in a callback");
	}
}

static void test_runs(void)
{
	sigset_t old;

	use("run_redirect_func");
	ok(!once(100, LEN, 250001) && *runs == 250001 && !result.changed,
	   "so many runs as were asked for");
	ok(!once(0, LEN, 10) && *runs == 10 && result.target.ifindex == 7,
	   "... also of a program that redirects");
	ok(!once(100, LEN, 0) && *runs == 1, "none asked for is one");
	use("run_change_func");
	ok(!once(1, LEN, 50) && *runs == 50 && result.changed && result.data[0] == 2 && !runs[1],
	   "each run finds the packet as it came");
	ok(!once(0, LEN, 50) && *runs == 50 && result.changed && result.data[0] == 0,
	   "also when only a later run changes it");
	signals_hold(&old);
	raise(SIGTERM);
	is_int(once(0, LEN, 50), -EINTR, "a signal ends it");
	signals_restore(&old);
}

static void test_packets(void)
{
	packet[1] = 0xaa;
	use("run_resize_func");
	ok(!once(0, LEN, 1) && result.len == LEN + 4 && result.changed && result.data[5] == 0xaa,
	   "four bytes more in front");
	ok(!once(1, LEN, 1) && result.len == LEN - 5 && result.changed && !result.metadata,
	   "five bytes less at the end");
	ok(!once(2, LEN, 1) && result.len == LEN && result.metadata == 8 &&
		   result.data[1] == 0xaa && !result.changed,
	   "metadata is no part of the packet");
	ok(!once(3, LEN, 1) && result.len == LEN && !result.changed &&
		   !memcmp(result.data, packet, LEN),
	   "a packet as it was");
}

static void test_context(void)
{
	struct prog_run_input in = { .data = packet, .len = LEN, .ifindex = 1 };

	use("run_context_func");
	ok(!once(0, LEN, 1) && result.verdict == 1010, "without an interface it is lo");
	ok(!prog_run_packet(&run, &in, &result) && result.verdict == 1010, "lo by its index");
	in.queue = 4095;
	is_int(prog_run_packet(&run, &in, &result), -EINVAL, "a queue that is not there");
	in.queue = 0;
	in.ifindex = 0x7fffff00;
	is_int(prog_run_packet(&run, &in, &result), -ENODEV, "an interface that is not there");
}

static void test_lengths(const char *name)
{
	unsigned int max;

	use(name);
	ok(run.frags == !strcmp(name, "run_frags_func"),
	   "it is known if it takes packets of several pages");
	max = prog_run_max(&run);
	printf("# %s: up to %u bytes\n", name, max);
	ok(max >= 1514, name);
	ok(!once(0, max, 1) && result.len == max && !memcmp(result.data, packet, max),
	   "the longest frame is run, and comes back");
	is_int(once(0, max + 1, 1), -ERANGE, "one byte more is too long");
	is_int(once(0, sizeof(packet), 1), -ERANGE, "a lot more as well");
	ok(!once(0, 14, 1) && result.len == 14, "the shortest frame is run");
	is_int(once(0, 13, 1), -ERANGE, "one byte less is too short");
	is_int(once(0, 0, 1), -ERANGE, "nothing is too short");
}

int main(void)
{
	struct bpf_program *loop;

	obj = progrun_open("run_kern.o");
	loop = bpf_object__find_program_by_name(obj, "run_loop_func");
	bpf_program__set_autoload(
		loop, libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_loop, NULL) > 0);
	if (bpf_object__load(obj))
		abort();
	runs = progrun_globals(obj, 2 * sizeof(*runs));
	fill_maps();
	test_targets();
	test_runs();
	test_packets();
	test_context();
	test_lengths("run_context_func");
	test_lengths("run_frags_func");
	prog_run_close(&run);
	bpf_object__close(obj);
	return tap_done();
}
