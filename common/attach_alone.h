/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Programs that cannot go behind libxdp's dispatcher. Part of attach.
 *
 * Kernels from 6.13 on, and 6.12 in its later versions, let an extension change
 * where a packet starts or ends only if the function it replaces might do so
 * too. libxdp's dispatcher says so since 1.5.5; with an older one the kernel
 * rejects "Extension program changes packet data, while original does not".
 */
#ifndef COMMON_ATTACH_ALONE_H
#define COMMON_ATTACH_ALONE_H

#include <stdbool.h>

struct attach;

/*
 * True when the kernel refuses freplace, and with it the dispatcher, by policy:
 * whatever the program.
 */
bool attach_refuses_freplace(void);

/*
 * Have libxdp attach @at->prog without its dispatcher, if that would not take
 * it; @at->alone says so. Nothing of the program is loaded yet. Ends with
 * attach_alone_end().
 */
void attach_alone_begin(struct attach *at);
void attach_alone_end(const struct attach *at);

#endif /* COMMON_ATTACH_ALONE_H */
