/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The rules by which the programs know our packets. */
#ifndef RULES_H
#define RULES_H

#include "ping.h"

/* Make the map as large as the rules need, before the object is loaded. */
int rules_prepare(const struct ping *ping, const struct attach *at);

/*
 * Enter them in ping_rule_map, and with --debug print each. Returns 0, or -ENOEXEC
 * after one error line.
 */
int rules_enter(const struct ping *ping, const struct bpf_object *obj);

/*
 * Add what the rules have counted to the targets' counts. Returns how many
 * answers came in on queues without a socket.
 */
uint64_t rules_collect(const struct ping *ping, const struct bpf_object *obj);

#endif /* RULES_H */
