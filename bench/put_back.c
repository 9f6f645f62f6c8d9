// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What a program does to a packet, and a copy of it that undoes that first. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "log.h"
#include "put_back.h"

/* Runs in which whatever a program changes should show. */
#define TRIAL 1000
#define TRIALS 8

/* What a first and a second run see of the packet. */
static int look(struct put_back *back, const struct bpf_program *prog,
		const struct bench_packet *packet, int map_fd, struct put_back_seen *seen)
{
	struct put_back_run run;
	const __u32 key = 0;
	size_t count;
	int fd, err;
	struct bpf_insn *insns = put_back_probe(map_fd, bpf_program__insns(prog),
						bpf_program__insn_cnt(prog), &count);

	err = put_back_load(insns, count, prog, &fd);
	if (err)
		return err;
	err = put_back_call(back, fd, packet, 2, &run);
	close(fd);
	if (!err && bpf_map_lookup_elem(map_fd, &key, seen))
		err = -errno;
	return err;
}

/* How far the start of the packet is moved. */
static int find_move(struct put_back *back, const struct bpf_program *prog, const char *name,
		     const struct bench_packet *packet)
{
	struct put_back_seen seen = { 0 };
	int map_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "bench", sizeof(__u32), sizeof(seen), 1,
				    NULL);
	int err = map_fd < 0 ? -errno : look(back, prog, packet, map_fd, &seen);
	bool tail = seen.run[1].end != seen.run[0].end;

	if (map_fd >= 0)
		close(map_fd);
	if (err)
		return err;
	back->move = (int)(seen.run[1].data - seen.run[0].data);
	if (!tail && seen.run[1].meta == seen.run[1].data)
		return 0;
	pr_err("cannot measure '%s' on '%s': it %s, which is not put back", name, packet->name,
	       tail ? "moves the end of the packet" : "leaves metadata in front of the packet");
	return -EOPNOTSUPP;
}

/* The copy, and the program that only puts back. */
static int make_copy(struct put_back *back, const struct bpf_program *prog,
		     const struct bench_packet *packet)
{
	size_t count = bpf_program__insn_cnt(prog), made;
	struct bpf_insn *insns;
	int err;

	if (back->ref_fd) {
		close(back->fd);
		close(back->ref_fd);
		back->ref_fd = 0;
	}
	insns = put_back_build(back, packet, bpf_program__insns(prog), count, &made);
	err = put_back_load(insns, made, prog, &back->fd);
	if (err)
		return err;
	insns = put_back_build(back, packet, NULL, 0, &made);
	err = put_back_load(insns, made, NULL, &back->ref_fd);
	if (!err)
		return 0;
	close(back->fd);
	back->ref_fd = 0;
	return err;
}

/* Until no byte changes that is not put back. */
static int find_bytes(struct put_back *back, const struct bpf_program *prog,
		      const struct bench_packet *packet)
{
	struct put_back_run run;
	bool missed;
	int i, err;

	back->fd = bpf_program__fd(prog);
	/* One run tells most: the copy is made before there are many. */
	err = put_back_call(back, back->fd, packet, 1, &run);
	for (i = 0; !err && i < TRIALS; i++) {
		missed = put_back_missed(back, packet);
		if (!missed && i)
			return 0;
		if (missed || back->move)
			err = make_copy(back, prog, packet);
		if (!err)
			err = put_back_call(back, back->fd, packet, TRIAL, &run);
	}
	return err ? err : -EAGAIN;
}

int put_back_open(struct put_back *back, const struct bpf_program *prog, const char *name,
		  const struct bench_packet *packet)
{
	int err;

	*back = (struct put_back){
		.changed = calloc(packet->len, sizeof(bool)),
		.out = calloc(1, PUT_BACK_OUT),
	};
	err = back->changed && back->out ? 0 : -ENOMEM;
	if (!err)
		err = find_move(back, prog, name, packet);
	if (!err)
		err = find_bytes(back, prog, packet);
	if (err && err != -EOPNOTSUPP)
		pr_err("cannot measure '%s' on '%s': %s", name, packet->name,
		       err == -EAGAIN ? "it changes the packet in another way each time" :
					strerror(-err));
	return err ? -EIO : 0;
}

void put_back_close(struct put_back *back)
{
	if (back->ref_fd) {
		close(back->fd);
		close(back->ref_fd);
	}
	free(back->changed);
	free(back->out);
	*back = (struct put_back){ 0 };
}
