// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Frames that an interface has received, and the time that it took. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rate.h"
#include "log.h"

#define NS_PER_SECOND 1e9
#define STEP_US 2000
#define STEPS 5000 /* ten seconds: more than any machine needs */

/* Received packets of @port: the second number of its line. */
static int count_port(const struct rate_port *port, __u64 *count)
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

static int count_end(const struct rate_lab *lab, enum rate_end end,
		     __u64 *count)
{
	switch (end) {
	case RATE_AT_STACK:
		return count_stack(count);
	case RATE_AT_SEND:
		return count_port(&lab->send, count);
	case RATE_AT_FAR:
		return count_port(&lab->far, count);
	default:
		return count_port(&lab->recv, count);
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

int rate_count(const struct rate_lab *lab, enum rate_end end, pid_t sender,
	       struct rate_count *count)
{
	int err = count_port(&lab->recv, &count->received);

	if (!err)
		err = count_end(lab, end, &count->arrived);
	count->seconds = now() - waited(sender);
	if (err)
		pr_err("cannot count: %s", strerror(-err));
	return err ? -EIO : 0;
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       info.si_pid == pid;
}

int rate_count_wait(const struct rate_lab *lab, const struct rate_case *one,
		    pid_t sender, const struct rate_count *first, __u64 frames)
{
	struct rate_count now;
	int i, err = 0;

	for (i = 0; !err && i < STEPS && !has_ended(sender); i++) {
		err = rate_count(lab, one->way->end, sender, &now);
		if (!err && now.arrived - first->arrived >= frames)
			return 0;
		usleep(STEP_US);
	}
	/* rate_send_stop() says why it has ended. */
	if (i == STEPS)
		pr_err("cannot measure '%s': of %llu frames that came in %llu arrived",
		       one->name,
		       (unsigned long long)(now.received - first->received),
		       (unsigned long long)(now.arrived - first->arrived));
	return -EIO;
}
