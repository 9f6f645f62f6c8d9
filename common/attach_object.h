/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Object files and the programs in them: a part of attach that basic01-xdp-pass
 * uses directly and basic02-prog-by-name lists with.
 */
#ifndef COMMON_ATTACH_OBJECT_H
#define COMMON_ATTACH_OBJECT_H

#include <stddef.h>

struct attach;
struct bpf_object;
struct bpf_program;

/*
 * Store in @path (of @size bytes) where object file @filename is: in the
 * current folder, else beside the command's executable. Returns 0, or
 * -ENOEXEC after one error line.
 */
int attach_find_file(const char *filename, char *path, size_t size);

/*
 * Open object file @filename, found as above; @path gets PATH_MAX bytes. Returns
 * the object, which the caller closes, or NULL after one error line.
 */
struct bpf_object *attach_open_object(const char *filename, char *path);

/*
 * Choose the XDP program @name of @obj (NULL: the first one), and let only it
 * be loaded. Returns it, or NULL after one error line that lists the programs
 * there are.
 */
struct bpf_program *attach_choose(struct bpf_object *obj, const char *path, const char *name);

/*
 * Print a table of the programs of @at's open object to standard output.
 * Returns 0, or -errno when it could not be written.
 */
int attach_print_programs(const struct attach *at);

#endif /* COMMON_ATTACH_OBJECT_H */
