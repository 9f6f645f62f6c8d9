/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Keys and values of maps, by their types. Part of xdp_run_user. */
#ifndef MAP_VALUE_H
#define MAP_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

struct btf;

/*
 * Print @size bytes at @data, which are of type @type of @btf (0: not known),
 * as JSON: a number, an object with the names of the members, an array. What
 * has no type, and an array of bytes, is a string of hex digits.
 */
void map_value_print(const struct btf *btf, __u32 type, const void *data, size_t size);

/*
 * Add to @sum the @size bytes at @data if all there is in type @type are whole
 * numbers of 4 or 8 bytes without a sign, counters that is. Returns whether it
 * is so; with @data NULL that is all it does.
 */
bool map_value_add(const struct btf *btf, __u32 type, void *sum, const void *data, size_t size);

#endif /* MAP_VALUE_H */
