// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Run programs that print, and one that does not, on a packet that the kernel
 * hands to them again and again (BPF_PROG_RUN, see testing01-prog-run), and
 * print what each packet costs. No interface is used.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <linux/if_ether.h>

#include "attach.h"
#include "log.h"
#include "options.h"
#include "packets/prog_run.h"
#include "probe/probe.h"
#include "signals.h"
#include "xdp_cost.h"

#define NS_PER_SECOND 1e9

_Static_assert(COST_RING_SIZE / COST_EVENT_SIZE > COST_ROUNDS * COST_REPEAT_MAX,
	       "the ring takes all events");

struct cost_opts {
	unsigned int repeat;
};

static const struct option_line options[] = {
	OPTION_RANGE("repeat", 'r', "N", OPTION_UINT, struct cost_opts, repeat, 2, COST_REPEAT_MAX,
		     "packets for each program; -r is not --redirect-dev (default 20000)"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Measure what it costs to print with bpf_printk. The lines that are printed\n"
		   "push older ones out of the machine's trace buffer.",
	.options = options,
};

static const struct row {
	const char *title, *file, *prog;
	int helper; /* that it calls, and not every kernel has; 0: none */
} rows[] = {
	{ "nothing", "xdp_cost_kern.o", "cost_nothing_func", 0 },
	{ "ring buffer", "xdp_cost_kern.o", "cost_ring_func", BPF_FUNC_ringbuf_reserve },
	{ "bpf_printk, no number", "xdp_cost_kern.o", "cost_words_func", 0 },
	{ "bpf_printk, 3 numbers", "xdp_print_kern.o", "xdp_prog_simple", 0 },
	{ "bpf_printk, 12 numbers", "xdp_cost_kern.o", "cost_bytes_func", BPF_FUNC_trace_vprintk },
};

/* Of several rounds the fastest: the others were disturbed. */
static int measure(const struct bpf_program *prog, unsigned int repeat, double *ns)
{
	unsigned char packet[ETH_ZLEN] = { 0x02, [6] = 0x02, [11] = 1 };
	struct prog_run_input in = { .data = packet, .len = sizeof(packet), .repeat = repeat };
	struct prog_run_result result;
	struct prog_run run;
	int i, err;

	err = prog_run_open(&run, prog);
	for (i = 0; !err && i < COST_ROUNDS; i++) {
		err = prog_run_packet(&run, &in, &result);
		if (!err && result.verdict != XDP_PASS)
			err = -ENOSPC;
		if (!err && (!i || result.ns < *ns))
			*ns = result.ns;
	}
	prog_run_close(&run);
	return err;
}

static int run_row(const struct row *row, unsigned int repeat)
{
	const struct attach_opts none = { 0 };
	struct bpf_program *prog;
	struct attach at = { 0 };
	double ns = 0;
	int err;

	if (row->helper &&
	    libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, (enum bpf_func_id)row->helper, NULL) != 1) {
		printf("%-24s %12s %14s\n", row->title, "not here", "");
		return output_flush();
	}
	err = attach_open(&at, &none, row->file, row->prog);
	if (!err)
		err = attach_load_only(&at, &prog);
	if (err)
		goto close;
	err = probe_explain("prog_run", measure(prog, repeat, &ns));
	if (err && err != PROBE_UNSUPPORTED && err != -EINTR) {
		pr_err("cannot run '%s': %s", row->prog, strerror(-err));
		err = -ENOEXEC;
	}
	if (!err) {
		printf("%-24s %12.1f %14.0f\n", row->title, ns, NS_PER_SECOND / ns);
		err = output_flush();
	}
close:
	attach_close(&at);
	return err;
}

int main(int argc, char **argv)
{
	struct cost_opts opts = { .repeat = 20000 };
	sigset_t signals;
	size_t i;
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	signals_hold(&signals);
	printf("%-24s %12s %14s\n", "prints", "ns/packet", "packets/s");
	for (i = 0; !err && i < sizeof(rows) / sizeof(rows[0]); i++)
		err = run_row(&rows[i], opts.repeat);
	signals_restore(&signals);
	return attach_status(err);
}
