// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Check the options; then packet by packet: read, run, print, write. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"
#include "packets/prog_run.h"
#include "run.h"
#include "run_print.h"
#include "signals.h"

/* ENOTSUPP: a number of the kernel's own that reaches us here. */
#define KERNEL_ENOTSUPP 524

static int check_out(const struct run_opts *opts)
{
	struct stat in, out;

	if (!capfile_knows(opts->out)) {
		pr_err("cannot write '%s': unknown format (end its name with .pcap or .pcapng)",
		       opts->out);
		return -EINVAL;
	}
	if (!stat(opts->in, &in) && !stat(opts->out, &out) && in.st_dev == out.st_dev &&
	    in.st_ino == out.st_ino) {
		pr_err("cannot write '%s': the packets are read from it", opts->out);
		return -EINVAL;
	}
	return 0;
}

int run_check(const struct run_opts *opts)
{
	/* The kernel takes lo, the first of all interfaces, without one. */
	struct netif dev = { .index = opts->ifindex ? (int)opts->ifindex : 1 };
	int queues;

	if (opts->out && check_out(opts))
		return -EINVAL;
	if (!if_indextoname((unsigned int)dev.index, dev.name)) {
		pr_err("no interface has index %d (see: ip link)", dev.index);
		return -EINVAL;
	}
	queues = netif_queues(&dev);
	if (queues > 0 && opts->queue >= (unsigned int)queues) {
		pr_err("no queue %u: '%s' has %d", opts->queue, dev.name, queues);
		return -EINVAL;
	}
	return 0;
}

/* The kernel would not run it, and that is not about one packet's length. */
static int explain(unsigned int number, int err)
{
	if (err == -EINTR)
		return err;
	if (err == -EOPNOTSUPP || err == -KERNEL_ENOTSUPP) {
		pr_err("this kernel cannot run such a program on a given packet");
		return -EOPNOTSUPP;
	}
	pr_err("cannot run the program on packet %u: %s", number, strerror(-err));
	return -EIO;
}

/* A packet that was dropped does not come out. */
static int write_result(struct capfile_writer *writer, const struct capfile_packet *packet,
			const struct prog_run_result *result)
{
	/* What the file lacks of the packet is missing behind it as before. */
	struct capfile_packet out = {
		.time = packet->time,
		.len = result->len,
		.orig_len = result->len + (packet->orig_len - packet->len),
		.data = result->data,
	};

	if (!writer || (result->verdict != XDP_PASS && result->verdict != XDP_TX &&
			result->verdict != XDP_REDIRECT))
		return 0;
	return capfile_write(writer, &out, result->verdict);
}

static int run_packet(struct prog_run *run, const struct run_opts *opts,
		      const struct capfile_packet *packet, unsigned int number,
		      struct capfile_writer *writer)
{
	const struct prog_run_input in = {
		.data = packet->data,
		.len = packet->len,
		.ifindex = opts->ifindex,
		.queue = opts->queue,
		.repeat = opts->repeat,
	};
	bool shows = opts->json || log_shows(LOG_LEVEL_INFO);
	struct prog_run_result result;
	int err = prog_run_packet(run, &in, &result);

	if (err == -ERANGE)
		return shows ? run_print_skipped(number, packet->len, prog_run_max(run),
						 opts->json) :
			       0;
	if (err)
		return explain(number, err);
	if (shows)
		err = run_print(number, &in, &result, opts->json);
	return err ? err : write_result(writer, packet, &result);
}

int run_file(const struct run_opts *opts, const struct bpf_program *prog,
	     struct capfile_reader *reader, struct capfile_writer *writer)
{
	struct capfile_packet packet;
	struct prog_run run;
	unsigned int number = 0;
	int err = prog_run_open(&run, prog);

	if (err)
		return explain(1, err);
	if (!opts->json && log_shows(LOG_LEVEL_INFO))
		err = run_print_titles();
	while (!err && (!opts->count || number < opts->count)) {
		err = signals_pending() ? -EINTR : capfile_next(reader, &packet);
		if (err <= 0)
			break;
		err = run_packet(&run, opts, &packet, ++number, writer);
	}
	prog_run_close(&run);
	return err == -EINTR ? 0 : err;
}
