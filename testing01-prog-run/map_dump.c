// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * All that is in the maps of an object, as --dump-maps prints it. The object
 * file describes keys and values in BTF, since its maps say __type(key, ...): a
 * tree of types, each with a number, which one walks down to integers. From top
 * to bottom: print a value by its type, add up those of a per-CPU map, go through
 * a map key by key.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "json.h"
#include "log.h"
#include "map_dump.h"

/* The kernel rounds each CPU's value up to this. */
#define CPU_VALUE_ALIGN 8

/* Room for one element of a map. */
struct element {
	const struct bpf_map *map;
	const struct btf *btf; /* the types of the object file, or NULL */
	int cpus; /* copies of each value; 0: no per-CPU map */
	size_t size; /* of a value */
	size_t step; /* from one CPU's value to the next one's */
	char *key;
	char *value; /* one, or one for each CPU */
	char *sum; /* of those */
};

/* The type behind typedef, const and volatile; NULL where there is none. */
static const struct btf_type *resolve(const struct btf *btf, __u32 type)
{
	int id = btf && type ? btf__resolve_type(btf, type) : 0;

	return id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
}

/* A string of hex digits: of what has no type, and of arrays of bytes. */
static void print_hex(struct json *json, const char *name, const unsigned char *data, size_t size)
{
	json_member(json, name, "\"");
	while (size--)
		fprintf(json->out, "%02x", *data++);
	fputc('"', json->out);
}

/* A number as it lies in memory, in this machine's byte order. */
static void print_number(struct json *json, const char *name, const void *data, size_t size,
			 bool has_sign)
{
	union {
		__u8 u1;
		__u16 u2;
		__u32 u4;
		__u64 u8;
	} number = { 0 };
	unsigned int unused = 64 - 8 * (unsigned int)size;
	__u64 value;

	memcpy(&number, data, size);
	value = size == 1 ? number.u1 : size == 2 ? number.u2 : size == 4 ? number.u4 : number.u8;
	if (has_sign)
		json_member(json, name, "%lld", (long long)(value << unused) >> unused);
	else
		json_member(json, name, "%llu", (unsigned long long)value);
}

static void print_value(struct json *json, const char *name, const struct btf *btf, __u32 type,
			const void *data, size_t size);

static void print_array(struct json *json, const char *name, const struct btf *btf,
			const struct btf_type *array, const char *data, size_t size)
{
	const struct btf_array *info = btf_array(array);
	size_t step = info->nelems ? size / info->nelems : 0;
	__u32 i;

	/* Addresses, names, padding: bytes are not counted with. */
	if (step <= 1) {
		print_hex(json, name, (const unsigned char *)data, size);
		return;
	}
	json_open(json, name, '[');
	for (i = 0; i < info->nelems; i++)
		print_value(json, NULL, btf, info->type, data + i * step, step);
	json_close(json);
}

/* A member at @offset bytes; null for what does not fit into the value. */
static void print_member(struct json *json, const struct btf *btf, __u32 name_off, __u32 type,
			 const char *data, size_t size, size_t offset)
{
	const char *name = btf__name_by_offset(btf, name_off);
	long long len = btf__resolve_size(btf, type);

	if (len < 0 || offset > size || (size_t)len > size - offset)
		json_member(json, name, "null");
	else
		print_value(json, name, btf, type, data + offset, (size_t)len);
}

static bool has_bitfields(const struct btf_type *type)
{
	__u32 i;

	for (i = 0; i < btf_vlen(type); i++)
		if (btf_member_bitfield_size(type, i))
			return true;
	return false;
}

/* A struct, a union, or a map of global variables: .bss, .data, .rodata. */
static void print_members(struct json *json, const char *name, const struct btf *btf,
			  const struct btf_type *type, const char *data, size_t size)
{
	const struct btf_var_secinfo *var = btf_var_secinfos(type);
	const struct btf_member *member = btf_members(type);
	__u32 i;

	json_open(json, name, '{');
	for (i = 0; i < btf_vlen(type); i++) {
		if (btf_is_datasec(type))
			print_member(json, btf, btf__type_by_id(btf, var[i].type)->name_off,
				     var[i].type, data, size, var[i].offset);
		else
			print_member(json, btf, member[i].name_off, member[i].type, data, size,
				     btf_member_bit_offset(type, i) / 8);
	}
	json_close(json);
}

/* @size bytes at @data, which are of type @type of @btf (0: not known). */
static void print_value(struct json *json, const char *name, const struct btf *btf, __u32 type,
			const void *data, size_t size)
{
	const struct btf_type *t = resolve(btf, type);
	bool has_sign = t && btf_is_int(t) && btf_int_encoding(t) & BTF_INT_SIGNED;

	if (t && btf_is_array(t))
		print_array(json, name, btf, t, data, size);
	else if (t && (btf_is_datasec(t) || (btf_is_composite(t) && !has_bitfields(t))))
		print_members(json, name, btf, t, data, size);
	else if (t && (btf_is_int(t) || btf_is_any_enum(t)) &&
		 (size == 1 || size == 2 || size == 4 || size == 8))
		print_number(json, name, data, size, has_sign);
	else
		print_hex(json, name, data, size);
}

