/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the running kernel can do, found out by trying it: a program is loaded
 * and attached, packets are sent and counted. A version number would not tell,
 * as distributions take features back, leave them out and forbid them.
 *
 * Each probe runs in a process of its own, in a network namespace of its own
 * where it needs interfaces, and takes milliseconds. The caller's interfaces,
 * namespaces, limits and BPF file system stay as they are. Nearly all need
 * root. doctor/ prints them all; any lesson may ask for those it needs.
 *
 * A probe is a line of a table in probes_*.c, and the function it names, above
 * it; probe_prog.h has what such functions are made of.
 */
#ifndef COMMON_PROBE_H
#define COMMON_PROBE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "exit_status.h"

#define PROBE_REASON_MAX 256

/*
 * "This kernel lacks the feature, and the error line was printed": an error
 * of its own, which no call to the kernel returns for another reason.
 */
#define PROBE_UNSUPPORTED (-ENOPKG)

struct probe_env;

struct probe {
	const char *name; /* a word, as in a lesson's file `needs` */
	const char *help; /* what works, in one line */
	int (*attempt)(struct probe_env *env);
	const char *remedy; /* what to do where it does not work */
	bool anyone; /* works without root */
};

/*
 * The probe after @last in the tables, the first one after NULL. NULL after
 * the last one. Owned by probe.
 */
const struct probe *probe_next(const struct probe *last);

/* The probe of that name, or NULL. Owned by probe. */
const struct probe *probe_find(const char *name);

/*
 * Store in @lacks (@size bytes) the privileges that labs, programs and packets
 * need and this process lacks, with commas in between; "" when it has all.
 */
void probe_privileges(char *lacks, size_t size);

/*
 * Try feature @name. Returns 1 when it works, 0 when this kernel does not have
 * it, -errno when that cannot be told (-EPERM: not root, -EINVAL: there is no
 * probe @name). Unless it works, @reason (@size bytes) says why in words;
 * PROBE_REASON_MAX bytes hold any of them.
 */
int probe_feature(const char *name, char *reason, size_t size);

/*
 * For a command that cannot work without feature @name. Returns 0 when it
 * works. Otherwise prints one error line and returns PROBE_UNSUPPORTED when the
 * kernel lacks it, or -errno when that cannot be told.
 */
int probe_require(const char *name);

/*
 * The same after a call that has failed with @err, so that nothing is tried
 * where all is well: err = probe_explain("xdp_link", err). Returns PROBE_UNSUPPORTED
 * after one error line when the kernel lacks feature @name, which explains
 * it. Else returns @err and prints nothing: the caller says what was wrong.
 * 0 stays 0.
 */
int probe_explain(const char *name, int err);

/* The exit status that goes with what these two returned. */
enum exit_status probe_status(int err);

#endif /* COMMON_PROBE_H */
