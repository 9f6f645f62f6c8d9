// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Run a program over each packet of a capture file, in the kernel but without
 * an interface (BPF_PROG_RUN), and print what it makes of them.
 */
#include <errno.h>
#include <net/if.h>
#include <sys/stat.h>

#include "attach.h"
#include "log.h"
#include "map_dump.h"
#include "netif.h"
#include "options.h"
#include "packets/capfile.h"
#include "rodata.h"
#include "run.h"
#include "signals.h"

#define REPEAT_MAX 1000000000.0
#define QUEUE_MAX 65535.0

static const struct option_line options[] = {
	OPTION_REQUIRED("in", 0, "FILE", OPTION_STRING, struct run_opts, in,
			"packets to run the program over: pcap, pcapng, or - for stdin"),
	OPTION("out", 0, "FILE", OPTION_STRING, struct run_opts, out,
	       "write the packets that are not dropped here: .pcap, .pcapng"),
	OPTIONS_OBJECT(struct run_opts, attach),
	OPTION("set", 0, "NAME=NUMBER", OPTION_STRINGS, struct run_opts, settings,
	       "give a setting (const volatile) of the program a value"),
	OPTION_RANGE("repeat", 0, "N", OPTION_UINT, struct run_opts, repeat, 1, REPEAT_MAX,
		     "runs for each packet, which are timed (default 1)"),
	OPTION_RANGE("ifindex", 0, "N", OPTION_UINT, struct run_opts, ifindex, 1, 2147483647.0,
		     "interface they came from (default 1, lo)"),
	OPTION_RANGE("queue", 'Q', "N", OPTION_UINT, struct run_opts, queue, 0, QUEUE_MAX,
		     "receive queue of that interface (default 0)"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct run_opts, count, 1, 4294967295.0,
		     "stop after N packets"),
	OPTION("dump-maps", 0, NULL, OPTION_FLAG, struct run_opts, dump_maps,
	       "print the object's maps before and after"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct run_opts, json,
	       "print one JSON object a line instead of the table"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Run an XDP program over each packet of a capture file, and print verdict,\n"
		   "length and time. Nothing is attached, and no packet leaves.",
	.options = options,
};

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

/*
 * Refuse what would come out in the middle of the work only: an output file of
 * unknown format or that is the input, an interface or a queue that is not there.
 */
static int check(const struct run_opts *opts)
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

/* The files, the packets, and the maps before and after. */
static int run(const struct run_opts *opts, struct attach *at)
{
	struct capfile_reader *reader = capfile_open(opts->in);
	struct capfile_writer *writer = NULL;
	struct bpf_program *prog;
	int err = reader ? attach_load_only(at, &prog) : -EIO;

	if (err)
		goto close;
	if (opts->out)
		writer = capfile_create(opts->out);
	if (opts->out && !writer)
		err = -EIO;
	if (!err && opts->dump_maps)
		err = map_dump(at->obj, "before", opts->json);
	if (err)
		goto finish;
	err = run_file(opts, prog, reader, writer);
	/* Also of a file that is broken half way. */
	if (opts->dump_maps && err != -EPIPE && map_dump(at->obj, "after", opts->json))
		err = -EPIPE;
finish:
	if (capfile_finish(writer) && !err)
		err = -EIO;
close:
	capfile_close(reader);
	return err;
}

int main(int argc, char **argv)
{
	struct run_opts opts = { 0 };
	struct attach at = { 0 };
	sigset_t signals;
	int err, i;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	signals_hold(&signals);
	err = attach_open(&at, &opts.attach, "xdp_run_kern.o", "xdp_verdict_func");
	if (!err && opts.attach.list)
		err = attach_print_programs(&at);
	else if (!err)
		err = check(&opts);
	for (i = 0; !err && i < opts.settings.count; i++)
		err = rodata_set_text(at.obj, opts.settings.at[i]);
	if (!err && !opts.attach.list)
		err = run(&opts, &at);
	attach_close(&at);
	signals_restore(&signals);
	if (err == -EOPNOTSUPP)
		return EXIT_SKIP;
	return err == -EIO ? EXIT_FAIL : attach_status(err);
}