/* Add one integer, if it is a counter: 4 or 8 bytes without a sign. */
static bool add_number(const struct btf_type *type, void *sum, const void *data, size_t size)
{
	__u32 total4, more4;
	__u64 total8, more8;

	if (btf_int_encoding(type) || size != type->size)
		return false;
	if (size == sizeof(total8) && data) {
		memcpy(&total8, sum, size);
		memcpy(&more8, data, size);
		total8 += more8;
		memcpy(sum, &total8, size);
	} else if (size == sizeof(total4) && data) {
		memcpy(&total4, sum, size);
		memcpy(&more4, data, size);
		total4 += more4;
		memcpy(sum, &total4, size);
	}
	return size == sizeof(total8) || size == sizeof(total4);
}

static bool add_value(const struct btf *btf, __u32 type, void *sum, const void *data, size_t size);

/* The part at @offset of both. */
static bool add_part(const struct btf *btf, __u32 type, char *sum, const char *data, size_t offset)
{
	long long size = btf__resolve_size(btf, type);

	return size > 0 && add_value(btf, type, sum ? sum + offset : NULL,
				     data ? data + offset : NULL, (size_t)size);
}

static bool add_struct(const struct btf *btf, const struct btf_type *type, char *sum,
		       const char *data)
{
	__u32 i;

	for (i = 0; i < btf_vlen(type); i++)
		if (btf_member_bitfield_size(type, i) ||
		    !add_part(btf, btf_members(type)[i].type, sum, data,
			      btf_member_bit_offset(type, i) / 8))
			return false;
	return true;
}

static bool add_array(const struct btf *btf, const struct btf_type *type, char *sum,
		      const char *data, size_t size)
{
	const struct btf_array *info = btf_array(type);
	__u32 i;

	for (i = 0; i < info->nelems; i++)
		if (!add_part(btf, info->type, sum, data, i * (size / info->nelems)))
			return false;
	return true;
}

/*
 * Add the @size bytes at @data to @sum if all there is in type @type are
 * counters. Returns whether it is so; with @data NULL that is all it does.
 */
static bool add_value(const struct btf *btf, __u32 type, void *sum, const void *data, size_t size)
{
	const struct btf_type *t = resolve(btf, type);

	if (!t)
		return false;
	if (btf_is_int(t))
		return add_number(t, sum, data, size);
	if (btf_is_array(t))
		return add_array(btf, t, sum, data, size);
	return btf_is_struct(t) && add_struct(btf, t, sum, data);
}

static int count_cpus(enum bpf_map_type type)
{
	switch (type) {
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		return libbpf_num_possible_cpus();
	default:
		return 0;
	}
}

/* Returns 0 or -ENOMEM; close_element() is needed in any case. */
static int open_element(struct element *element, const struct bpf_map *map, const struct btf *btf)
{
	size_t size = bpf_map__value_size(map);
	int cpus = count_cpus(bpf_map__type(map));

	*element = (struct element){
		.map = map,
		.btf = btf,
		.cpus = cpus,
		.size = size,
		.step = cpus ? (size + CPU_VALUE_ALIGN - 1) / CPU_VALUE_ALIGN * CPU_VALUE_ALIGN :
			       size,
		.key = calloc(1, bpf_map__key_size(map) + 1),
		.sum = calloc(1, size + 1),
	};
	element->value = calloc(cpus > 0 ? (size_t)cpus : 1, element->step + 1);
	return element->key && element->sum && element->value && cpus >= 0 ? 0 : -ENOMEM;
}

static void close_element(struct element *element)
{
	free(element->key);
	free(element->value);
	free(element->sum);
}

/* Whether the values of all CPUs can be added up. */
static bool adds_up(const struct element *element)
{
	return element->cpus && add_value(element->btf, bpf_map__btf_value_type_id(element->map),
					  NULL, NULL, element->size);
}

/* Whether there is anything but zeros in the value. */
static bool is_set(const struct element *element)
{
	size_t len = element->step * (element->cpus ? (size_t)element->cpus : 1);
	size_t i;

	for (i = 0; i < len; i++)
		if (element->value[i])
			return true;
	return false;
}

/* Types whose keys, or values, the kernel defines: numbers of 32 bits. */
static bool is_number(enum bpf_map_type type, bool value)
{
	switch (type) {
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return !value;
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		return value;
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_CPUMAP:
	case BPF_MAP_TYPE_XSKMAP:
		return true;
	default:
		return false;
	}
}

