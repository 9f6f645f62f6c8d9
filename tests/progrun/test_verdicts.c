/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Every packet of tests/packets through every program that a lesson's verdicts.txt
 * speaks of: verdict and packet afterwards are what stands there.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>

#include "captures.h"
#include "packets.h"
#include "packets/prog_run.h"
#include "progrun.h"
#include "tap.h"
#include "verdicts.h"
#include "xdp_stats_kern_user.h"

#define OUT_MAX 70000
#define CPUS_MAX 1024

/* A program, and where its packets come in */
struct tested {
	int fd;
	const struct bpf_object *obj;
	unsigned int ingress;
	unsigned int taken; /* packets that it was run on */
	struct prog_run run; /* tells where packets are redirected to */
};

static char here[PATH_MAX / 2]; /* this folder, with a slash */

static void find_here(void)
{
	const char *slash = strrchr(program_invocation_name, '/');

	if (slash)
		snprintf(here, sizeof(here), "%.*s", (int)(slash + 1 - program_invocation_name),
			 program_invocation_name);
}

/* What is to become of @in; its bytes are the caller's to free. */
static struct frame wanted(const struct verdict_row *row, const struct frame *in, __u32 number)
{
	char packets[PATH_MAX];
	struct frame out;

	snprintf(packets, sizeof(packets), "%s../packets", here);
	if (verdict_output(row, packets, in, number, &out))
		out = (struct frame){ .data = malloc(1) };
	return out;
}

static void show(const struct verdict_row *row, __u32 number, const char *what)
{
	printf("# packet %u of %s, line %d: %s\n", number, row->fixture, row->line, what);
}

static bool same(const struct verdict_row *row, __u32 number, const struct frame *got,
		 const struct frame *want)
{
	__u32 i;

	if (got->len == want->len && !memcmp(got->data, want->data, got->len))
		return true;
	for (i = 0; i < got->len && i < want->len; i++)
		if (got->data[i] != want->data[i])
			break;
	show(row, number, "not the packet that was wanted");
	printf("# %u bytes, wanted %u; they differ from byte %u on\n", got->len, want->len, i);
	return false;
}

/* Does it leave where the row says, if it does? */
static bool leaves(struct tested *prog, const struct verdict_row *row, const struct frame *in,
		   __u32 number)
{
	struct prog_run_input input = { .data = in->data,
					.len = in->len,
					.ifindex = prog->ingress };
	struct prog_run_result result;
	int err;

	if (!row->ifindex)
		return true;
	err = prog_run_packet(&prog->run, &input, &result);
	if (!err && result.target.kind == PROG_TARGET_DEV && result.target.ifindex == row->ifindex)
		return true;
	show(row, number, err ? strerror(-err) : "it leaves elsewhere");
	return false;
}

/* What the row's counter says, of all CPUs; 0 where it has none. */
static __u64 read_counter(const struct tested *prog, const struct verdict_row *row)
{
	int fd = bpf_object__find_map_fd_by_name(prog->obj, row->map);
	__u64 value[CPUS_MAX] = { 0 }, sum = 0;

	if (!*row->map)
		return 0;
	if (libbpf_num_possible_cpus() > CPUS_MAX || bpf_map_lookup_elem(fd, &row->key, value)) {
		printf("# cannot read '%s'\n", row->map);
		exit(1);
	}
	for (int i = 0; i < libbpf_num_possible_cpus(); i++)
		sum += value[i];
	return sum;
}

/* One packet through one program: as the row says? */
static bool packet_is(struct tested *prog, const struct verdict_row *row, const struct frame *in,
		      __u32 number)
{
	static __u8 data[OUT_MAX];
	struct frame want, out = { .data = data };
	struct xdp_md ctx = { .data_end = in->len, .ingress_ifindex = prog->ingress };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = in->data, .data_size_in = in->len,
		    .data_out = data, .data_size_out = sizeof(data), .ctx_in = &ctx,
		    .ctx_size_in = sizeof(ctx), .repeat = 1);
	__u64 count = read_counter(prog, row);
	int err = bpf_prog_test_run_opts(prog->fd, &opts), verdict;
	bool good;

	if (err || row->verdict == NO_VERDICT) {
		if (err == -EINVAL && row->verdict == NO_VERDICT)
			return true;
		show(row, number, err ? strerror(-err) : "it was taken");
		return false;
	}
	verdict = prog->taken++ % 2 ? row->turn : row->verdict;
	if ((int)opts.retval != verdict) {
		show(row, number, action2str(opts.retval));
		return false;
	}
	if (*row->map && read_counter(prog, row) != count + 1) {
		show(row, number, "it is not counted there");
		return false;
	}
	out.len = opts.data_size_out;
	want = wanted(row, in, number);
	good = same(row, number, &out, &want) && leaves(prog, row, in, number);
	free(want.data);
	return good;
}

