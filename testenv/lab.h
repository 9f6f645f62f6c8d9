/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What testenv.sh cannot do with iproute2 alone, one function a job.
 *
 * Each takes names as a user writes them and works in the network namespace
 * it is called in. Each returns 0 or -errno and has then printed one line about
 * what failed.
 */
#ifndef LAB_H
#define LAB_H

#include <stddef.h>
#include <linux/types.h>

#define LAB_PASS_PROG "xdp_lab_pass"

/* lab_xdp.c: programs at the XDP hook */
int lab_xdp_show(const char *ifname);
int lab_xdp_attach(const char *ifname, const char *objfile);
int lab_xdp_detach(const char *ifname);
int lab_xdp_clear(const char *ifname);

/* lab_prog.c: prints "MODE ID NAME", and what runs inside a dispatcher */
int lab_prog_print(const char *mode, int ifindex, __u32 id);
int lab_prog_name(int fd, char *name, size_t size);

/* lab_net.c: tags and offloads of an interface */
int lab_net_tag(const char *ifname, const char *objfile, unsigned int vlan);
int lab_net_untag(const char *ifname);
int lab_net_offloads_off(const char *ifname);

/* lab_exec.c: replace this process by a command; return only on failure */
int lab_exec_in(const char *netns, char **argv);
int lab_exec_plain(char **argv);

/* lab_user.c: one line "error: cannot WHAT 'SUBJECT': reason"; returns err */
int lab_error(int err, const char *what, const char *subject);
int lab_ifindex(const char *ifname);

#endif /* LAB_H */
