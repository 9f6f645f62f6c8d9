// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Load one program after the other that does the same job in another form, and
 * print what it became and what a packet costs. The packet is handed to the
 * programs by BPF_PROG_RUN (see testing01-prog-run); no interface is used.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"
#include "exit_status.h"
#include "forms.h"
#include "log.h"
#include "options.h"

struct forms_opts {
	unsigned int tags, repeat;
};

static const struct option_line options[] = {
	OPTION_RANGE("tags", 't', "N", OPTION_UINT, struct forms_opts, tags, 0, FORMS_TAGS_MAX,
		     "VLAN tags of the packet (default 8)"),
	OPTION_RANGE("repeat", 'r', "N", OPTION_UINT, struct forms_opts, repeat, 1, 100000000,
		     "packets in each of 7 runs (default 200000)"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Count VLAN tags with each form of loop and of function, and compare.",
	.options = options,
};

static const char *const files[] = { "xdp_loops_kern.o", "xdp_funcs_kern.o" };

static int print_form(const struct bpf_program *prog, int empty_fd, const struct forms_opts *opts)
{
	int fd = bpf_program__fd(prog);
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	struct forms_run run;
	int err;

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return -errno;
	err = forms_run(&run, fd, empty_fd, opts->tags, opts->repeat);
	if (err)
		return err;
	printf("%-18s %12u %12u %10u %9.1f  %s\n", bpf_program__name(prog),
	       (unsigned int)(info.xlated_prog_len / sizeof(struct bpf_insn)), info.jited_prog_len,
	       info.verified_insns, run.ns, action2str(run.action));
	return 0;
}

static int print_forms(const char *file, int empty_fd, const struct forms_opts *opts)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	char path[PATH_MAX];
	int err = 0;

	if (attach_find_file(file, path, sizeof(path)))
		return -ENOEXEC;
	obj = bpf_object__open_file(path, NULL);
	if (!obj || bpf_object__load(obj)) {
		err = -errno;
		pr_err("cannot load '%s': %s", path, strerror(-err));
		bpf_object__close(obj);
		return err == -EPERM ? err : -ENOEXEC;
	}
	bpf_object__for_each_program(prog, obj) {
		err = print_form(prog, empty_fd, opts);
		if (!err)
			continue;
		pr_err("cannot run '%s': %s", bpf_program__name(prog), strerror(-err));
		break;
	}
	bpf_object__close(obj);
	return err;
}

int main(int argc, char **argv)
{
	struct forms_opts opts = { .tags = 8, .repeat = 200000 };
	int empty_fd, err;
	size_t i;

	err = options_parse(&spec, argc, argv, &opts, NULL);
	if (err)
		return options_status(err);
	empty_fd = forms_load_empty();
	if (empty_fd < 0) {
		pr_err("cannot load a program: %s", strerror(-empty_fd));
		return EXIT_FAIL;
	}
	printf("%-18s %12s %12s %10s %9s  %s\n", "program", "instructions", "machine code",
	       "verified", "ns/packet", "verdict");
	for (i = 0; !err && i < sizeof(files) / sizeof(files[0]); i++)
		err = print_forms(files[i], empty_fd, &opts);
	if (!err)
		err = output_flush();
	forms_close(empty_fd);
	if (err)
		return err == -ENOEXEC ? EXIT_FAIL_BPF : EXIT_FAIL;
	return EXIT_OK;
}
