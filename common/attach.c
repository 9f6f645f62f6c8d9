// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Loading and attaching one program, and undoing it. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "attach_alone.h"
#include "attach_explain.h"
#include "attach_replace.h"
#include "attach_unload.h"
#include "log.h"
#include "pinning.h"
#include "probe.h"
#include "signals.h"

/* What --force took off is not needed any more: close it, drop its pins. */
static void let_go(struct attach *at)
{
	int i;

	for (i = 0; i < at->n_taken; i++) {
		close(at->taken[i].fd);
		pinning_drop_dispatcher(at->dev.index, at->taken[i].id);
	}
	at->n_taken = 0;
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

int attach_begin(struct attach *at, const struct netif *dev, const struct attach_opts *opts)
{
	int err;

	at->dev = *dev;
	at->mode = opts->mode;
	at->force = opts->force;
	err = attach_check_privileges("attach to", dev);
	if (err)
		return err;
	/* Without bpffs libxdp does without its dispatcher: no error. */
	at->mounted = pinning_mount_bpffs() > 0;
	at->lock = pinning_lock();
	at->holding = !signals_hold(&at->old_signals);
	err = attach_query(dev, &at->before);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", dev->name, strerror(-err));
		pinning_unlock(at->lock);
		undo(at);
		return -EIO;
	}
	attach_alone_begin(at);
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
	if (attach_slots(&at->dev, at->found) || attach_query(&at->dev, &now))
		return;
	for (i = 0; i < now.count; i++) {
		if (now.entry[i].id != at->id)
			continue;
		at->mode = now.entry[i].mode;
		dispatched = now.entry[i].dispatched;
	}
	if (at->alone)
		reason = "before 1.5.5 none for programs that resize packets";
	if (!dispatched && reason)
		pr_info("one program at a time on '%s': libxdp has no dispatcher here (%s)",
			at->dev.name, reason);
	if (netif_is_up(&at->dev) == 0)
		pr_info("'%s' is down: no packet arrives before 'ip link set %s up'", at->dev.name,
			at->dev.name);
}

/* Say what is not there any more. */
static void print_replaced(const struct attach *at)
{
	int i;

	for (i = 0; i < at->before.count; i++)
		pr_info("replaced id %u ('%s'), which is not put back later",
			at->before.entry[i].id, at->before.entry[i].name);
}

int attach_end(struct attach *at, int err)
{
	bool replace = at->force && at->before.count;

	err = replace ? attach_replace(at, err) : attach_join(at, err);
	attach_alone_end(at);
	if (!err)
		look_up(at);
	pinning_unlock(at->lock);
	if (err) {
		if (err == -ECANCELED)
			err = -EIO;
		else if (err != PROBE_LACKING)
			err = attach_explain(at, err);
		undo(at);
		return err;
	}
	/* What was replaced is gone: too late to be as if nothing had been. */
	if (!replace && signals_pending()) {
		pr_warn("interrupted: '%s' is not attached", xdp_program__name(at->prog));
		attach_detach(at);
		undo(at);
		return -EINTR;
	}
	if (replace)
		print_replaced(at);
	return 0;
}

int attach_load(struct attach *at, const struct netif *dev, const struct attach_opts *opts)
{
	int err = attach_begin(at, dev, opts);

	if (err)
		return err;
	return attach_end(at, xdp_program__attach(at->prog, at->dev.index,
						  (enum xdp_attach_mode)at->mode, 0));
}

static void print_attached(const struct attach *at)
{
	int i;

	printf("attached '%s' to '%s': id %u, %s mode\n", xdp_program__name(at->prog), at->dev.name,
	       at->id, attach_mode_name(at->mode));
	for (i = 0; !at->force && i < at->before.count; i++)
		printf("added beside id %u ('%s')\n", at->before.entry[i].id,
		       at->before.entry[i].name);
	printf("remove it with: %s%s --dev %s --unload %u\n",
	       secure_getenv("SUDO_UID") ? "sudo " : "", program_invocation_name, at->dev.name,
	       at->id);
}

int attach_print(struct attach *at)
{
	int err = 0;

	if (log_shows(LOG_LEVEL_INFO)) {
		print_attached(at);
		err = log_flush();
	}
	if (!err) {
		let_go(at);
		return 0;
	}
	/* Nobody knows of it: it had better not be there. */
	attach_detach(at);
	at->id = 0;
	undo(at);
	return err;
}

int attach_detach(struct attach *at)
{
	struct attach_list now;
	int err, i;

	if (!at->id)
		return 0;
	err = attach_query(&at->dev, &now);
	if (err) {
		pr_err("cannot see what is attached to '%s': %s", at->dev.name, strerror(-err));
		return -EIO;
	}
	for (i = 0; i < now.count; i++)
		if (now.entry[i].id == at->id)
			return attach_remove(&at->dev, &now.entry[i]);
	if (now.count)
		pr_warn("id %u is no longer attached to '%s', id %u ('%s') is: left alone", at->id,
			at->dev.name, now.entry[0].id, now.entry[0].name);
	else
		pr_warn("id %u is no longer attached to '%s'", at->id, at->dev.name);
	return -ENOENT;
}

void attach_close(struct attach *at)
{
	xdp_program__close(at->prog);
	at->prog = NULL;
	bpf_object__close(at->obj);
	at->obj = NULL;
	let_go(at);
	if (at->holding)
		signals_restore(&at->old_signals);
	at->holding = false;
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
	case -ENODEV:
		return EXIT_FAIL;
	case -EINVAL:
		return EXIT_FAIL_OPTION;
	case -ENOEXEC:
		return EXIT_FAIL_BPF;
	case PROBE_LACKING:
		return EXIT_SKIP;
	default:
		return EXIT_FAIL_XDP;
	}
}
