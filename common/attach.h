/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Attach one XDP program to one interface, through libxdp, and take it off
 * again. basic01-xdp-pass shows the libxdp calls bare, between attach_begin()
 * and attach_end(); every later lesson calls attach_open() and attach_load().
 *
 * libxdp puts its dispatcher on the interface and the program behind it, so
 * that several programs share one interface. Where the kernel refuses that
 * (freplace), libxdp attaches the program itself; then there is room for one.
 * So it does with a program that an older dispatcher cannot hold.
 *
 * From attach_begin() to attach_close() SIGINT, SIGTERM and SIGHUP are held
 * back, so that none can end a command between attaching and saying so. One
 * that came before undoes the attachment; a command that goes on running
 * collects them with signals_wait().
 *
 * All functions print one error line before they return an error, which
 * attach_status() turns into the exit status of a command.
 */
#ifndef COMMON_ATTACH_H
#define COMMON_ATTACH_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "attach_query.h"
#include "common_defines.h"
#include "netif.h"

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
	struct attach_taken taken[ATTACH_SLOTS]; /* what --force took off */
	int n_taken;
	int lock; /* see pinning_lock() */
	bool mounted; /* bpffs, by us */
	bool holding; /* signals back, see signals.h */
	bool alone; /* not behind a dispatcher, see attach_alone.h */
	sigset_t old_signals;
};

/*
 * Find object file @filename, in the current folder and then beside the
 * command's own executable (a name with a '/' is taken as it is); open it and
 * choose program @progname, which --filename and --progname in @opts override.
 * Nothing is loaded yet: now is the time to set global variables, map sizes and
 * pin paths of @at->obj. The first program of the file is taken when neither
 * names one. To be released with attach_close(), also after an error.
 */
int attach_open(struct attach *at, const struct attach_opts *opts, const char *filename,
		const char *progname);

/*
 * Load the program and attach it to @dev in the mode of @opts. From here on
 * maps have file descriptors. On success @at->id and @at->mode are set; on
 * error the interface is as it was found.
 */
int attach_load(struct attach *at, const struct netif *dev, const struct attach_opts *opts);

/*
 * Before and after a bare xdp_program__attach(@at->prog): attach_begin()
 * checks the privileges and looks at what is attached. attach_end() is handed
 * the call's result. With --force it sees to it that ours is the only program
 * (see attach_replace.h); it explains a failure (unless probe_blame() has) and
 * undoes what was done, or finds out the program's id and mode.
 */
int attach_begin(struct attach *at, const struct netif *dev, const struct attach_opts *opts);
int attach_end(struct attach *at, int err);

/*
 * Take our program off, and only ours: when somebody else has put another one
 * in its place, that is left alone, said, and -ENOENT returned.
 */
int attach_detach(struct attach *at);

/*
 * Print what a loader leaves attached, and the command that removes it.
 * Returns 0; or, when standard output did not take it, -EPIPE: then our program
 * is detached again, and what --force swapped it for is put back.
 */
int attach_print(struct attach *at);

/* Close the object and the program; an attached program stays attached. */
void attach_close(struct attach *at);

/* The exit status that goes with an error that a function here returned. */
enum exit_status attach_status(int err);

#endif /* COMMON_ATTACH_H */
