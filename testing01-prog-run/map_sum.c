// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Adding up the values that a per-CPU map has on each CPU. */
#include <string.h>

#include <bpf/btf.h>

#include "map_value.h"

/* Adds one integer, if it is one to be added. */
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

/* The part at @offset of both. */
static bool add_part(const struct btf *btf, __u32 type, char *sum, const char *data, size_t offset)
{
	long long size = btf__resolve_size(btf, type);

	return size > 0 && map_value_add(btf, type, sum ? sum + offset : NULL,
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

bool map_value_add(const struct btf *btf, __u32 type, void *sum, const void *data, size_t size)
{
	int id = btf && type ? btf__resolve_type(btf, type) : 0;
	const struct btf_type *t;

	if (id <= 0)
		return false;
	t = btf__type_by_id(btf, (__u32)id);
	if (btf_is_int(t))
		return add_number(t, sum, data, size);
	if (btf_is_array(t))
		return add_array(btf, t, sum, data, size);
	return btf_is_struct(t) && add_struct(btf, t, sum, data);
}
