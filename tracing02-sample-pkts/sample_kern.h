/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What both objects of this lesson begin with: maps, settings, counting. */
#ifndef SAMPLE_KERN_H
#define SAMPLE_KERN_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_sample_pkts.h"

/* A perf ring buffer for each CPU; the command makes this map and them. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} xdp_samples SEC(".maps");

/* enum sample_place to what has happened there. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SAMPLE_PLACES);
	__type(key, __u32);
	__type(value, struct sample_counts);
} sample_counts SEC(".maps");

const volatile struct sample_settings settings;

/* Count a packet. Returns the counters if it is one to be sampled. */
static __always_inline struct sample_counts *sample_due(__u32 place)
{
	struct sample_counts *counts;

	counts = bpf_map_lookup_elem(&sample_counts, &place);
	if (!counts)
		return NULL; /* cannot be: for the verifier */
	counts->seen++;
	if (counts->skip) {
		counts->skip--;
		return NULL;
	}
	counts->skip = settings.every - 1;
	return counts;
}

/* The helpers' flags: this CPU's buffer, and so many bytes of the packet. */
static __always_inline __u64 sample_flags(struct sample *sample)
{
	__u32 len = sample->orig_len;

	sample->len = len < settings.snaplen ? len : settings.snaplen;
	return (__u64)sample->len << 32 | BPF_F_CURRENT_CPU;
}

#endif /* SAMPLE_KERN_H */
