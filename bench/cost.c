// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * What programs cost: in each round the empty program runs, and then every case once,
 * many runs in one call of BPF_PROG_RUN. What a case costs above the empty program is
 * the difference within a round.
 *
 * Time is the processor time of this thread: the kernel's own figure has whole
 * nanoseconds only, and a clock on the wall also counts who ran in between.
 * Interrupts are in it. A machine with other work shows higher figures.
 *
 * Programs that do nothing without settings, elements of maps or routes get
 * them as packets/prepare.h says. All that need a network are in the same one.
 *
 * The kernel hands one and the same packet to all runs of a call. A second run of a
 * program that changes it would find another packet than the first: an echo reply
 * instead of a request, no tag where there was one. So what is measured is a copy of the
 * program with a few instructions in front of its own: they move the start of the packet
 * back (bpf_xdp_adjust_head), and store what its bytes were. A call of a function that
 * does it would cost as much as many a program. What is put back is found out by
 * looking: where the packet begins in a second run, and which bytes differ after many.
 *
 * The price is that of another program, measured in the same round: the same
 * instructions and nothing behind them. As nobody moves the start of its packet, it does
 * so itself, there and back in turns: one move in each run, as in the copy.
 *
 * Not handled, and said: programs that move the end of the packet, or leave metadata in
 * front of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "bench.h"
#include "clock.h"
#include "log.h"
#include "packets/capfile.h"
#include "packets/prepare.h"

/* Frames that every kernel takes in a test run, and a program may add to. */
#define LEN_MIN 14
#define LEN_MAX 3000
/* Less above the empty program is noise: nothing to divide by. */
#define LEAST 0.5

enum { NS, ABOVE, GOAL, BACK, BYTES, INSNS, OLD_NS, OLD_ABOVE };

static const struct column columns[] = {
	[NS] = { "ns", 6, 1, "ns", .over = OVER_MEDIAN }, /* without the price of putting back */
	[ABOVE] = { "above", 6, 1, "above", .over = OVER_MEDIAN },
	[GOAL] = { "goal", 4, 0, "goal", .over = OVER_NONE },
	[BACK] = { "back", 5, 1, "put_back", .over = OVER_MEDIAN }, /* that price */
	[BYTES] = { "bytes", 6, 0, NULL, .over = OVER_NONE },
	[INSNS] = { "insns", 7, 0, NULL, .over = OVER_NONE },
	[OLD_NS] = { "ns/old", 6, 2, "ns_ratio", .over = OVER_NONE, .compared = true },
	[OLD_ABOVE] = { "ab/old", 7, 2, "above_ratio", .over = OVER_NONE, .compared = true },
};

/* A program on a packet. The empty program is the first one. */
struct cost_case {
	struct row row;
	char *prepared; /* as what of the lesson's prepare.txt, or NULL */
	double goal; /* ns above the empty program, or UNKNOWN */
	struct bench_packet packet;
	struct attach at; /* the object, loaded */
	int fd; /* what to measure: the program itself, or its copy */
	int ref_fd; /* the same without the program; 0: nothing is put back */
	unsigned char *out; /* the packet after the last run of a call */
	unsigned int out_len;
	unsigned int jited, verified; /* verified: 0 where it is not known */
};

/* Packets of capture files. */

/* The number behind the last ':' of @where, and the file in front of it. */
static int split_packet(const char *where, char *file, size_t size, unsigned int *number)
{
	const char *colon = strrchr(where, ':');
	char *end;

	if (colon && colon != where && (size_t)(colon - where) < size) {
		*number = (unsigned int)strtoul(colon + 1, &end, 10);
		snprintf(file, size, "%.*s", (int)(colon - where), where);
		if (!*end && *number && colon[1] != '-' && colon[1] != '+')
			return 0;
	}
	pr_err("bad packet '%s': not FILE:N, a file and the packet's number", where);
	return -EINVAL;
}

/* What results call it: the file without folder and ending, and blanks. */
static char *label(const char *file, unsigned int number)
{
	const char *base = strrchr(file, '/');
	char *name, *at;

	base = base ? base + 1 : file;
	if (asprintf(&name, "%.*s:%u", (int)strcspn(base, "."), base, number) < 0)
		return NULL;
	for (at = name; *at; at++)
		if (*at <= ' ')
			*at = '_';
	return name;
}

