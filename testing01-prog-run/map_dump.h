/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* All that is in the maps of an object: --dump-maps of xdp_run_user. */
#ifndef MAP_DUMP_H
#define MAP_DUMP_H

#include <stdbool.h>

struct bpf_object;

/*
 * Print the maps of loaded object @obj, each with its elements; @when is a
 * word that says which of several dumps this is. Elements of arrays that are
 * all zeros are left out. Keys and values are numbers, or JSON objects with the
 * names of their members; what has no type is a string of hex digits. The values
 * of a per-CPU map are added up where they are counters, else there is one for
 * each CPU.
 * Returns 0, or -errno after one error line when standard output did not take
 * it, or without memory.
 */
int map_dump(const struct bpf_object *obj, const char *when, bool json);

#endif /* MAP_DUMP_H */
