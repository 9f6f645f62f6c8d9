/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The network that a prepare.txt asks for: a part of prepare. */
#ifndef COMMON_PREPARE_ENTER_H
#define COMMON_PREPARE_ENTER_H

/*
 * Go into a new network namespace and run the shell script @file there, which
 * lies beside @text; the same one again changes nothing. Returns 0, -EINVAL
 * after one error line where there is no such file, -EIO after one where the
 * script fails or the process is in the network of another.
 */
int prepare_enter(const char *text, const char *file);

#endif /* COMMON_PREPARE_ENTER_H */
