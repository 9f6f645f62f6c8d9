// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * To be preloaded: bpf(2) as on a kernel that does not know a command of it.
 * OLD_KERNEL=COMMAND:ERRNO says which, and how it fails; numbers both.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

#define ARGS 6

/* libbpf has no other way to make the call. */
long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	const char *text = getenv("OLD_KERNEL");
	long arg[ARGS], command;
	va_list args;
	int i, error;

	va_start(args, number);
	for (i = 0; i < ARGS; i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_bpf && text && sscanf(text, "%ld:%d", &command, &error) == 2 &&
	    (int)arg[0] == (int)command) {
		errno = error;
		return -1;
	}
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	return next(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}
