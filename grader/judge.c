// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Judges a learner's program: loads it, runs the packets of a check through it, compares
 * verdict, packet and maps with what the check says, and explains the first difference.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "judge.h"
#include "layers.h"
#include "log.h"
#include "log_verifier.h"
#include "packets/prepare.h"
#include "packets/prog_run.h"
#include "xdp_stats_kern_user.h"

#define INDENT 8
#define DIFFERENT_MAX 3 /* lines of a packet that are shown */
#define BYTES_MAX 5 /* lines, of a packet whose verdict is not as expected */
#define KEYS_MAX 8 /* of a map, that are shown */
#define VALUE_ALIGN 8 /* of each CPU's value */

/* A program that is loaded, and what has been run through it. */
struct loaded {
	struct bpf_object *obj;
	struct prog_run run;
	unsigned int ingress;
	unsigned int taken; /* packets */
	char last[LAYERS_TEXT_MAX]; /* what the last one was */
};

static void explain(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void explain(FILE *out, const char *format, ...)
{
	va_list args;

	fprintf(out, "%*s", INDENT, "");
	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fputc('\n', out);
}

/* Only the program that is judged: another one may be unfinished. */
static int choose_program(struct bpf_object *obj, const char *name, FILE *out)
{
	struct bpf_program *prog, *chosen = bpf_object__find_program_by_name(obj, name);

	bpf_object__for_each_program(prog, obj)
		bpf_program__set_autoload(prog, prog == chosen);
	if (chosen)
		return 0;
	explain(out, "there is no program '%s' in '%s': a program is called as its function", name,
		bpf_object__name(obj));
	return -ENOENT;
}

/* A map that is pinned by its name (LIBBPF_PIN_BY_NAME) would outlive the judgement. */
static void forget_pins(struct bpf_object *obj)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
		bpf_map__set_pin_path(map, NULL);
}

/* The lines of its log that decided, as far in as ours. */
static void explain_verifier(FILE *out)
{
	char *text = NULL, *line, *rest;
	size_t size = 0;
	FILE *log = open_memstream(&text, &size);

	if (!log)
		return;
	verifier_log_print(log);
	fclose(log);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		explain(out, "%s", line);
	free(text);
}

static void explain_load(const struct check *check, int err, FILE *out)
{
	if (!log_rejected(check->program)) {
		explain(out, "the kernel does not load it: %s",
			log_reason(LOG_LIBBPF, strerror(-err)));
		return;
	}
	explain(out, "the verifier rejects '%s':", check->program);
	explain_verifier(out);
}

/*
 * 1 where it is loaded; 0 where the learner's object is at fault, which is explained;
 * -errno after one error line else.
 */
static int load(const struct judge *judge, const struct check *check, struct loaded *loaded,
		FILE *out)
{
	char object[PATH_MAX], prepare[PATH_MAX];
	int err;

	snprintf(object, sizeof(object), "%s/%s", judge->answer, check->object);
	snprintf(prepare, sizeof(prepare), "%s/prepare.txt", judge->assignment);
	log_init(LOG_LEVEL_WARN);
	loaded->obj = bpf_object__open_file(object, NULL);
	if (!loaded->obj) {
		explain(out, "cannot open '%s': %s", object,
			log_reason(LOG_LIBBPF, strerror(errno)));
		return 0;
	}
	if (choose_program(loaded->obj, check->program, out))
		return 0;
	forget_pins(loaded->obj);
	if (*check->prepare) {
		err = prepare_network(prepare, check->prepare, &loaded->ingress);
		err = err ?: prepare_settings(prepare, check->prepare, loaded->obj);
		if (err)
			return err;
	}
	err = bpf_object__load(loaded->obj);
	if (err) {
		explain_load(check, err, out);
		return 0;
	}
	if (*check->prepare) {
		err = prepare_elements(prepare, check->prepare, loaded->obj);
		if (err)
			return err;
	}
	err = prog_run_open(&loaded->run,
			    bpf_object__find_program_by_name(loaded->obj, check->program));
	return err ?: 1;
}

