/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The parts of lab_user: a function a command, called with its arguments. */
#ifndef TESTENV_LAB_H
#define TESTENV_LAB_H

#include <string.h>

#include "log.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Print why @what could not be done to @subject. Returns @err, an -errno. */
static inline int lab_fail(int err, const char *what, const char *subject)
{
	pr_err("cannot %s '%s': %s", what, subject, strerror(-err));
	return err;
}

/*
 * "NETNS COMMAND [ARG...]": like ip netns exec, but with the file systems of BPF,
 * tracing and cgroups still in /sys. Returns on error only: -EPERM before the
 * command runs, -ENOENT when there is no such command.
 */
int lab_exec(char **args);

/*
 * "COMMAND [ARG...]": run it with SIGINT as it is by default. (A shell starts a
 * background command deaf to it.) Returns on error only.
 */
int lab_run(char **args);

/*
 * "COMMAND [ARG...]": run it in new network, mount and pid namespaces, with a
 * /run/netns, a state of labs, a /sys and a BPF filesystem of its own. With it
 * ends whatever it has started. Returns its status, 128 + N when signal N ended
 * it, or -errno.
 */
int lab_shell(char **args);

/*
 * "PID COMMAND [ARG...]": run it in the namespaces of process PID, which is the first
 * one of a shell and ends it too. Returns as lab_shell() does.
 */
int lab_join(char **args);

/*
 * "IFNAME PEER_MAC VLAN OWN_IPV4 PEER_IPV4 OWN_IPV6 PEER_IPV6 KIND [OPTION...]":
 * send packets and print which. VLAN is the one that the lab adds to all, or 0; an
 * address that it lacks is a "-". Returns 0, EXIT_FAIL_OPTION after one error line
 * when a word is bad and nothing was sent, or -errno.
 */
int lab_send(char **args);

#endif /* TESTENV_LAB_H */
