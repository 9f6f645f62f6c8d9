/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One element of a map at a time. Part of xdp_run_user. */
#ifndef MAP_ELEMENT_H
#define MAP_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>

struct bpf_map;
struct btf;

struct map_element {
	const struct bpf_map *map;
	const struct btf *btf; /* the types of the object file, or NULL */
	int cpus; /* copies of each value; 0: no per-CPU map */
	size_t size; /* of a value */
	size_t step; /* from one CPU's value to the next one's */
	char *key;
	char *value; /* one, or one for each CPU */
	char *sum; /* of those */
};

/*
 * Make room for an element of @map. Returns 0 or -ENOMEM; to be released with
 * map_element_close() in any case.
 */
int map_element_open(struct map_element *element, const struct bpf_map *map, const struct btf *btf);
void map_element_close(struct map_element *element);

/* Whether the values of all CPUs can be added up. */
bool map_element_adds_up(const struct map_element *element);

/* Whether there is anything but zeros in the value. */
bool map_element_is_set(const struct map_element *element);

/* Print key and value; @between stands between them. */
void map_element_print(struct map_element *element, const char *between);

#endif /* MAP_ELEMENT_H */
