// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Attach xdp_prog_simple to an interface and leave it there. */
#include <errno.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "attach.h"
#include "log.h"
#include "options.h"

struct pass_opts {
	struct netif dev;
	struct attach_opts attach;
};

static const struct option_line options[] = {
	OPTIONS_DEVICE(struct pass_opts, dev),
	OPTIONS_MODE(struct pass_opts, attach),
	OPTIONS_UNLOAD(struct pass_opts, attach),
	OPTIONS_OBJECT(struct pass_opts, attach),
	OPTIONS_END,
};

static const struct option_spec spec = {
	.purpose = "Attach an XDP program that passes every packet, and leave it attached.",
	.options = options,
};

/* From a file to a program that is chosen, but not yet in the kernel. */
static int open_program(struct attach *at, const struct attach_opts *opts)
{
	DECLARE_LIBXDP_OPTS(xdp_program_opts, xdp_opts);
	struct bpf_program *chosen;
	char reason[128];
	int err;

	err = attach_find_file(opts->filename ?: "xdp_pass_kern.o", at->path, sizeof(at->path));
	if (err)
		return err;

	/* libbpf reads the ELF file: its programs, maps and types. */
	at->obj = bpf_object__open_file(at->path, NULL);
	if (!at->obj) {
		libbpf_strerror(errno, reason, sizeof(reason));
		pr_err("cannot open '%s' as a BPF object file: %s", at->path,
		       log_reason(LOG_LIBBPF, reason));
		return -ENOEXEC;
	}

	/* Hand the one program that is wanted to libxdp. */
	chosen = attach_choose(at->obj, at->path, opts->progname);
	if (!chosen)
		return -ENOEXEC;
	xdp_opts.obj = at->obj;
	xdp_opts.prog_name = bpf_program__name(chosen);
	at->prog = xdp_program__create(&xdp_opts);
	if (libxdp_get_error(at->prog)) {
		pr_err("cannot use '%s' of '%s': %s", xdp_opts.prog_name, at->path,
		       strerror(errno));
		at->prog = NULL;
		return -ENOEXEC;
	}
	return 0;
}

/* From a program to an attached one. Later lessons call attach_load(). */
static int load_and_attach(struct attach *at, const struct pass_opts *opts)
{
	int err;

	/* Check the privileges, and look at what is attached already. */
	err = attach_begin(at, &opts->dev, &opts->attach);
	if (err)
		return err;

	/* One call: load it (here the verifier has its say), then attach it. */
	err = xdp_program__attach(at->prog, at->dev.index, (enum xdp_attach_mode)at->mode, 0);

	/*
	 * With --force take off what was there. Find out id and mode; or say
	 * what was wrong, and undo it.
	 */
	return attach_end(at, err);
}

int main(int argc, char **argv)
{
	struct pass_opts opts = { 0 };
	struct attach at = { 0 };
	int err;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	if (opts.attach.unload.given || opts.attach.unload_all)
		return attach_status(attach_unload(&opts.dev, &opts.attach));

	err = open_program(&at, &opts.attach);
	if (err)
		goto close;
	if (opts.attach.list) {
		err = attach_print_programs(&at);
		goto close;
	}
	err = load_and_attach(&at, &opts);
	if (err)
		goto close;

	/* The interface holds the program now: it stays when we end. */
	err = attach_print(&at);
close:
	attach_close(&at);
	return attach_status(err);
}
