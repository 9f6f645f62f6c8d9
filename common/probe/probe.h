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
	const char *name; /* a word, as in :needs of a README */
	const char *help; /* one line */
	int (*attempt)(struct probe_env *env);
	bool anyone; /* works without root */
};

/*
 * The probe after @last in the table, the first one after NULL. NULL after
 * the last one. Owned by probe.
 */
const struct probe *probe_next(const struct probe *last);

/* The probe of that name, or NULL. Owned by probe. */
const struct probe *probe_find(const char *name);

/*
 * Store in @lacks (@size bytes) which privileges labs, programs and packets
 * want and this process has not, with commas in between; "" when it has all.
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

/*
 * Where a probe tries things: a process, and in it a network namespace with a
 * pair of veths. Part of probe; commands use probe.h.
 *
 * A probe, and most functions here, return 1 (works), 0 (this kernel lacks
 * it) or -errno (cannot be told), the latter two with the reason in the env.
 */

#define PROBE_DEV "veth0" /* where programs are attached */
#define PROBE_PEER "veth1" /* where packets come from */
#define PROBE_ETHERTYPE 0x88b5 /* for experiments (IEEE 802) */
#define PROBE_FRAMES 3
#define PROBE_FRAME_LEN 60

struct probe_env {
	int dev, peer; /* interface indexes */
	int map_fd; /* an array with one __u64, which programs count in */
	char reason[PROBE_REASON_MAX];
};

/* A line of a table. */
/* clang-format off */
#define PROBE(name_, help_, attempt_) \
	{ \
		.name = name_, .help = help_, .attempt = attempt_ \
	}
/* clang-format on */

/* The probes of each subject; the last line has no name. */
extern const struct probe probe_table_xdp[];
extern const struct probe probe_table_map[];
extern const struct probe probe_table_load[];
extern const struct probe probe_table_trace[];
extern const struct probe probe_table_ext[];
extern const struct probe probe_table_net[];

/*
 * Try @probe in a process of its own. Returns what it returned; @reason is
 * empty when it works.
 */
int probe_env_run(const struct probe *probe, char *reason, size_t size);

/* Store the reason and return 0: this kernel lacks it. */
int probe_unsupported(struct probe_env *env, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Store the reason and return @err: it cannot be told. */
int probe_unknown(struct probe_env *env, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Cannot be told where /sys is not mounted, as in a bare chroot. */
int probe_sys(struct probe_env *env);

/*
 * Run a line of ip(8) or tc(8). Lacks it when the tool says, in its own words,
 * that the kernel has refused.
 */
int probe_tool(struct probe_env *env, const char *command);

/* How long to wait for packets and interfaces: long, if all CPUs are busy. */
#define PROBE_WAIT_STEPS 400
#define PROBE_WAIT_STEP_US 5000

/* Enter a new network namespace, and make two veths of @mtu bytes in it. */
int probe_veths(struct probe_env *env, unsigned int mtu);

/*
 * Send PROBE_FRAMES frames of PROBE_ETHERTYPE and @len bytes to PROBE_DEV.
 */
int probe_send(struct probe_env *env, size_t len);

/* Wait a moment until what is in env->map_fd has come to @wanted. */
int probe_counted(struct probe_env *env, unsigned int wanted);

#endif /* COMMON_PROBE_H */
