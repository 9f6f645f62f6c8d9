// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* One element of a map: room for it, and its text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "map_element.h"
#include "map_value.h"

/* The kernel rounds each CPU's value up to this. */
#define CPU_VALUE_ALIGN 8

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

int map_element_open(struct map_element *element, const struct bpf_map *map, const struct btf *btf)
{
	size_t size = bpf_map__value_size(map);
	int cpus = count_cpus(bpf_map__type(map));

	*element = (struct map_element){
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

void map_element_close(struct map_element *element)
{
	free(element->key);
	free(element->value);
	free(element->sum);
}

bool map_element_adds_up(const struct map_element *element)
{
	return element->cpus &&
	       map_value_add(element->btf, bpf_map__btf_value_type_id(element->map), NULL, NULL,
			     element->size);
}

bool map_element_is_set(const struct map_element *element)
{
	size_t len = element->step * (element->cpus ? element->cpus : 1);
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
static void print_part(const struct map_element *element, __u32 type, const void *data, size_t size,
		       bool value)
{
	__u32 number;

	if (type || size != sizeof(number) || !is_number(bpf_map__type(element->map), value)) {
		map_value_print(element->btf, type, data, size);
		return;
	}
	memcpy(&number, data, size);
	printf("%u", number);
}

/* The sum, or what each CPU has. */
static void print_cpus(struct map_element *element, __u32 type)
{
	bool adds_up = map_element_adds_up(element);
	const char *value = element->value;
	int cpu;

	memset(element->sum, 0, element->size);
	for (cpu = 0; cpu < element->cpus; cpu++, value += element->step) {
		if (adds_up) {
			map_value_add(element->btf, type, element->sum, value, element->size);
			continue;
		}
		printf("%s", cpu ? ", " : "[");
		map_value_print(element->btf, type, value, element->size);
	}
	if (adds_up)
		map_value_print(element->btf, type, element->sum, element->size);
	else
		printf("]");
}

void map_element_print(struct map_element *element, const char *between)
{
	const struct bpf_map *map = element->map;
	__u32 type = bpf_map__btf_value_type_id(map);

	print_part(element, bpf_map__btf_key_type_id(map), element->key, bpf_map__key_size(map),
		   false);
	printf("%s", between);
	if (element->cpus)
		print_cpus(element, type);
	else
		print_part(element, type, element->value, element->size, true);
}
