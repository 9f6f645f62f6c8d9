// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Receive packets in user space by AF_XDP sockets, and answer echo requests. */
#include <errno.h>

#include "afxdp/xsk.h"
#include "attach.h"
#include "group.h"
#include "log.h"
#include "options.h"
#include "stats.h"

struct user_opts {
	struct netif dev;
	struct attach_opts attach;
	struct xsk_opts xsk;
	struct stats_opts stats;
	int job; /* enum worker_job */
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct user_opts, dev),
	OPTION_SET("drop", 0, JOB_DROP, struct user_opts, job,
		   "count all packets and answer none (with xdp_sock_all_func)"),
	OPTION_SET("l2fwd", 0, JOB_L2FWD, struct user_opts, job,
		   "send all packets back to their senders (with xdp_sock_all_func)"),
	OPTIONS_XSK(struct user_opts, xsk),
	OPTIONS_MODE(struct user_opts, attach),
	OPTIONS_UNLOAD(struct user_opts, attach),
	OPTIONS_OBJECT(struct user_opts, attach),
	OPTIONS_STATS(struct user_opts, stats),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose =
		"Receive packets in user space by AF_XDP, a socket and a thread for each queue,\n"
		"and answer ICMP and ICMPv6 echo requests there, until --count, --duration or a\n"
		"signal ends it.",
	.options = options,
};

/* Sockets are there; packets come when the program is. */
static int attach_and_run(struct group *group, struct attach *at, const struct user_opts *opts)
{
	int err;

	/* Load and attach: until sockets are in the map, packets pass. */
	err = attach_load(at, &opts->dev, &opts->attach);
	if (err)
		return err;
	pr_info("attached '%s' to '%s' (%s, id %u)", xdp_program__name(at->prog), opts->dev.name,
		attach_mode_name(at->mode), at->id);
	err = group_start(group, at);

	/* Run: the threads answer, this one reports. */
	if (!err)
		err = group_run(group, &opts->stats, at);

	/* No new packets first; then what was taken in is answered. */
	if (err != -ENODEV && err != -ENOENT && attach_detach(at) && !err)
		err = -EIO;
	group_stop(group);
	return err;
}

int main(int argc, char **argv)
{
	struct user_opts opts = { .job = JOB_ECHO };
	struct group group = { 0 };
	struct attach at = { 0 };
	struct cpus queues;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	/* Open: which program, and which queues. */
	err = attach_open(&at, &opts.attach, "af_xdp_kern.o",
			  opts.job == JOB_ECHO ? "xdp_sock_echo_func" : "xdp_sock_all_func");
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	err = xsk_choose(&opts.xsk, opts.attach.mode, &opts.dev, &queues);
	if (err)
		goto close;

	/* Configure: maps for all queues, memory and sockets. */
	err = group_prepare(&group, &at, &opts.dev);
	if (!err)
		err = group_open(&group, &queues, &opts.xsk, (enum worker_job)opts.job);
	if (!err)
		err = attach_and_run(&group, &at, &opts);
	group_close(&group);
close:
	attach_close(&at);
	return attach_status(err);
}
