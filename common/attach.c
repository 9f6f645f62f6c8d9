// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Loading and attaching one program, and undoing it. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "attach_explain.h"
#include "attach_replace.h"
#include "attach_unload.h"
#include "log.h"
#include "pinning.h"

#define JOIN_TRIES 3

static void signal_set(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

static void block_signals(struct attach *at)
{
	sigset_t set;

	signal_set(&set);
	at->blocked = !sigprocmask(SIG_BLOCK, &set, &at->old_signals);
}

/* Those that came meanwhile have been answered: they do not strike again. */
static void unblock_signals(struct attach *at)
{
	const struct timespec now = { 0 };
	sigset_t set;

	if (!at->blocked)
		return;
	signal_set(&set);
	while (sigtimedwait(&set, NULL, &now) > 0)
		;
	sigprocmask(SIG_SETMASK, &at->old_signals, NULL);
	at->blocked = false;
}

/* Whether one of the blocked signals waits to be delivered. */
static bool is_interrupted(void)
{
	sigset_t set;

	return !sigpending(&set) && (sigismember(&set, SIGINT) == 1 ||
				     sigismember(&set, SIGTERM) == 1 ||
				     sigismember(&set, SIGHUP) == 1);
}

/* Leave the interface, and bpffs, as attach_begin() found them. */
static void undo(struct attach *at)
{
	int i;

	attach_put_back(&at->dev, at->taken, at->n_taken);
	for (i = 0; i < at->n_taken; i++)
		close(at->taken[i].fd);
	at->n_taken = 0;
	if (at->mounted)
		pinning_unmount_bpffs();
	at->mounted = false;
}

int attach_begin(struct attach *at, const struct netif *dev,
		 const struct attach_opts *opts)
{
	int err;

	at->dev = *dev;
	at->mode = opts->mode;
	at->force = opts->force;
	err = attach_check_privileges("attach to", dev);
	if (err)
		return err;
	err = attach_query(dev, &at->before);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", dev->name,
		       strerror(-err));
		return -EIO;
	}
	block_signals(at);
	/* Without bpffs libxdp does without its dispatcher: no error. */
	at->mounted = pinning_mount_bpffs() > 0;
	/* A second program goes where the first one is. */
	if (at->mode == XDP_MODE_UNSPEC && at->before.count && !at->force)
		at->mode = at->before.entry[0].mode;
	return 0;
}

/* Find out what the kernel made of our program, and say what is not obvious. */
static void look_up(struct attach *at)
{
	const char *reason = log_dispatcher_reason();
	struct attach_list now;
	bool dispatched = false;
	int i;

	at->id = xdp_program__id(at->prog);
	if (attach_query(&at->dev, &now))
		return;
	for (i = 0; i < now.count; i++) {
		if (now.entry[i].id != at->id)
			continue;
		at->mode = now.entry[i].mode;
		dispatched = now.entry[i].dispatched;
	}
	if (!dispatched && at->mode != XDP_MODE_HW)
		pr_info("one program at a time on '%s': libxdp has no dispatcher here (%s)",
			at->dev.name, reason ? reason : "-v tells more");
	if (netif_is_up(&at->dev) == 0)
		pr_info("'%s' is down: no packet arrives before 'ip link set %s up'",
			at->dev.name, at->dev.name);
}

/* What --force replaced is gone for good now. */
static void let_go(struct attach *at)
{
	int i;

	for (i = 0; i < at->n_taken; i++)
		close(at->taken[i].fd);
	if (at->n_taken)
		libxdp_clean_references(at->dev.index);
	for (i = 0; at->force && i < at->before.count; i++)
		pr_info("replaced id %u ('%s'), which is not put back later",
			at->before.entry[i].id, at->before.entry[i].name);
}

/*
 * Two loaders at once: both saw an empty interface, and we were the slower one.
 * Where the other one brought a dispatcher there is room for us beside it.
 */
static int join(struct attach *at, int err)
{
	int tries;

	for (tries = 0; tries < JOIN_TRIES; tries++) {
		if (err != -EBUSY && err != -EEXIST)
			return err;
		if (attach_query(&at->dev, &at->before) ||
		    !at->before.count || !at->before.entry[0].dispatched)
			return err;
		if (at->mode == XDP_MODE_UNSPEC)
			at->mode = at->before.entry[0].mode;
		err = xdp_program__attach(at->prog, at->dev.index,
					  (enum xdp_attach_mode)at->mode, 0);
	}
	return err;
}

int attach_end(struct attach *at, int err)
{
	bool replace = at->force && at->before.count;

	err = replace ? attach_replace(at, err) : join(at, err);
	if (err) {
		err = err == -ECANCELED ? -EIO : attach_explain(at, err);
		undo(at);
		return err;
	}
	look_up(at);
	/* What was replaced is gone: too late to be as if nothing had been. */
	if (!replace && is_interrupted()) {
		pr_warn("interrupted: '%s' is not attached",
			xdp_program__name(at->prog));
		attach_detach(at);
		undo(at);
		return -EINTR;
	}
	let_go(at);
	return 0;
}

int attach_load(struct attach *at, const struct netif *dev,
		const struct attach_opts *opts)
{
	int err = attach_begin(at, dev, opts);

	if (err)
		return err;
	return attach_end(
		at, xdp_program__attach(at->prog, at->dev.index,
					(enum xdp_attach_mode)at->mode, 0));
}

int attach_print(const struct attach *at)
{
	int i;

	if (!log_shows(LOG_LEVEL_INFO))
		return 0;
	printf("attached '%s' to '%s': id %u, %s mode\n",
	       xdp_program__name(at->prog), at->dev.name, at->id,
	       attach_mode_name(at->mode));
	for (i = 0; !at->force && i < at->before.count; i++)
		printf("added beside id %u ('%s')\n", at->before.entry[i].id,
		       at->before.entry[i].name);
	printf("remove it with: %s%s --dev %s --unload %u\n",
	       secure_getenv("SUDO_UID") ? "sudo " : "",
	       program_invocation_name, at->dev.name, at->id);
	return log_flush();
}

int attach_detach(struct attach *at)
{
	struct attach_list now;
	int err, i;

	if (!at->id)
		return 0;
	err = attach_query(&at->dev, &now);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", at->dev.name,
		       strerror(-err));
		return -EIO;
	}
	for (i = 0; i < now.count; i++)
		if (now.entry[i].id == at->id)
			return attach_remove(&at->dev, &now.entry[i]);
	if (now.count)
		pr_warn("id %u is no longer attached to '%s', id %u ('%s') is: left alone",
			at->id, at->dev.name, now.entry[0].id,
			now.entry[0].name);
	else
		pr_warn("id %u is no longer attached to '%s'", at->id,
			at->dev.name);
	return -ENOENT;
}

void attach_close(struct attach *at)
{
	xdp_program__close(at->prog);
	at->prog = NULL;
	bpf_object__close(at->obj);
	at->obj = NULL;
	unblock_signals(at);
}

enum exit_status attach_status(int err)
{
	switch (err) {
	case 0:
	case -EINTR:
		return EXIT_OK;
	case -EPERM:
	case -EPIPE:
	case -ENOSPC:
		return EXIT_FAIL;
	case -EINVAL:
		return EXIT_FAIL_OPTION;
	case -ENOEXEC:
		return EXIT_FAIL_BPF;
	default:
		return EXIT_FAIL_XDP;
	}
}