/* A key or a value; without a type it is a number, or bytes. */
static void print_part(struct json *json, const char *name, const struct element *element,
		       __u32 type, const void *data, size_t size, bool value)
{
	if (!type && size == sizeof(__u32) && is_number(bpf_map__type(element->map), value))
		print_number(json, name, data, size, false);
	else
		print_value(json, name, element->btf, type, data, size);
}

static void print_key(struct json *json, const char *name, const struct element *element)
{
	print_part(json, name, element, bpf_map__btf_key_type_id(element->map), element->key,
		   bpf_map__key_size(element->map), false);
}

/* The value; of a per-CPU map the sum, or what each CPU has. */
static void print_values(struct json *json, const char *name, struct element *element)
{
	__u32 type = bpf_map__btf_value_type_id(element->map);
	const char *value = element->value;
	int cpu;

	if (!element->cpus) {
		print_part(json, name, element, type, value, element->size, true);
		return;
	}
	if (adds_up(element)) {
		memset(element->sum, 0, element->size);
		for (cpu = 0; cpu < element->cpus; cpu++, value += element->step)
			add_value(element->btf, type, element->sum, value, element->size);
		print_value(json, name, element->btf, type, element->sum, element->size);
		return;
	}
	json_open(json, name, '[');
	for (cpu = 0; cpu < element->cpus; cpu++, value += element->step)
		print_value(json, NULL, element->btf, type, value, element->size);
	json_close(json);
}

static void print_json(struct json *json, struct element *element)
{
	json_open(json, NULL, '{');
	print_key(json, "key", element);
	print_values(json, "value", element);
	json_close(json);
}

/* "  KEY: VALUE", each by itself as it is in JSON. */
static void print_line(struct element *element)
{
	struct json part = { .out = stdout, .depth = 1 };

	printf("  ");
	print_key(&part, NULL, element);
	printf(": ");
	part.more = false;
	print_values(&part, NULL, element);
	printf("\n");
}

/* All elements of an array are there from the beginning, as zeros. */
static bool is_array(const struct bpf_map *map)
{
	return bpf_map__type(map) == BPF_MAP_TYPE_ARRAY ||
	       bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY;
}

/*
 * Print each element, into @json unless that is NULL. Returns how many there
 * were, or -errno when maps of this type cannot be walked through.
 */
static int print_elements(struct element *element, struct json *json)
{
	int fd = bpf_map__fd(element->map);
	const void *key = NULL;
	int count = 0;

	/* The key is the one before on the way in, the next on the way out. */
	while (!bpf_map_get_next_key(fd, key, element->key)) {
		key = element->key;
		if (bpf_map_lookup_elem(fd, key, element->value)) {
			/* Gone meanwhile, or a place that is empty. */
			if (errno == ENOENT)
				continue;
			return -errno;
		}
		if (is_array(element->map) && !is_set(element))
			continue;
		if (json)
			print_json(json, element);
		else
			print_line(element);
		count++;
	}
	return errno == ENOENT ? count : -errno;
}

static void dump_table(struct element *element, const char *type, const char *when)
{
	int count;

	printf("map '%s', %s (%s%s):\n", bpf_map__name(element->map), when, type,
	       adds_up(element) ? ", all CPUs together" : "");
	count = print_elements(element, NULL);
	if (count < 0)
		printf("  (cannot be read: %s)\n", strerror(-count));
	else if (!count)
		printf("  (%s)\n", is_array(element->map) ? "zeros only" : "empty");
}

static void dump_json(struct element *element, const char *type, const char *when)
{
	struct json json = { .out = stdout };
	int count;

	json_open(&json, NULL, '{');
	json_text(&json, "maps", when);
	json_text(&json, "map", bpf_map__name(element->map));
	json_text(&json, "type", type);
	json_open(&json, "elements", '[');
	count = print_elements(element, &json);
	json_close(&json);
	if (count < 0)
		json_text(&json, "error", strerror(-count));
	json_close(&json);
}

int map_dump(const struct bpf_object *obj, const char *when, bool json)
{
	const struct bpf_map *map;
	struct element element;
	const char *type;
	int err = 0;

	bpf_object__for_each_map(map, obj) {
		type = libbpf_bpf_map_type_str(bpf_map__type(map));
		err = open_element(&element, map, bpf_object__btf(obj));
		if (err)
			pr_err("cannot print map '%s': %s", bpf_map__name(map), strerror(-err));
		else if (json)
			dump_json(&element, type ? type : "unknown", when);
		else
			dump_table(&element, type ? type : "unknown", when);
		close_element(&element);
		if (!err && ferror(stdout))
			err = output_flush();
		if (err)
			break;
	}
	return err;
}