/* The packet @number of @path, which was asked for as @where. */
static int find_packet(struct bench_packet *packet, const char *path, unsigned int number,
		       const char *where)
{
	struct capfile_reader *reader = capfile_open(path);
	struct capfile_packet found;
	int more = 1, err = -EINVAL;
	unsigned int i;

	for (i = 0; reader && i < number && more > 0; i++)
		more = capfile_next(reader, &found);
	if (!reader || more < 0) {
		/* That has been said. */
	} else if (!more) {
		pr_err("no packet '%s': the file has %u", where, i - 1);
	} else if (found.len < LEN_MIN || found.len > LEN_MAX) {
		pr_err("cannot use packet '%s': %u bytes, not %d to %d", where, found.len, LEN_MIN,
		       LEN_MAX);
	} else {
		packet->len = found.len;
		packet->data = malloc(found.len);
		err = packet->data ? 0 : -ENOMEM;
		if (!err)
			memcpy(packet->data, found.data, found.len);
	}
	capfile_close(reader);
	return err;
}

/* Packet "FILE:N" for a case; of the tree @top, FILE is one of its fixtures. */
static int read_packet(struct cost_case *one, const char *top, const char *where)
{
	char file[PATH_MAX / 2], path[2 * PATH_MAX];
	unsigned int number;
	int err = split_packet(where, file, sizeof(file), &number);

	if (err)
		return err;
	one->row.packet = one->packet.name = label(file, number);
	if (!one->packet.name)
		return -ENOMEM;
	snprintf(path, sizeof(path), "%s/tests/packets/%s.pcap", top ? top : "", file);
	return find_packet(&one->packet, top ? path : file, number, where);
}

/* Cases. */

/* Takes off the program's name what it is prepared as, behind a slash. */
static void split_program(struct cost_case *one, char *program)
{
	one->row.program = program;
	one->prepared = strchr(program, '/');
	if (one->prepared)
		*one->prepared++ = '\0';
}

/* The words of a line: name, object, program, packet, goal. */
static int read_case(struct bench *bench, struct row *row, char *const word[])
{
	struct cost_case *one = (struct cost_case *)row;

	if (asprintf(&row->object, "%s/%s", bench->top, word[1]) < 0)
		return -ENOMEM;
	split_program(one, word[2]);
	row->packet = word[3];
	one->goal = strcmp(word[4], "-") ? strtod(word[4], NULL) : UNKNOWN;
	return 0;
}

/* The program @what on one packet: of the fixtures, or without @top of any file. */
static int add_against(struct bench *bench, const char *what, const char *top, const char *packet)
{
	struct cost_case *one = (struct cost_case *)rows_new(bench, sizeof(*one), what);
	const char *colon = strrchr(what, ':');

	if (!one)
		return -ENOMEM;
	if (!colon || colon == what || !colon[1]) {
		pr_err("bad peer '%s': not OBJ:PROG, an object and its program", what);
		return -EINVAL;
	}
	one->row.chosen = true;
	one->row.name = "peer";
	one->row.text = what;
	one->row.object = strndup(what, (size_t)(colon - what));
	one->goal = UNKNOWN;
	if (!one->row.object)
		return -ENOMEM;
	split_program(one, one->row.line + (colon + 1 - what));
	return read_packet(one, top, packet);
}

/* Whether a case in front of @row has the same packet. */
static bool is_repeated(const struct bench *bench, const struct row *row)
{
	const struct row *other = rows_next(bench, bench->first);

	while (other != row && strcmp(other->packet, row->packet))
		other = rows_next(bench, other);
	return other != row;
}

/* Each program of --against on each packet of the cases, or on the one of --packet. */
static int add_all_against(struct bench *bench)
{
	const struct option_strings *against = &bench->opts->against;
	const struct row *row, *last = bench->last;
	int i, err = 0;

	if (bench->opts->packet && !against->count) {
		pr_err("--packet is for peers, and there is no --against");
		return -EINVAL;
	}
	for (i = 0; !err && i < against->count; i++) {
		if (bench->opts->packet) {
			err = add_against(bench, against->at[i], NULL, bench->opts->packet);
			continue;
		}
		for (row = bench->first; !err && row != last;) {
			row = row->next;
			if (row->chosen && !is_repeated(bench, row))
				err = add_against(bench, against->at[i], bench->top, row->packet);
		}
	}
	return err;
}

