/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What is attached to an interface, at the level of the kernel's slots: list it,
 * detach it, restore it. Taught in basic01-xdp-pass; loaders attach by attach.h.
 */
#ifndef COMMON_ATTACH_QUERY_H
#define COMMON_ATTACH_QUERY_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "netif.h"

#define ATTACH_SLOTS 3 /* driver, generic and offloaded */
#define ATTACH_LIST_MAX 16 /* the dispatcher holds ten programs */
#define ATTACH_NAME_MAX 64

/* A program that is attached. */
struct attach_entry {
	unsigned int id;
	char name[ATTACH_NAME_MAX];
	int mode; /* enum xdp_attach_mode */
	bool dispatched; /* behind libxdp's dispatcher */
};

struct attach_list {
	struct attach_entry entry[ATTACH_LIST_MAX];
	int count;
};

/* A program or dispatcher taken off, which could be put back. */
struct attach_saved {
	int fd;
	int mode;
	unsigned int id;
};

/* --unload [ID]: the id may be left out (0). */
struct attach_id {
	bool given;
	unsigned int id;
};

/* What the options of a loader say about attaching. */
struct attach_opts {
	int mode; /* enum xdp_attach_mode; XDP_MODE_UNSPEC: auto */
	bool force;
	struct attach_id unload;
	bool unload_all;
	const char *filename; /* NULL: the lesson's own */
	const char *progname; /* NULL: the lesson's own */
	bool list;
};

/* One program on its way to one interface. Zeroed at first. */
struct attach {
	struct netif dev;
	int mode; /* asked for; after attaching: what it got */
	bool force;
	char path[PATH_MAX]; /* of the object file */
	struct bpf_object *obj;
	struct xdp_program *prog;
	unsigned int id; /* 0: not attached */
	unsigned int found[ATTACH_SLOTS]; /* in the slots, when it was there */
	struct attach_list before; /* what was there before us */
	struct attach_saved saved[ATTACH_SLOTS]; /* what --force took off */
	int n_saved;
	int lock; /* see pinning_lock() */
	bool mounted; /* bpffs, by us */
	bool holding; /* signals back, see signals.h */
	bool without_dispatcher; /* see attach_replace.h */
	bool announced; /* see attach_announce() */
	char pinned[PATH_MAX]; /* the folder with its maps; "": none */
	sigset_t old_signals;
};

/* "native", "generic", "offloaded"; "auto" for XDP_MODE_UNSPEC. */
const char *attach_mode_name(int mode);

/*
 * Store the ids of what is in the kernel's three slots of @dev, a dispatcher
 * or a program, 0 for an empty one. Costs one request, and no descriptor.
 * Returns 0 or -errno.
 */
int attach_slots(const struct netif *dev, unsigned int id[ATTACH_SLOTS]);

/*
 * List the programs attached to @dev: those behind a dispatcher one by one,
 * the dispatcher itself not. Returns 0 (also when there are none) or -errno.
 */
int attach_query(const struct netif *dev, struct attach_list *list);

/*
 * Take the program @entry off @dev, as attach_query() listed it. Returns 0,
 * or -EIO after one error line; then it is attached as before.
 */
int attach_remove(const struct netif *dev, const struct attach_entry *entry);

/*
 * Take everything off @dev, in every mode, at the level of the kernel's three
 * slots, and keep a file descriptor of each in @saved. Returns how many there
 * were, or -errno; what was taken until then is in @saved, counted by *@n.
 */
int attach_detach_all(const struct netif *dev, struct attach_saved *saved, int *n);

/* Attach the @n programs in @saved to @dev again. Returns 0 or -errno. */
int attach_restore(const struct netif *dev, const struct attach_saved *saved, int n);

/*
 * Check that this process may load and attach programs (CAP_NET_ADMIN and
 * CAP_BPF, or CAP_SYS_ADMIN). Returns 0, or -EPERM after an error line that
 * begins "cannot @verb".
 */
int attach_check_privileges(const char *verb, const struct netif *dev);

#endif /* COMMON_ATTACH_QUERY_H */
