/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Why loading or attaching failed. Part of attach; commands use attach.h. */
#ifndef COMMON_ATTACH_EXPLAIN_H
#define COMMON_ATTACH_EXPLAIN_H

struct attach;
struct bpf_program;

/*
 * Print one error line (and the verifier's decisive lines) for what
 * xdp_program__attach() returned. Returns -ENOEXEC when the program could not
 * be loaded, another -errno when it could not be attached; never -EINVAL.
 */
int attach_explain(const struct attach *at, int err);

/*
 * For commands that run a program without an interface: load @at's open object
 * by libbpf alone, as libxdp does when it attaches, and store the program that
 * was chosen in *@prog; its object owns it. Returns 0, or after one error line
 * -EPERM or what attach_explain() returns.
 */
int attach_load_only(const struct attach *at, struct bpf_program **prog);

#endif /* COMMON_ATTACH_EXPLAIN_H */
