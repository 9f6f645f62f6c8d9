// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* `const volatile` variables of a BPF object, by name. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "log.h"
#include "rodata.h"

#define SECTION ".rodata" /* where clang puts them */

/* Where the variable is in its section, as the object's BTF has it. */
static const struct btf_var_secinfo *find_var(const struct btf *btf, const char *name)
{
	const struct btf_var_secinfo *var;
	const struct btf_type *section, *type;
	int id, i;

	id = btf__find_by_name_kind(btf, SECTION, BTF_KIND_DATASEC);
	if (id < 0)
		return NULL;
	section = btf__type_by_id(btf, (__u32)id);
	var = btf_var_secinfos(section);
	for (i = 0; i < btf_vlen(section); i++, var++) {
		type = btf__type_by_id(btf, var->type);
		if (!strcmp(btf__name_by_offset(btf, type->name_off), name))
			return var;
	}
	return NULL;
}

/* Of a number: of what is none, that of the largest. */
static size_t size_of(const struct bpf_object *obj, const char *name)
{
	const struct btf *btf = bpf_object__btf(obj);
	const struct btf_var_secinfo *var = btf ? find_var(btf, name) : NULL;

	return var && (var->size == 1 || var->size == 2 || var->size == 4) ? var->size :
									     sizeof(__u64);
}

/* The map that the section becomes; its name may begin with the object's. */
static struct bpf_map *find_map(const struct bpf_object *obj)
{
	const size_t len = strlen(SECTION);
	struct bpf_map *map;
	const char *name;

	bpf_object__for_each_map(map, obj) {
		name = bpf_map__name(map);
		if (strlen(name) >= len && !strcmp(name + strlen(name) - len, SECTION))
			return map;
	}
	return NULL;
}

/* Change @size bytes at @offset of what the section will begin as. */
static int set_bytes(struct bpf_map *map, size_t offset, const void *value, size_t size)
{
	const void *old;
	size_t all;
	char *new;
	int err;

	old = bpf_map__initial_value(map, &all);
	if (!old || offset + size > all)
		return -EINVAL;
	new = malloc(all);
	if (!new)
		return -ENOMEM;
	memcpy(new, old, all);
	memcpy(new + offset, value, size);
	err = bpf_map__set_initial_value(map, new, all);
	free(new);
	return err;
}

int rodata_set(struct bpf_object *obj, const char *name, const void *value, size_t size)
{
	const struct btf *btf = bpf_object__btf(obj);
	const struct btf_var_secinfo *var = btf ? find_var(btf, name) : NULL;
	struct bpf_map *map = find_map(obj);
	int err;

	if (!var || !map) {
		pr_err("cannot set '%s': the object has no such setting", name);
		return -ENOEXEC;
	}
	if (var->size != size) {
		pr_err("cannot set '%s': it has %u bytes in the object, not %zu", name, var->size,
		       size);
		return -ENOEXEC;
	}
	if (bpf_map__fd(map) >= 0) {
		pr_err("cannot set '%s': the object is loaded", name);
		return -ENOEXEC;
	}
	err = set_bytes(map, var->offset, value, size);
	if (!err)
		return 0;
	pr_err("cannot set '%s': %s", name, strerror(-err));
	return -ENOEXEC;
}

int rodata_set_text(struct bpf_object *obj, const char *text)
{
	const char *equals = strchr(text, '=');
	unsigned long long number = 0;
	char name[128], *end = NULL;
	size_t size;

	if (equals && isdigit((unsigned char)equals[1])) {
		errno = 0;
		number = strtoull(equals + 1, &end, 0);
	}
	if (!end || *end || errno || equals == text || (size_t)(equals - text) >= sizeof(name)) {
		pr_err("cannot set '%s': not like NAME=NUMBER", text);
		return -EINVAL;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(equals - text), text);
	size = size_of(obj, name);
	if (size < sizeof(number) && number >> (8 * size)) {
		pr_err("cannot set '%s': %s has %zu bytes", text, name, size);
		return -EINVAL;
	}
	/* Its low bytes, on a machine of either order. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	if (size < sizeof(number))
		number <<= 8 * (sizeof(number) - size);
#endif
	return rodata_set(obj, name, &number, size);
}
