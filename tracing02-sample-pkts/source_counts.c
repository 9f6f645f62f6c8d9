// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What the programs have counted. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "maps.h"
#include "source.h"

int source_counts(const struct source *source, struct sample_counts *sum)
{
	const struct bpf_object *obj = source->at.obj ?: source->trace.obj;
	int fd = maps_find(obj, "sample_counts"), cpus, i, err;
	struct sample_counts *counts;

	*sum = (struct sample_counts){ 0 };
	cpus = libbpf_num_possible_cpus();
	if (fd < 0 || cpus < 0)
		return -ENOEXEC;
	counts = calloc((size_t)cpus * SAMPLE_PLACES, sizeof(*counts));
	if (!counts)
		return -ENOMEM;
	err = maps_read_percpu(fd, SAMPLE_PLACES, sizeof(*counts), counts);
	if (err)
		pr_err("cannot read 'sample_counts': %s", strerror(-err));
	for (i = 0; !err && i < cpus * SAMPLE_PLACES; i++) {
		sum->seen += counts[i].seen;
		sum->lost += counts[i].lost;
	}
	free(counts);
	return err ? -ENOEXEC : 0;
}
