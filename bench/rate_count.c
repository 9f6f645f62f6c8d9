// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Frames that an interface has received, and the time that it took. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "rate.h"
#include "log.h"

#define NS_PER_SECOND 1e9

/* Received packets of @port: the second number of its line. */
int rate_count_port(const struct rate_port *port, __u64 *count)
{
	char line[512], name[IF_NAMESIZE];
	FILE *file = fopen("/proc/thread-self/net/dev", "re");
	unsigned long long packets;
	int err = -ENOENT;

	while (file && err && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %15[^:]: %*u %llu", name, &packets) != 2 ||
		    strcmp(name, port->dev.name))
			continue;
		*count = packets;
		err = 0;
	}
	if (file)
		fclose(file);
	return err;
}

/* What the stack has dropped for its header (InHdrErrors), IPv4. */
static int count_stack(__u64 *count)
{
	unsigned long long packets;
	FILE *file = fopen("/proc/thread-self/net/snmp", "re");
	int err = -ENOENT;

	if (file && fscanf(file, "%*[^\n]\nIp: %*u %*u %*u %llu", &packets) == 1) {
		*count = packets;
		err = 0;
	}
	if (file)
		fclose(file);
	return err;
}

/* What the program behind a cpumap has counted, on all CPUs. */
static int count_work(const struct rate_case *one, __u64 *count)
{
	int cpus = libbpf_num_possible_cpus(), i;
	struct rate_work *work;
	__u32 key = 0;
	int err = 0;

	work = cpus < 0 ? NULL : calloc((size_t)cpus, sizeof(*work));
	if (!work)
		return -ENOMEM;
	if (bpf_map_lookup_elem(one->work_fd, &key, work))
		err = -errno;
	*count = 0;
	for (i = 0; i < cpus; i++)
		*count += work[i].packets;
	free(work);
	return err;
}

static int count_end(const struct rate_lab *lab, const struct rate_case *one, __u64 *count)
{
	switch (one->way->end) {
	case RATE_AT_CPU:
		return count_work(one, count);
	case RATE_AT_STACK:
		return count_stack(count);
	case RATE_AT_SEND:
		return rate_count_port(&lab->send, count);
	case RATE_AT_FAR:
		return rate_count_port(&lab->far, count);
	default: /* RATE_AT_RECV: has been asked */
		return 0;
	}
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / NS_PER_SECOND;
}

/* How long process @pid had something to do, and its CPU had not. */
static double waited(pid_t pid)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	file = fopen(path, "re");
	if (file && fscanf(file, "%*u %llu", &ns) != 1)
		ns = 0;
	if (file)
		fclose(file);
	return (double)ns / NS_PER_SECOND;
}

int rate_count(const struct rate_lab *lab, const struct rate_case *one, pid_t sender,
	       struct rate_count *count)
{
	int err = rate_count_port(&lab->recv, &count->received);

	count->arrived = count->received;
	if (!err)
		err = count_end(lab, one, &count->arrived);
	count->seconds = now() - waited(sender);
	if (err)
		pr_err("cannot count: %s", strerror(-err));
	return err ? -EIO : 0;
}
