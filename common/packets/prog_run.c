// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Running an XDP program over one packet. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "packets/prog_run.h"
#include "signals.h"

/* Runs of one call: a signal waits for its end. */
#define CHUNK 100000

int prog_run_open(struct prog_run *run, const struct bpf_program *prog)
{
	*run = (struct prog_run){
		.fd = bpf_program__fd(prog),
		.frags = prog_target_flags(prog) & BPF_F_XDP_HAS_FRAGS,
		.out = calloc(2, PROG_RUN_OUT),
	};
	if (!run->out)
		return -ENOMEM;
	/* Without it everything but the targets can be told. */
	prog_target_open(&run->twin, prog);
	return 0;
}

/*
 * One call: @repeat runs of program @fd. Stores verdict, packet (in @out) and
 * time of the last one in *@result.
 */
static int call(int fd, const struct prog_run_input *in, unsigned int repeat, unsigned char *out,
		struct prog_run_result *result)
{
	struct xdp_md after = { 0 };
	struct xdp_md before = {
		.data_end = in->len,
		.ingress_ifindex = in->ifindex,
		.rx_queue_index = in->queue,
	};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = in->data, .data_size_in = in->len,
		    .data_out = out, .data_size_out = PROG_RUN_OUT, .ctx_in = &before,
		    .ctx_size_in = sizeof(before), .ctx_out = &after, .ctx_size_out = sizeof(after),
		    .repeat = (int)repeat);

	if (bpf_prog_test_run_opts(fd, &opts))
		return -errno;
	/* What comes back begins with the metadata. */
	result->metadata = after.data < opts.data_size_out ? after.data : 0;
	result->verdict = opts.retval;
	result->data = out + result->metadata;
	result->len = opts.data_size_out - result->metadata;
	result->changed = result->len != in->len || memcmp(result->data, in->data, in->len) != 0;
	result->ns = opts.duration;
	return 0;
}

/*
 * The runs after the first: many in a call, as long as the packet stays what
 * it is.
 */
static int repeat_run(struct prog_run *run, const struct prog_run_input *in,
		      struct prog_run_result *result)
{
	unsigned int left = in->repeat - 1, n;
	struct prog_run_result again = { .changed = result->changed };
	double ns = 0;
	int err;

	while (left) {
		if (signals_pending())
			return -EINTR;
		n = again.changed ? 1 : left < CHUNK ? left : CHUNK;
		err = call(run->fd, in, n, run->out + PROG_RUN_OUT, &again);
		if (err)
			return err;
		/* One that was ever changed is not trusted again. */
		result->changed |= again.changed;
		again.changed = result->changed;
		ns += again.ns * n;
		left -= n;
	}
	result->ns = ns / (in->repeat - 1);
	return 0;
}

/* Whether program @fd, which does nothing, runs on a frame of @len bytes. */
static bool takes(int fd, const void *data, unsigned int len)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = data, .data_size_in = len, .repeat = 1);

	return !bpf_prog_test_run_opts(fd, &opts);
}

unsigned int prog_run_max(struct prog_run *run)
{
	static const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = run->frags ? BPF_F_XDP_HAS_FRAGS : 0);
	unsigned int below = 0, above = PROG_RUN_OUT + 1, middle;
	int fd;

	if (run->max)
		return run->max;
	fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "prog_run_max", "GPL", pass,
			   sizeof(pass) / sizeof(pass[0]), &opts);
	if (fd < 0)
		return 0;
	if (takes(fd, run->out, PROG_RUN_MIN))
		below = PROG_RUN_MIN;
	while (below && above - below > 1) {
		middle = (below + above) / 2;
		if (takes(fd, run->out, middle))
			below = middle;
		else
			above = middle;
	}
	close(fd);
	run->max = below;
	return below;
}

static bool fits(struct prog_run *run, unsigned int len)
{
	unsigned int max = prog_run_max(run);

	/* A kernel that takes none at all has another reason than the length. */
	return len >= PROG_RUN_MIN && (!max || len <= max);
}

int prog_run_begin(struct prog_run *run)
{
	prog_target_reset(&run->twin);
	return run->twin.fd ? run->twin.fd : run->fd;
}

int prog_run_end(struct prog_run *run, const struct prog_run_input *in, int err,
		 struct prog_run_result *result)
{
	if (err)
		return fits(run, in->len) ? err : -ERANGE;
	prog_target_read(&run->twin, result->verdict, &result->target);
	return in->repeat > 1 ? repeat_run(run, in, result) : 0;
}

int prog_run_packet(struct prog_run *run, const struct prog_run_input *in,
		    struct prog_run_result *result)
{
	*result = (struct prog_run_result){ 0 };
	return prog_run_end(run, in, call(prog_run_begin(run), in, 1, run->out, result), result);
}

void prog_run_close(struct prog_run *run)
{
	prog_target_close(&run->twin);
	free(run->out);
	*run = (struct prog_run){ 0 };
}