/* Also of the smallest packet: it does not look at it. */
static int add_empty(struct bench *bench)
{
	struct cost_case *one = (struct cost_case *)rows_new(bench, sizeof(*one), "");

	if (!one)
		return -ENOMEM;
	one->row.always = one->row.chosen = true;
	one->row.name = "empty";
	one->row.program = one->row.packet = "-";
	one->row.text = "the empty program";
	one->goal = UNKNOWN;
	one->packet.len = 64;
	one->packet.data = calloc(1, one->packet.len);
	return one->packet.data ? 0 : -ENOMEM;
}

static int read_cases(struct bench *bench)
{
	char path[PATH_MAX + sizeof("/bench/cases")];
	struct row *row;
	int err = add_empty(bench);

	snprintf(path, sizeof(path), "%s/bench/cases", bench->top);
	if (!err)
		err = rows_read(bench, bench->opts->cases ? bench->opts->cases : path,
				sizeof(struct cost_case), 6, read_case);
	if (!err)
		err = rows_choose(bench);
	for (row = rows_next(bench, bench->first); !err && row; row = rows_next(bench, row))
		err = read_packet((struct cost_case *)row, bench->top, row->packet);
	return err ? err : add_all_against(bench);
}

/* Programs, loaded. */

/* The text beside the object that says what programs are given. */
static int find_text(const char *object, char *text, size_t size)
{
	int len = snprintf(text, size, "%.*s/prepare.txt", (int)(strrchr(object, '/') - object),
			   object);

	return len < (int)size ? 0 : -ENAMETOOLONG;
}

static int load(struct cost_case *one)
{
	const char *prepared = one->prepared;
	char text[PATH_MAX];
	int err = 0;

	if (prepared)
		err = find_text(one->row.object, text, sizeof(text));
	if (!err && prepared)
		err = prepare_network(text, prepared, &one->packet.ingress);
	if (!err)
		err = program_find(&one->at, one->row.object, one->row.program);
	if (!err && prepared)
		err = prepare_settings(text, prepared, one->at.obj);
	if (!err)
		err = program_load(&one->at);
	if (!err && prepared)
		err = prepare_elements(text, prepared, one->at.obj);
	return err;
}

/* Runs, and what a program does to its packet. */

/* Room for a packet after a run: a program may add to it. */
#define OUT_SIZE 8192
/* Runs in which whatever a program changes should show. */
#define TRIAL 1000
#define TRIALS 8

/* What one call has found. */
struct call {
	double ns; /* of processor time, for each run */
	unsigned int verdict;
};

static int make_room(struct cost_case *one)
{
	one->packet.changed = calloc(one->packet.len, sizeof(bool));
	one->out = calloc(1, OUT_SIZE);
	return one->packet.changed && one->out ? 0 : -ENOMEM;
}

/* Run program @fd on the packet. Returns 0 or -errno, no message. */
static int run(struct cost_case *one, int fd, unsigned int repeat, struct call *call)
{
	const struct bench_packet *packet = &one->packet;
	struct xdp_md ctx = { .data_end = packet->len, .ingress_ifindex = packet->ingress };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet->data, .data_size_in = packet->len,
		    .data_out = one->out, .data_size_out = OUT_SIZE, .ctx_in = &ctx,
		    .ctx_size_in = sizeof(ctx), .repeat = (int)repeat);
	uint64_t start = thread_cpu_ns();
	int err = bpf_prog_test_run_opts(fd, &opts) ? -errno : 0;

	call->ns = (double)(thread_cpu_ns() - start) / repeat;
	call->verdict = opts.retval;
	one->out_len = opts.data_size_out;
	return err;
}

/*
 * After a call: true when something has changed that is not put back. Bytes are marked
 * for the next copy.
 */
static bool find_changes(struct cost_case *one)
{
	struct bench_packet *packet = &one->packet;
	bool missed = (int)one->out_len != (int)packet->len - packet->move;
	unsigned int i;
	int now;

	for (i = 0; i < packet->len; i++) {
		now = (int)i - packet->move;
		if (packet->changed[i] ||
		    (now >= 0 && now < OUT_SIZE && one->out[now] == packet->data[i]))
			continue;
		packet->changed[i] = missed = true;
	}
	return missed;
}

/* Two runs, as @seen has them. */
static int run_probe(struct cost_case *one, const struct bpf_program *prog, int map_fd,
		     struct program_seen *seen)
{
	int fd = program_probe(prog, map_fd), err;
	const __u32 key = 0;
	struct call call;