static void unload(struct loaded *loaded)
{
	if (loaded->run.out)
		prog_run_close(&loaded->run);
	bpf_object__close(loaded->obj);
}

static const char *verdict_name(int verdict, char *text, size_t size)
{
	if (verdict >= 0 && verdict < XDP_ACTION_MAX)
		return action2str((__u32)verdict);
	snprintf(text, size, "%d, which is no verdict", verdict);
	return text;
}

static void explain_packet(const struct verdict_row *row, __u32 number, const struct frame *in,
			   FILE *out)
{
	struct layers layers;

	layers_read(&layers, in);
	explain(out, "packet %u of %s: %s", number, row->fixture, layers.text);
}

/* What the packets are, where words tell them apart; else the bytes do. */
static void explain_texts(const struct verdict_row *row, const struct frame *want,
			  const struct frame *got, FILE *out)
{
	struct layers wanted, came;

	layers_read(&wanted, want);
	layers_read(&came, got);
	if (!strcmp(wanted.text, came.text)) {
		explain(out, "the packet that comes out is not %s",
			strcmp(row->output, "same") ? "as expected" : "the same");
		return;
	}
	explain(out, "expected afterwards: %s",
		strcmp(row->output, "same") ? wanted.text : "the same packet");
	explain(out, "got:                 %s", came.text);
}

/* The packet that came out, against the one that is wanted. */
static int compare_output(const struct judge *judge, const struct verdict_row *row,
			  const struct frame *in, __u32 number,
			  const struct prog_run_result *result, FILE *out)
{
	struct frame got = { .data = malloc(result->len + 1), .len = result->len }, want;
	int err;

	if (!got.data)
		return -ENOMEM;
	if (!strcmp(row->output, "any")) {
		free(got.data);
		return 1;
	}
	memcpy(got.data, result->data, result->len);
	err = verdict_output(row, judge->packets, in, number, &want);
	if (err) {
		pr_err("there is no packet '%s' for packet %u of '%s'", row->output, number,
		       row->fixture);
		free(got.data);
		return err;
	}
	if (got.len == want.len && !memcmp(got.data, want.data, got.len)) {
		err = 1;
	} else {
		explain_packet(row, number, in, out);
		explain_texts(row, &want, &got, out);
		layers_print_difference(out, INDENT, DIFFERENT_MAX, &got, &want);
	}
	free(want.data);
	free(got.data);
	return err;
}

/* One packet. As judge_check(). */
static int judge_packet(const struct judge *judge, struct loaded *loaded,
			const struct verdict_row *row, const struct frame *in, __u32 number,
			FILE *out)
{
	struct prog_run_input input = { .data = in->data,
					.len = in->len,
					.ifindex = loaded->ingress };
	struct prog_run_result result;
	char got[64], want[64];
	int verdict, err;

	err = prog_run_packet(&loaded->run, &input, &result);
	if (err == -ERANGE && row->verdict == NO_VERDICT)
		return 1;
	if (err) {
		pr_err("cannot run packet %u of '%s': %s", number, row->fixture, strerror(-err));
		return err;
	}
	verdict = loaded->taken++ % 2 ? row->turn : row->verdict;
	if ((int)result.verdict != verdict) {
		explain_packet(row, number, in, out);
		if (loaded->taken > 1)
			explain(out, "(number %u since the program was loaded)", loaded->taken);
		explain(out, "expected %s, got %s", verdict_name(verdict, want, sizeof(want)),
			verdict_name((int)result.verdict, got, sizeof(got)));
		layers_print(out, INDENT, BYTES_MAX, in);
		return 0;
	}
	if (row->ifindex &&
	    (result.target.kind != PROG_TARGET_DEV || result.target.ifindex != row->ifindex)) {
		explain_packet(row, number, in, out);
		explain(out, "it leaves through another interface than number %u", row->ifindex);
		return 0;
	}
	return compare_output(judge, row, in, number, &result, out);
}

