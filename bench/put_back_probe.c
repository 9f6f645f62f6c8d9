// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Instructions that tell where the packet of a run begins and ends. */
#include <stdlib.h>
#include <string.h>

#include "put_back.h"
#include "writer.h"

#define SEEN(member) ((int)offsetof(struct put_back_seen, member))
#define PROBE_INSNS 20

/* R2, R3 and R4 into element @i of what R5 points to. */
static void put_run(struct writer *w, int i)
{
	put(w, STORE, BPF_REG_5, BPF_REG_2, SEEN(run[i].data), 0);
	put(w, STORE, BPF_REG_5, BPF_REG_3, SEEN(run[i].end), 0);
	put(w, STORE, BPF_REG_5, BPF_REG_4, SEEN(run[i].meta), 0);
}

struct bpf_insn *put_back_probe(int map_fd, const struct bpf_insn *insns, size_t count,
				size_t *made)
{
	struct writer w = { .at = calloc(PROBE_INSNS + count, sizeof(*w.at)) };

	if (!w.at)
		return NULL;
	load_packet(&w);
	put(&w, LOAD, BPF_REG_4, BPF_REG_1, CTX(data_meta), 0);
	put(&w, WIDE, BPF_REG_5, BPF_PSEUDO_MAP_VALUE, 0, map_fd);
	put(&w, 0, 0, 0, 0, 0);
	put(&w, LOAD_WIDE, BPF_REG_0, BPF_REG_5, SEEN(runs), 0);
	/* Over these five, to the second run's. */
	put(&w, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0, 5, 0);
	put_run(&w, 0);
	put(&w, STORE_NUMBER | BPF_DW, BPF_REG_5, 0, SEEN(runs), 1);
	put(&w, BPF_JMP | BPF_JA, 0, 0, 5, 0);
	put_run(&w, 1);
	put(&w, SET, BPF_REG_0, 0, 0, XDP_PASS);
	put(&w, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	memcpy(w.at + w.n, insns, count * sizeof(*insns));
	*made = w.n + count;
	return w.at;
}
