/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Why loading or attaching failed. Part of attach; commands use attach.h. */
#ifndef COMMON_ATTACH_EXPLAIN_H
#define COMMON_ATTACH_EXPLAIN_H

struct attach;

/*
 * Print one error line (and the verifier's decisive lines) for what
 * xdp_program__attach() returned. Returns -ENOEXEC when the program could not
 * be loaded, another -errno when it could not be attached; never -EINVAL.
 */
int attach_explain(const struct attach *at, int err);

#endif /* COMMON_ATTACH_EXPLAIN_H */
