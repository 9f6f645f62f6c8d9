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
#include <stddef.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "attach_query.h"
#include "exit_status.h"
#include "netif.h"

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
 * (see attach_replace.h); it explains a failure (unless probe_explain() has) and
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
 * Print what a loader leaves attached, where its maps are pinned, and the
 * command that removes it. Returns 0; or, when standard output did not take it,
 * -EPIPE: then our program is detached again, and what --force swapped it for is
 * put back.
 */
int attach_print(struct attach *at);

/*
 * For a command that stays: say on standard error what is attached, and have
 * attach_detach() say that it is not any more. With --quiet neither is said.
 */
void attach_announce(struct attach *at);

/* Close the object and the program; an attached program stays attached. */
void attach_close(struct attach *at);

/* The exit status that goes with an error that a function here returned. */
enum exit_status attach_status(int err);

/*
 * Store in @path (of @size bytes) where object file @filename is: in the
 * current folder, else beside the command's executable. Returns 0, or
 * -ENOEXEC after one error line.
 */
int attach_find_file(const char *filename, char *path, size_t size);

/*
 * Open object file @filename, found as above; @path gets PATH_MAX bytes. Returns
 * the object, which the caller closes, or NULL after one error line.
 */
struct bpf_object *attach_open_object(const char *filename, char *path);

/*
 * Choose the XDP program @name of @obj (NULL: the first one), and let only it
 * be loaded. Returns it, or NULL after one error line that lists the programs
 * there are.
 */
struct bpf_program *attach_choose(struct bpf_object *obj, const char *path, const char *name);

/*
 * Print a table of the programs of @at's open object to standard output.
 * Returns 0, or -errno when it could not be written.
 */
int attach_print_programs(const struct attach *at);

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

/*
 * Do what --unload or --unload-all in @opts asks for, and print what was
 * detached. Nothing attached is an error for --unload only. Returns 0 or
 * -errno after one error line; -EINVAL when --unload without an id finds
 * several programs: the line lists their ids.
 */
int attach_unload(const struct netif *dev, const struct attach_opts *opts);

/*
 * Check that our program is still attached. Returns 0; -ENODEV after one error
 * line when the interface is gone, -ENOENT when another program, or none, is in
 * the place of ours. Then there is nothing left for attach_detach() to do.
 */
int attach_check(struct attach *at);

#endif /* COMMON_ATTACH_H */