static bool same_program(const struct verdict_row *a, const struct verdict_row *b)
{
	return !strcmp(a->object, b->object) && !strcmp(a->program, b->program) &&
	       !strcmp(a->prepare, b->prepare);
}

/* The one row that speaks of the packet, or NULL. */
static const struct verdict_row *find_row(const struct verdict_table *table,
					  const struct verdict_row *like, const char *fixture,
					  __u32 number)
{
	const struct verdict_row *row, *found = NULL;

	for (row = table->row; row < table->row + table->count; row++) {
		if (!same_program(row, like) || strcmp(row->fixture, fixture) ||
		    !verdict_match(row, number))
			continue;
		if (found) {
			show(row, number, "two lines speak of it");
			return NULL;
		}
		found = row;
	}
	if (!found)
		printf("# no line speaks of packet %u of %s\n", number, fixture);
	return found;
}

static void test_fixture(const struct verdict_table *table, struct tested *prog,
			 const struct verdict_row *like, const char *path)
{
	struct fixture capture = capture_read(path);
	const struct verdict_row *row;
	char fixture[64], name[256];
	__u32 i, good = 0;

	snprintf(fixture, sizeof(fixture), "%s", strrchr(path, '/') + 1);
	*strrchr(fixture, '.') = '\0';
	for (i = 0; i < capture.count; i++) {
		row = find_row(table, like, fixture, i + 1);
		good += row && packet_is(prog, row, &capture.frame[i], i + 1);
	}
	snprintf(name, sizeof(name), "%s%s%s: %s, %u packets", like->program,
		 *like->prepare ? ", " : "", like->prepare, fixture, capture.count);
	ok(good == capture.count && good, name);
	fixture_free(&capture);
}

static void glob_or_end(const char *pattern, glob_t *found)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", here, pattern);
	if (!glob(path, 0, NULL, found))
		return;
	printf("# no '%s'\n", path);
	exit(1);
}

/* Is it the first row about its program? */
static bool is_first(const struct verdict_table *table, const struct verdict_row *row)
{
	const struct verdict_row *before;

	for (before = table->row; before < row; before++)
		if (same_program(before, row))
			return false;
	return true;
}

/* Opens and loads what the row names, @folder being that of its table. */
static struct bpf_object *load_prepared(const struct verdict_row *row, const char *folder,
					struct tested *prog)
{
	struct bpf_object *obj;
	char object[PATH_MAX];

	snprintf(object, sizeof(object), "%s/%s", folder + strlen(here), row->object);
	obj = progrun_open(object);
	progrun_prepare(obj, folder, row->prepare, &prog->ingress);
	prog->obj = obj;
	prog->fd = progrun_prog(obj, row->program);
	prog->taken = 0;
	return obj;
}

static void test_table(const char *path, const glob_t *fixtures)
{
	struct verdict_table table = verdicts_read(path);
	const struct verdict_row *row;
	struct bpf_object *obj;
	struct tested prog;
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	for (row = table.row; row < table.row + table.count; row++) {
		if (!is_first(&table, row))
			continue;
		obj = load_prepared(row, folder, &prog);
		if (prog_run_open(&prog.run, bpf_object__find_program_by_name(obj, row->program)))
			abort();
		for (size_t i = 0; i < fixtures->gl_pathc; i++)
			test_fixture(&table, &prog, row, fixtures->gl_pathv[i]);
		prog_run_close(&prog.run);
		bpf_object__close(obj);
	}
	free(table.row);
}

/* Programs count by CPU: all of it happens on one. */
static void stay_here(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	if (!sched_setaffinity(0, sizeof(set), &set))
		return;
	printf("# cannot stay on a CPU: %s\n", strerror(errno));
	exit(1);
}

/* The file needs beside it names its folder: a copy of a lesson is none. */
static bool is_of_lesson(const char *table)
{
	const char *slash = strrchr(table, '/'), *folder = memrchr(table, '/', slash - table);
	char path[PATH_MAX], first[NAME_MAX + 16] = "", want[NAME_MAX + 16];
	FILE *needs;

	snprintf(path, sizeof(path), "%.*s/needs", (int)(slash - table), table);
	snprintf(want, sizeof(want), "# lesson %.*s\n", (int)(slash - folder - 1), folder + 1);
	needs = fopen(path, "re");
	if (!needs)
		return false;
	if (!fgets(first, sizeof(first), needs))
		*first = '\0';
	fclose(needs);
	return !strcmp(first, want);
}

int main(void)
{
	glob_t fixtures, tables;

	stay_here();
	find_here();
	glob_or_end("../packets/*.pcap", &fixtures);
	glob_or_end("../../*/verdicts.txt", &tables);
	for (size_t i = 0; i < tables.gl_pathc; i++)
		if (is_of_lesson(tables.gl_pathv[i]))
			test_table(tables.gl_pathv[i], &fixtures);
	globfree(&fixtures);
	globfree(&tables);
	return tap_done();
}
