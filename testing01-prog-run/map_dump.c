// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Walking through the maps of an object, key by key. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "json.h"
#include "log.h"
#include "map_dump.h"
#include "map_element.h"

/* All elements of an array are there from the beginning, as zeros. */
static bool is_array(const struct bpf_map *map)
{
	return bpf_map__type(map) == BPF_MAP_TYPE_ARRAY ||
	       bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY;
}

static void print_title(const struct map_element *element, const char *when, bool json)
{
	enum bpf_map_type type = bpf_map__type(element->map);
	const char *type_name = libbpf_bpf_map_type_str(type);
	const char *name = bpf_map__name(element->map);

	type_name = type_name ? type_name : "unknown";
	if (!json) {
		printf("map '%s', %s (%s%s):\n", name, when, type_name,
		       map_element_adds_up(element) ? ", all CPUs together" : "");
		return;
	}
	printf("{\"maps\": \"%s\", \"map\": ", when);
	json_string(stdout, name);
	printf(", \"type\": \"%s\", \"elements\": [", type_name);
}

/*
 * Print each element. Returns how many there were, or -errno when maps of this
 * type cannot be walked through.
 */
static int print_elements(struct map_element *element, bool json)
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
		if (is_array(element->map) && !map_element_is_set(element))
			continue;
		printf("%s", json ? count ? ", {\"key\": " : "{\"key\": " : "  ");
		map_element_print(element, json ? ", \"value\": " : ": ");
		printf("%s", json ? "}" : "\n");
		count++;
	}
	return errno == ENOENT ? count : -errno;
}

static int dump_one(const struct bpf_map *map, const struct btf *btf, const char *when, bool json)
{
	struct map_element element;
	int err = map_element_open(&element, map, btf);
	int count;

	if (err) {
		pr_err("cannot print map '%s': %s", bpf_map__name(map), strerror(-err));
		goto close;
	}
	print_title(&element, when, json);
	count = print_elements(&element, json);
	if (json)
		printf(count < 0 ? "], \"error\": \"%s\"}\n" : "]}\n",
		       count < 0 ? strerror(-count) : "");
	else if (count < 0)
		printf("  (cannot be read: %s)\n", strerror(-count));
	else if (!count)
		printf("  (%s)\n", is_array(map) ? "zeros only" : "empty");
	err = ferror(stdout) ? output_flush() : 0;
close:
	map_element_close(&element);
	return err;
}

int map_dump(const struct bpf_object *obj, const char *when, bool json)
{
	const struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, obj) {
		err = dump_one(map, bpf_object__btf(obj), when, json);
		if (err)
			break;
	}
	return err;
}
