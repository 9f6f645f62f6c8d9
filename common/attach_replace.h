/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Our program on an interface where others are: in their place, or beside them
 * behind libxdp's dispatcher. attach.c and basic04's bpf_link use it.
 */
#ifndef COMMON_ATTACH_REPLACE_H
#define COMMON_ATTACH_REPLACE_H

struct attach;

/*
 * Carry on after xdp_program__attach() returned @err with programs on the
 * interface, so that ours is the only one. Where it can be done no packet
 * passes unseen: behind a dispatcher ours is added before the others go, and
 * without one the kernel swaps the two. Only when the mode changes, a bpf_link
 * holds the old program, or a dispatcher takes the place of a program without
 * one, is the interface empty for the milliseconds between.
 *
 * Returns 0, or -errno as xdp_program__attach() would; -ECANCELED after an
 * error line of its own. What is in @at->saved is to be put back on error.
 */
int attach_replace(struct attach *at, int err);

/*
 * Carry on after xdp_program__attach() returned @err without --force. Of two
 * loaders that both saw an empty interface one is the slower; if the other one
 * brought a dispatcher there is room for us beside it. Returns as above.
 */
int attach_join(struct attach *at, int err);

/*
 * Load the program without libxdp, as it is: for an attachment that has no use
 * for a dispatcher. Returns 0 or -errno, without a message.
 */
int attach_load_plain(struct attach *at);

/*
 * Some programs cannot go behind libxdp's dispatcher. Kernels from 6.13 on, and
 * 6.12 in its later versions, let an extension change where a packet starts or
 * ends only if the function it replaces might do so too. libxdp's dispatcher
 * says so since 1.5.5; with an older one the kernel rejects "Extension program
 * changes packet data, while original does not". libbpf loads an object once
 * only, so that cannot be tried first: the program's instructions tell.
 *
 * Between these two calls libxdp attaches @at->prog without its dispatcher if
 * that would not take it, and @at->without_dispatcher is true. To be called
 * before anything of the program is loaded.
 */
void attach_skip_dispatcher_begin(struct attach *at);
void attach_skip_dispatcher_end(const struct attach *at);

#endif /* COMMON_ATTACH_REPLACE_H */