	if (fd < 0)
		return fd;
	err = run(one, fd, 2, &call);
	close(fd);
	if (!err && bpf_map_lookup_elem(map_fd, &key, seen))
		err = -errno;
	return err;
}

/* How far the start of the packet is moved. */
static int find_move(struct cost_case *one, const struct bpf_program *prog)
{
	struct program_seen seen = { 0 };
	int map_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "bench", sizeof(__u32), sizeof(seen), 1,
				    NULL);
	int err = map_fd < 0 ? -errno : run_probe(one, prog, map_fd, &seen);
	bool tail = seen.run[1].end != seen.run[0].end;

	if (map_fd >= 0)
		close(map_fd);
	if (err)
		return err;
	one->packet.move = (int)(seen.run[1].data - seen.run[0].data);
	if (!tail && seen.run[1].meta == seen.run[1].data)
		return 0;
	pr_err("cannot measure '%s' on '%s': it %s, which is not put back", one->row.program,
	       one->packet.name,
	       tail ? "moves the end of the packet" : "leaves metadata in front of the packet");
	return -EOPNOTSUPP;
}

static void close_copy(struct cost_case *one)
{
	if (!one->ref_fd)
		return;
	close(one->fd);
	close(one->ref_fd);
	one->ref_fd = 0;
}

/* The copy, and the program that only puts back. */
static int make_copy(struct cost_case *one, const struct bpf_program *prog)
{
	int fd, ref_fd;

	close_copy(one);
	fd = program_copy(prog, &one->packet);
	if (fd < 0)
		return fd;
	ref_fd = program_copy(NULL, &one->packet);
	if (ref_fd < 0) {
		close(fd);
		return ref_fd;
	}
	one->fd = fd;
	one->ref_fd = ref_fd;
	return 0;
}

/* Until no byte changes that is not put back. */
static int find_bytes(struct cost_case *one, const struct bpf_program *prog)
{
	struct call call;
	bool missed;
	int i, err;

	/* One run shows most: the copy is made before there are many. */
	err = run(one, one->fd, 1, &call);
	for (i = 0; !err && i < TRIALS; i++) {
		missed = find_changes(one);
		if (!missed && i)
			return 0;
		if (missed || one->packet.move)
			err = make_copy(one, prog);
		if (!err)
			err = run(one, one->fd, TRIAL, &call);
	}
	return err ? err : -EAGAIN;
}

/* What to measure: @prog, or the copy that puts the packet back. */
static int find_copy(struct cost_case *one, const struct bpf_program *prog)
{
	int err = make_room(one);

	one->fd = bpf_program__fd(prog);
	if (!err)
		err = find_move(one, prog);
	if (!err)
		err = find_bytes(one, prog);
	if (err && err != -EOPNOTSUPP)
		pr_err("cannot measure '%s' on '%s': %s", one->row.program, one->packet.name,
		       err == -EAGAIN ? "it changes the packet in another way each time" :
					strerror(-err));
	return err ? -EIO : 0;
}

/* Load it, get its sizes, and find out what has to be put back. */
static int open_case(struct cost_case *one)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);
	struct bpf_program *prog;
	int err = load(one);

	if (err)
		return err;
	prog = program_of(&one->at);
	/* Of the program itself, not of the copy that puts the packet back. */
	if (bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &len)) {
		pr_err("cannot ask about '%s': %s", one->row.program, strerror(errno));
		return -EIO;
	}
	one->jited = info.jited_prog_len;
	/* 5.16; an older kernel stores nothing here. */
	one->verified = info.verified_insns;
	return find_copy(one, prog);
}

static int open_all(struct bench *bench)
{
	struct cost_case *empty = (struct cost_case *)bench->first;
	struct row *row;
	int other, err;

	empty->fd = program_returns(XDP_PASS, 0);
	if (empty->fd < 0)
		return empty->fd;
	err = make_room(empty);
	if (err)
		return err;
	bench->cpu = machine_choose(&other);
	if (bench->cpu < 0)
		return bench->cpu;
	err = machine_pin(bench->cpu);
	if (err) {
		pr_err("cannot stay on one CPU: %s", strerror(-err));
		return -EIO;
	}
	for (row = rows_next(bench, bench->first); !err && row; row = rows_next(bench, row))
		err = open_case((struct cost_case *)row);
	return err;
}

