// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Copies of programs: loaded, run, and the packet looked at. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "log.h"
#include "packets/prog_target.h"
#include "put_back.h"

int put_back_load(struct bpf_insn *insns, size_t count, const struct bpf_program *prog, int *fd)
{
	if (!insns)
		return -ENOMEM;
	if (prog)
		*fd = prog_target_load_copy("bench", prog, insns, count);
	else
		*fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "bench", "GPL", insns, count, NULL);
	free(insns);
	return *fd < 0 ? *fd : 0;
}

int put_back_call(struct put_back *back, int fd, const struct bench_packet *packet,
		  unsigned int repeat, struct put_back_run *run)
{
	struct xdp_md ctx = { .data_end = packet->len, .ingress_ifindex = packet->ingress };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet->data, .data_size_in = packet->len,
		    .data_out = back->out, .data_size_out = PUT_BACK_OUT, .ctx_in = &ctx,
		    .ctx_size_in = sizeof(ctx), .repeat = (int)repeat);
	struct timespec start, end;
	int err;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	err = bpf_prog_test_run_opts(fd, &opts) ? -errno : 0;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
	run->ns = ((double)(end.tv_sec - start.tv_sec) * 1e9 +
		   (double)(end.tv_nsec - start.tv_nsec)) /
		  repeat;
	run->verdict = opts.retval;
	back->out_len = opts.data_size_out;
	return err;
}

bool put_back_missed(struct put_back *back, const struct bench_packet *packet)
{
	bool missed = (int)back->out_len != (int)packet->len - back->move;
	unsigned int i;
	int now;

	for (i = 0; i < packet->len; i++) {
		now = (int)i - back->move;
		if (back->changed[i] ||
		    (now >= 0 && now < PUT_BACK_OUT && back->out[now] == packet->data[i]))
			continue;
		back->changed[i] = missed = true;
	}
	return missed;
}
