// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Keys and values of maps, by their types. The object file describes them
 * in BTF, since its maps say __type(key, ...): a tree of types, each with a
 * number, which one walks down to integers.
 */
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

#include "json.h"
#include "map_value.h"

/* The type behind typedef, const and volatile; NULL where there is none. */
static const struct btf_type *resolve(const struct btf *btf, __u32 *type)
{
	int id = btf && *type ? btf__resolve_type(btf, *type) : 0;

	if (id <= 0)
		return NULL;
	*type = (__u32)id;
	return btf__type_by_id(btf, *type);
}

static void print_hex(const unsigned char *data, size_t size)
{
	putchar('"');
	while (size--)
		printf("%02x", *data++);
	putchar('"');
}

static bool is_whole(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* A number as it lies in memory, in this machine's byte order. */
static void print_number(const void *data, size_t size, bool has_sign)
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
		printf("%lld", (long long)(value << unused) >> unused);
	else
		printf("%llu", (unsigned long long)value);
}

static void print_array(const struct btf *btf, const struct btf_type *array, const char *data,
			size_t size)
{
	const struct btf_array *info = btf_array(array);
	size_t step = info->nelems ? size / info->nelems : 0;
	__u32 i;

	/* Addresses, names, padding: bytes are not counted with. */
	if (step <= 1) {
		print_hex((const unsigned char *)data, size);
		return;
	}
	putchar('[');
	for (i = 0; i < info->nelems; i++) {
		printf("%s", i ? ", " : "");
		map_value_print(btf, info->type, data + i * step, step);
	}
	putchar(']');
}

/* A member at @offset bytes; NULL for what does not fit into the value. */
static void print_member(const struct btf *btf, __u32 name, __u32 type, const char *data,
			 size_t size, size_t offset)
{
	long long len = btf__resolve_size(btf, type);

	json_string(stdout, btf__name_by_offset(btf, name));
	printf(": ");
	if (len < 0 || offset > size || (size_t)len > size - offset)
		printf("null");
	else
		map_value_print(btf, type, data + offset, (size_t)len);
}

static void print_struct(const struct btf *btf, const struct btf_type *type, const char *data,
			 size_t size)
{
	const struct btf_member *member = btf_members(type);
	__u32 i;

	for (i = 0; i < btf_vlen(type); i++)
		if (btf_member_bitfield_size(type, i)) {
			print_hex((const unsigned char *)data, size);
			return;
		}
	putchar('{');
	for (i = 0; i < btf_vlen(type); i++) {
		printf("%s", i ? ", " : "");
		print_member(btf, member[i].name_off, member[i].type, data, size,
			     btf_member_bit_offset(type, i) / 8);
	}
	putchar('}');
}

/* A map of global variables: .bss, .data, .rodata. */
static void print_variables(const struct btf *btf, const struct btf_type *type, const char *data,
			    size_t size)
{
	const struct btf_var_secinfo *var = btf_var_secinfos(type);
	__u32 i;

	putchar('{');
	for (i = 0; i < btf_vlen(type); i++, var++) {
		printf("%s", i ? ", " : "");
		print_member(btf, btf__type_by_id(btf, var->type)->name_off, var->type, data, size,
			     var->offset);
	}
	putchar('}');
}

void map_value_print(const struct btf *btf, __u32 type, const void *data, size_t size)
{
	const struct btf_type *t = resolve(btf, &type);
	bool has_sign = t && btf_is_int(t) && btf_int_encoding(t) & BTF_INT_SIGNED;

	if (t && btf_is_array(t))
		print_array(btf, t, data, size);
	else if (t && btf_is_composite(t))
		print_struct(btf, t, data, size);
	else if (t && btf_is_datasec(t))
		print_variables(btf, t, data, size);
	else if (t && (btf_is_int(t) || btf_is_any_enum(t)) && is_whole(size))
		print_number(data, size, has_sign);
	else
		print_hex(data, size);
}
