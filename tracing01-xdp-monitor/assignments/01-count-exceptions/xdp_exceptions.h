/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Assignment 01: what program and command agree on. This file is complete. */
#ifndef XDP_EXCEPTIONS_H
#define XDP_EXCEPTIONS_H

#include "xdp_stats_kern_user.h"

/* Keys of exceptions_map: an XDP action; the last: a number that is none */
#define EXCEPTIONS_OTHER XDP_ACTION_MAX
#define EXCEPTIONS_KEYS (XDP_ACTION_MAX + 1)

#endif /* XDP_EXCEPTIONS_H */
