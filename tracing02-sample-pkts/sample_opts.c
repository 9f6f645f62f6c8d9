// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Options that do not go together. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "log.h"
#include "packets/capfile.h"
#include "sample_opts.h"

#define EVERY_MAX 1000000000UL

/* "1/N" */
static int read_sample(struct sample_opts *opts)
{
	const char *text = opts->sample;
	unsigned long every = 1;
	char *end;

	if (text) {
		every = strncmp(text, "1/", 2) ? 0 : strtoul(text + 2, &end, 10);
		if (!every || every > EVERY_MAX || *end || text[2] < '0' || text[2] > '9') {
			pr_err("bad value '%s' for --sample: not 1/N with N from 1 to %lu", text,
			       EVERY_MAX);
			return -EINVAL;
		}
	}
	opts->every = (unsigned int)every;
	return 0;
}

static int check_file(const struct sample_opts *opts)
{
	bool is_pipe = opts->file && !strcmp(opts->file, "-");

	if (opts->file && !is_pipe && !capfile_knows(opts->file)) {
		pr_err("cannot tell the format of '%s': end its name with .pcap or .pcapng",
		       opts->file);
		return -EINVAL;
	}
	if (opts->rotate_size && (!opts->file || is_pipe)) {
		pr_err("--rotate-size needs a file (see --write)");
		return -EINVAL;
	}
	if (opts->rotate_count && !opts->rotate_size) {
		pr_err("--rotate-count needs --rotate-size");
		return -EINVAL;
	}
	return 0;
}

static int check_way(const struct sample_opts *opts)
{
	bool traces = opts->entry || opts->exit || opts->trace;

	if (traces && (opts->attach.filename || opts->attach.force)) {
		pr_err("cannot trace a program and %s: see --entry, --exit, --trace",
		       opts->attach.force ? "replace it (--force)" : "bring one (--filename)");
		return -EINVAL;
	}
	if (opts->attach.progname && !opts->attach.filename) {
		pr_err("--progname needs --filename (--trace chooses a program that is there)");
		return -EINVAL;
	}
	return 0;
}

struct sample_settings sample_settings(const struct sample_opts *opts)
{
	return (struct sample_settings){
		.snaplen = opts->snaplen,
		.every = opts->every,
		.ifindex = (__u32)opts->dev.index,
		/* The helper came with such packets. */
		.frags = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len,
						 NULL) == 1,
	};
}

int sample_opts_check(struct sample_opts *opts)
{
	int err = read_sample(opts);

	if (!err)
		err = check_file(opts);
	return err ? err : check_way(opts);
}
