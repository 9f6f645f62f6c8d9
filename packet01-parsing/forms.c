// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Running a program on one packet, many times, beside an empty one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_ether.h>

#include "forms.h"

#define RUNS 7
#define PACKET_SIZE 128

static const unsigned char tag[] = { ETH_P_8021Q >> 8, ETH_P_8021Q & 0xff, 0, 1 };

int forms_load_empty(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "empty", "Dual BSD/GPL", insns, 2, NULL);

	return fd < 0 ? -errno : fd;
}

void forms_close(int fd)
{
	close(fd);
}

/* The time that this thread has had a processor, in ns. */
static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* ns for each packet, as *@ns; the verdict as *@action */
static int run_once(int fd, const unsigned char *packet, unsigned int repeat, double *ns,
		    __u32 *action)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = PACKET_SIZE,
		    .repeat = (int)repeat);
	double start = now();

	if (bpf_prog_test_run_opts(fd, &opts))
		return -errno;
	*ns = (now() - start) / repeat;
	*action = opts.retval;
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

int forms_run(struct forms_run *run, int prog_fd, int empty_fd, unsigned int tags,
	      unsigned int repeat)
{
	unsigned char packet[PACKET_SIZE] = { 0 };
	double prog[RUNS], empty[RUNS];
	__u32 ignored;
	unsigned int i;
	int err = 0;

	for (i = 0; i < tags && i < FORMS_TAGS_MAX; i++)
		memcpy(packet + 2 * ETH_ALEN + i * sizeof(tag), tag, sizeof(tag));
	for (i = 0; !err && i < RUNS; i++) {
		err = run_once(empty_fd, packet, repeat, &empty[i], &ignored);
		if (!err)
			err = run_once(prog_fd, packet, repeat, &prog[i], &run->action);
	}
	if (err)
		return err;
	run->ns = median(prog) - median(empty);
	/* Less than nothing: a busy machine cannot tell them apart. */
	if (run->ns < 0)
		run->ns = 0;
	return 0;
}
