/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The settings of a BPF object: its `const volatile` variables, set between
 * open and load. The verifier knows their values, and removes what they make
 * unreachable. Taught in basic02-prog-by-name and packet03-redirecting.
 */
#ifndef COMMON_RODATA_H
#define COMMON_RODATA_H

#include <stddef.h>

struct bpf_object;

/*
 * Set the variable @name of @obj, which is open and not loaded, to the @size
 * bytes at @value. Returns 0; or -ENOEXEC after one error line: there is no
 * such variable, it has another size, or the object is loaded.
 */
int rodata_set(struct bpf_object *obj, const char *name, const void *value, size_t size);

/*
 * The same from text like "drop_port=53": a variable of 1, 2, 4 or 8 bytes, and the number
 * that it is to have, in the machine's order. Returns -EINVAL after one error line where
 * @text is not like that.
 */
int rodata_set_text(struct bpf_object *obj, const char *text);

#endif /* COMMON_RODATA_H */
