/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The file system of tracing (tracefs): the lines of bpf_printk(), the
 * tracepoints' numbers and fields. It may be mounted or not, here or there
 * (ip netns exec hides it): nobody else's mounts are changed to read it. Taught
 * in tracing03-debug-print. Source: Documentation/trace/ftrace.rst in the
 * kernel's sources.
 */
#ifndef COMMON_TRACEFS_H
#define COMMON_TRACEFS_H

#include <stdio.h>

/*
 * Open the folder of tracefs, for openat() of the files in it: where it is
 * mounted, else through a mount that nobody sees and that ends with the file
 * descriptor. Returns that, to be closed by the caller; or -errno after one
 * error line.
 */
int tracefs_open(void);

/* Open the file @path in @folder for reading. NULL, with errno set. */
FILE *tracefs_fopen(int folder, const char *path);

#endif /* COMMON_TRACEFS_H */
