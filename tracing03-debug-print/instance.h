/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * A tracing instance of our own: a folder in tracefs with a trace buffer that
 * gets a copy of the lines which it asks for, and takes none from anybody. Part
 * of xdp_print_user.
 */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <linux/types.h>

#define INSTANCE_NAME_MAX 192

struct instance {
	int tracefs; /* the folder of tracefs; the caller owns it */
	char name[INSTANCE_NAME_MAX]; /* "": there is none */
};

/*
 * Make an instance that gets the lines with @tag, and remove those whose
 * process has been killed. Returns a file descriptor of its folder, which the
 * caller closes; or -errno, and then there is none.
 */
int instance_make(struct instance *instance, int tracefs, __u32 tag);

/* Remove it, once none of its files is open. Returns 0 or -errno. */
int instance_remove(struct instance *instance);

#endif /* INSTANCE_H */
