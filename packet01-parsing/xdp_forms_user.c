// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Six programs that do one job, each in another form of loop or function: what
 * the compiler and the verifier make of each, and what a packet costs it. The
 * packet is handed to them by BPF_PROG_RUN (see testing01-prog-run); no
 * interface is used.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_ether.h>

#include "attach.h"
#include "clock.h"
#include "exit_status.h"
#include "log.h"
#include "options.h"
#include "xdp_stats_kern_user.h"

#define RUNS 7
#define PACKET_SIZE 128
#define TAGS_MAX 16

struct forms_opts {
	unsigned int tags, repeat;
};

static const struct option_line options[] = {
	OPTION_RANGE("tags", 't', "N", OPTION_UINT, struct forms_opts, tags, 0, TAGS_MAX,
		     "VLAN tags of the packet (default 8)"),
	OPTION_RANGE("repeat", 'r', "N", OPTION_UINT, struct forms_opts, repeat, 1, 100000000,
		     "packets in each of 7 runs (default 200000)"),
	OPTIONS_END
};

static const struct option_spec spec = {
	.purpose = "Count VLAN tags with each form of loop and of function, and compare. Here\n"
		   "-r is short for --repeat; in later lessons it is --redirect-dev, or --rate.",
	.options = options,
};

static const char *const files[] = { "xdp_loops_kern.o", "xdp_funcs_kern.o" };

/* What costs time besides a program's own work: the program "return XDP_PASS". */
static int load_empty(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "empty", "Dual BSD/GPL", insns, 2, NULL);

	return fd < 0 ? -errno : fd;
}

/* Time on the processor for each packet: the time of other processes is left out. */
static int run_once(int fd, const unsigned char *packet, unsigned int repeat, double *ns,
		    __u32 *action)
{
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = PACKET_SIZE,
		    .repeat = (int)repeat);
	uint64_t start = thread_cpu_ns();

	if (bpf_prog_test_run_opts(fd, &run))
		return -errno;
	*ns = (double)(thread_cpu_ns() - start) / repeat;
	*action = run.retval;
	return 0;
}

static int by_size(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

static double median(double *ns)
{
	qsort(ns, RUNS, sizeof(*ns), by_size);
	return ns[RUNS / 2];
}

/* The verdict, and ns for each packet above the empty program: run in turns. */
static int measure(int prog_fd, int empty_fd, const struct forms_opts *opts, double *ns,
		   __u32 *action)
{
	static const unsigned char tag[] = { ETH_P_8021Q >> 8, ETH_P_8021Q & 0xff, 0, 1 };
	unsigned char packet[PACKET_SIZE] = { 0 };
	double prog[RUNS], empty[RUNS];
	__u32 ignored;
	unsigned int i;
	int err = 0;

	for (i = 0; i < opts->tags; i++)
		memcpy(packet + 2 * ETH_ALEN + i * sizeof(tag), tag, sizeof(tag));
	for (i = 0; !err && i < RUNS; i++) {
		err = run_once(empty_fd, packet, opts->repeat, &empty[i], &ignored);
		if (!err)
			err = run_once(prog_fd, packet, opts->repeat, &prog[i], action);
	}
	if (err)
		return err;
	*ns = median(prog) - median(empty);
	/* Less than nothing: a busy machine cannot tell them apart. */
	if (*ns < 0)
		*ns = 0;
	return 0;
}

static int print_form(const struct bpf_program *prog, int empty_fd, const struct forms_opts *opts)
{
	int err, fd = bpf_program__fd(prog);
	struct bpf_prog_info info = { 0 };
	__u32 action, size = sizeof(info);
	double ns;

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return -errno;
	err = measure(fd, empty_fd, opts, &ns, &action);
	if (err)
		return err;
	printf("%-18s %12u %12u %10u %9.1f  %s\n", bpf_program__name(prog),
	       (unsigned int)(info.xlated_prog_len / sizeof(struct bpf_insn)), info.jited_prog_len,
	       info.verified_insns, ns, action2str(action));
	return 0;
}

/* Say what the verifier has against it, or otherwise why the object cannot be loaded. */
static int explain_load(struct bpf_object *obj, const char *path, int err)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		if (!log_rejected(bpf_program__name(prog)))
			continue;
		pr_err("cannot load '%s' from '%s': the verifier rejects it",
		       bpf_program__name(prog), path);
		log_rejection(bpf_program__name(prog));
		return -ENOEXEC;
	}
	pr_err("cannot load '%s': %s", path, strerror(-err));
	return err == -EPERM ? err : -ENOEXEC;
}

static int print_forms(const char *file, int empty_fd, const struct forms_opts *opts)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	char path[PATH_MAX];
	int err;

	obj = attach_open_object(file, path);
	if (!obj)
		return -ENOEXEC;
	err = bpf_object__load(obj);
	if (err) {
		err = explain_load(obj, path, err);
		bpf_object__close(obj);
		return err;
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
	empty_fd = load_empty();
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
	close(empty_fd);
	if (err)
		return err == -ENOEXEC ? EXIT_FAIL_BPF : EXIT_FAIL;
	return EXIT_OK;
}