static int judge_row(const struct judge *judge, struct loaded *loaded,
		     const struct verdict_row *row, FILE *out)
{
	struct fixture fixture;
	struct layers layers;
	char path[PATH_MAX];
	__u32 i;
	int err;

	snprintf(path, sizeof(path), "%s/%s.pcap", judge->packets, row->fixture);
	err = fixture_read(path, &fixture);
	if (err) {
		pr_err("cannot read '%s': %s", path, strerror(-err));
		return err;
	}
	err = 1;
	for (i = 0; i < fixture.count && err > 0; i++) {
		if (!verdict_match(row, i + 1))
			continue;
		err = judge_packet(judge, loaded, row, &fixture.frame[i], i + 1, out);
		layers_read(&layers, &fixture.frame[i]);
		snprintf(loaded->last, sizeof(loaded->last), "%s", layers.text);
	}
	fixture_free(&fixture);
	return err;
}

static bool is_percpu(const struct bpf_map *map)
{
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		return true;
	default:
		return false;
	}
}

/* The bytes of a key: a number or a verdict's name in the machine's order, or "0a:0b". */
static int read_key(const char *text, unsigned char *key, __u32 size)
{
	unsigned long long number;
	__u32 action, used = 0;
	char *end;

	if (strchr(text, ':')) {
		for (; used < size; text = *end ? end + 1 : end)
			key[used++] = (unsigned char)strtoul(text, &end, 16);
		return *text ? -EINVAL : 0;
	}
	number = strtoull(text, &end, 0);
	for (action = 0; *end && action < XDP_ACTION_MAX; action++)
		if (!strcmp(text, action2str(action))) {
			number = action;
			end = "";
		}
	if (*end || size > sizeof(number))
		return -EINVAL;
	memcpy(key, &number, size); /* little endian, as the test packets are read */
	return 0;
}

/* Where @member is in the value of @map. Returns 0, or -ENOENT where it has none. */
static int find_member(const struct bpf_object *obj, const struct bpf_map *map, const char *member,
		       __u32 *offset, __u32 *size)
{
	const struct btf *btf = bpf_object__btf(obj);
	const struct btf_type *type;
	const struct btf_member *m;
	int id = (int)bpf_map__btf_value_type_id(map), i;

	*offset = 0;
	*size = bpf_map__value_size(map);
	if (!*member)
		return 0;
	type = btf && id > 0 ? btf__type_by_id(btf, (__u32)btf__resolve_type(btf, (__u32)id)) :
			       NULL;
	if (!type || !btf_is_struct(type))
		return -ENOENT;
	m = btf_members(type);
	for (i = 0; i < btf_vlen(type); i++) {
		if (strcmp(btf__name_by_offset(btf, m[i].name_off), member))
			continue;
		*offset = btf_member_bit_offset(type, (__u32)i) / 8;
		*size = (__u32)btf__resolve_size(btf, m[i].type);
		return 0;
	}
	return -ENOENT;
}

/* The number at @offset of the value of @key, added up over CPUs. Returns 0 or -errno. */
static int read_value(const struct bpf_map *map, const void *key, __u32 offset, __u32 size,
		      unsigned long long *sum)
{
	int copies = is_percpu(map) ? libbpf_num_possible_cpus() : 1, i;
	size_t step = bpf_map__value_size(map);
	unsigned long long one;
	char *values;
	int err = 0;

	if (is_percpu(map))
		step = (step + VALUE_ALIGN - 1) / VALUE_ALIGN * VALUE_ALIGN;
	if (copies < 1 || size > sizeof(one))
		return -EINVAL;
	values = calloc((size_t)copies, step);
	if (!values)
		return -ENOMEM;
	*sum = 0;
	if (bpf_map_lookup_elem(bpf_map__fd(map), key, values))
		err = -errno;
	for (i = 0; !err && i < copies; i++) {
		one = 0;
		memcpy(&one, values + (size_t)i * step + offset, size);
		*sum += one;
	}
	free(values);
	return err;
}

static unsigned long long count_entries(const struct bpf_map *map)
{
	unsigned char key[CHECK_KEY_MAX], next[CHECK_KEY_MAX];
	unsigned long long n = 0;

	if (bpf_map__key_size(map) > CHECK_KEY_MAX)
		return 0;
	for (; !bpf_map_get_next_key(bpf_map__fd(map), n ? key : NULL, next); n++)
		memcpy(key, next, bpf_map__key_size(map));
	return n;
}

