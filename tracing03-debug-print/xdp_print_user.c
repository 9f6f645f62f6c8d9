// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach xdp_prog_simple, and decode what it prints, until a signal or an option ends it. */
#include <errno.h>

#include "attach.h"
#include "options.h"
#include "print.h"
#include "rodata.h"
#include "signals.h"
#include "stats.h"

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct print_opts, dev),
	OPTIONS_MODE(struct print_opts, attach),
	OPTIONS_UNLOAD(struct print_opts, attach),
	OPTIONS_OBJECT(struct print_opts, attach),
	OPTION("global-pipe", 'g', NULL, OPTION_FLAG, struct print_opts, global_pipe,
	       "read the trace pipe that all programs share, not a copy of our lines"),
	OPTION_RANGE("count", 'n', "N", OPTION_UINT, struct print_opts, count, 1, 4294967295.0,
		     "stop after N packets"),
	OPTION_RANGE("duration", 0, "SECONDS", OPTION_SECONDS, struct print_opts, duration,
		     STATS_INTERVAL_MIN, STATS_SECONDS_MAX, "stop after this time"),
	OPTION("json", 'j', NULL, OPTION_FLAG, struct print_opts, json,
	       "print one JSON object a line instead of the text"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Attach a program that prints the Ethernet header of each packet with\n"
		   "bpf_printk, and show its lines decoded, until --count, --duration or a\n"
		   "signal; then detach it. With -v each line is shown as it came, too.",
	.options = options,
};

int main(int argc, char **argv)
{
	struct print_opts opts = { 0 };
	struct show show = { .opts = &opts };
	struct attach at = { 0 };
	static struct source source;
	sigset_t signals;
	int err, end;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	/* From here on a signal must not end it: there is more to undo. */
	signals_hold(&signals);
	err = attach_open(&at, &opts.attach, "xdp_print_kern.o", "xdp_prog_simple");
	if (!err && opts.attach.list)
		err = attach_print_programs(&at);
	if (err || opts.attach.list)
		goto close;

	/* The lines have to have a reader before the first packet comes. */
	err = source_open(&source, opts.global_pipe);
	if (err)
		goto close;
	err = rodata_set(at.obj, "print_tag", &source.tag, sizeof(source.tag));
	if (!err)
		err = attach_load(&at, &opts.dev, &opts.attach);
	if (err)
		goto close_source;

	err = show_run(&show, &source, &at);

	/* A runner leaves the interface as it found it. */
	if (attach_detach(&at) && !err)
		err = -EIO;
	/* What was printed until then is shown, if it can be. */
	end = err == -EPIPE ? 0 : show_end(&show, &source);
	err = err ? err : end;
close_source:
	source_close(&source);
close:
	attach_close(&at);
	signals_restore(&signals);
	return attach_status(err);
}