/* One call for @fd; a case that does not behave as it did is an error. */
static int measure_call(struct cost_case *one, int fd, unsigned int repeat, double *ns)
{
	struct call call;
	int err = run(one, fd, repeat, &call);

	if (err) {
		pr_err("cannot run '%s' on '%s': %s", one->row.program, one->row.packet,
		       strerror(-err));
		return -EIO;
	}
	*ns = call.ns;
	if (fd != one->fd)
		return 0;
	one->row.verdict = verdict_name(call.verdict) + strlen("XDP_");
	if (!find_changes(one))
		return 0;
	pr_err("cannot measure '%s' on '%s': it changes the packet in another way each time",
	       one->row.program, one->row.packet);
	return -EIO;
}

/*
 * The price of putting back is what the program that only does that costs
 * above the empty one. It is in the time of the case, and taken off.
 */
static int measure(struct bench *bench, struct row *row, unsigned int round)
{
	struct cost_case *one = (struct cost_case *)row;
	double *at = row->at[round], ns, reference, back;
	int err = measure_call(one, one->fd, bench->repeat, &ns);

	/* The first row has its figure by now, unless it is this one. */
	reference = row == bench->first ? ns : bench->first->at[round][NS];
	back = 0;
	if (!err && one->ref_fd) {
		err = measure_call(one, one->ref_fd, bench->repeat, &back);
		back -= reference;
	}
	at[NS] = ns - back;
	at[ABOVE] = ns - back - reference;
	at[BACK] = back;
	return err;
}

static double known(unsigned int number)
{
	return number ? number : UNKNOWN;
}

static void finish(const struct bench *bench, struct row *row)
{
	const struct cost_case *one = (const struct cost_case *)row;
	double *figure = row->figure;

	(void)bench; /* no figure is of another row */
	figure[GOAL] = one->goal;
	figure[BYTES] = known(one->jited);
	figure[INSNS] = known(one->verified);
	if (!one->ref_fd)
		figure[BACK] = UNKNOWN;
	if (row->old[0] > 0)
		figure[OLD_NS] = figure[NS] / row->old[0];
	if (row->old[0] > 0 && row->old[1] >= LEAST)
		figure[OLD_ABOVE] = figure[ABOVE] / row->old[1];
}

static void explain(const struct bench *bench)
{
	printf("ns: for each packet. above: the empty program. back: price of putting\n"
	       "the packet back, taken off. bytes: JITed. insns: the verifier's.\n"
	       "%u rounds of %u runs on CPU %d; others used %.0f %% of all CPUs meanwhile\n",
	       bench->rounds, bench->repeat, bench->cpu, bench->other_load);
}

static void json(struct json *json, const struct row *row)
{
	const struct cost_case *one = (const struct cost_case *)row;

	json_number(json, "insns", one->verified, one->verified);
	json_member(json, "jited", "%u", one->jited);
}

static void save_run(FILE *file, const struct bench *bench)
{
	fprintf(file, "# %u rounds of %u runs on CPU %d, others used %.0f %% of all CPUs\n",
		bench->rounds, bench->repeat, bench->cpu, bench->other_load);
	fprintf(file, "# case program packet ns above jited verified\n");
}

static void save(FILE *file, const struct row *row)
{
	const struct cost_case *one = (const struct cost_case *)row;

	fprintf(file, "%.2f %.2f %u %u\n", row->figure[NS], row->figure[ABOVE], one->jited,
		one->verified);
}

static void close_all(struct bench *bench)
{
	struct cost_case *one;
	struct row *row;

	for (row = bench->first; row; row = row->next) {
		one = (struct cost_case *)row;
		if (row == bench->first && one->fd > 0)
			close(one->fd);
		close_copy(one);
		attach_close(&one->at);
		free(one->packet.name);
		free(one->packet.data);
		free(one->packet.changed);
		free(one->out);
	}
}

const struct kind cost_kind = {
	.words = { { "case", 16, "case" },
		   { "program", 23, "program" },
		   { "packet", 12, "packet" } },
	.columns = columns,
	.count = sizeof(columns) / sizeof(columns[0]),
	.behind = " verdict",
	.rounds = 7,
	.repeat = 1000000,
	.read = read_cases,
	.open = open_all,
	.measure = measure,
	.finish = finish,
	.explain = explain,
	.json = json,
	.save_run = save_run,
	.save = save,
	.close = close_all,
};