static void explain_packets(const struct loaded *loaded, FILE *out)
{
	if (loaded->taken)
		explain(out, "after %u packet%s, the last one %s:", loaded->taken,
			loaded->taken > 1 ? "s" : "", loaded->last);
}

/* Which elements there are: in the wrong byte order, perhaps. */
static void explain_keys(const struct bpf_map *map, FILE *out)
{
	unsigned char key[CHECK_KEY_MAX], next[CHECK_KEY_MAX];
	__u32 size = bpf_map__key_size(map), i;
	int n;

	if (size > CHECK_KEY_MAX)
		return;
	for (n = 0; n < KEYS_MAX && !bpf_map_get_next_key(bpf_map__fd(map), n ? key : NULL, next);
	     n++) {
		memcpy(key, next, size);
		if (n)
			fputc(',', out);
		else
			fprintf(out, "%*skeys that are there, byte by byte:", INDENT, "");
		for (i = 0; i < size; i++)
			fprintf(out, "%c%02x", i ? ':' : ' ', key[i]);
	}
	fputs(n ? "\n" : "", out);
	if (!n)
		explain(out, "the map is empty");
}

/* As judge_check(), of one line about a map. */
static int judge_map(const struct loaded *loaded, const struct map_row *row, FILE *out)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(loaded->obj, row->map);
	unsigned char key[CHECK_KEY_MAX];
	unsigned long long value = 0;
	__u32 offset, size;
	int err;

	if (!map) {
		explain(out, "there is no map '%s'", row->map);
		return 0;
	}
	if (*row->type) {
		if (!strcmp(row->type, libbpf_bpf_map_type_str(bpf_map__type(map))))
			return 1;
		explain(out, "'%s' is of type %s, expected %s", row->map,
			libbpf_bpf_map_type_str(bpf_map__type(map)), row->type);
		return 0;
	}
	if (row->count) {
		value = count_entries(map);
		if (value == row->value)
			return 1;
		explain_packets(loaded, out);
		explain(out, "'%s' has %llu element%s, expected %llu", row->map, value,
			value == 1 ? "" : "s", row->value);
		explain_keys(map, out);
		return 0;
	}
	if (bpf_map__key_size(map) > CHECK_KEY_MAX ||
	    read_key(row->key, key, bpf_map__key_size(map))) {
		explain(out, "the keys of '%s' have %u bytes: %s is none", row->map,
			bpf_map__key_size(map), row->key);
		return 0;
	}
	if (find_member(loaded->obj, map, row->member, &offset, &size)) {
		explain(out, "the values of '%s' have no member '%s'", row->map, row->member);
		return 0;
	}
	err = read_value(map, key, offset, size, &value);
	if (err == -ENOENT ? row->none : !err && !row->none && value == row->value)
		return 1;
	explain_packets(loaded, out);
	if (err == -ENOENT) {
		explain(out, "%s[%s] is missing, expected %llu", row->map, row->key, row->value);
		explain_keys(map, out);
	} else if (err)
		explain(out, "%s[%s] cannot be read: %s", row->map, row->key, strerror(-err));
	else if (row->none)
		explain(out, "%s[%s] is there, and should not be", row->map, row->key);
	else
		explain(out, "%s[%s]%s%s is %llu, expected %llu", row->map, row->key,
			*row->member ? "." : "", row->member, value, row->value);
	return 0;
}

int judge_check(const struct judge *judge, const struct check *check, FILE *out)
{
	struct loaded loaded = { 0 };
	int i, good;

	good = load(judge, check, &loaded, out);
	for (i = 0; good > 0 && i < check->rows; i++)
		good = judge_row(judge, &loaded, &check->row[i], out);
	for (i = 0; good > 0 && i < check->maps; i++)
		good = judge_map(&loaded, &check->map[i], out);
	unload(&loaded);
	return good;
}
