// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Whether the frames that arrive are those that should. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "rate.h"
#include "log.h"

#define TRIED 1000 /* frames: some have come back to be sent again */

static struct rate_port *end_of(struct rate_lab *lab, enum rate_end end)
{
	return end == RATE_AT_SEND ? &lab->send : &lab->far;
}

/* The last frame that arrived, against the one that should. */
static int compare_frames(const struct rates *rates, const struct rate_case *one)
{
	unsigned char seen[RATE_FRAME_LEN];
	__u32 key = 0;
	int i;

	if (bpf_map_lookup_elem(rates->lab.seen_fd, &key, seen)) {
		pr_err("cannot look at frames: %s", strerror(errno));
		return -EIO;
	}
	for (i = 0; i < RATE_FRAME_LEN; i++) {
		if (seen[i] == one->wanted[i])
			continue;
		pr_err("cannot measure '%s': byte %d of what arrives is %02x, not %02x", one->name,
		       i, seen[i], one->wanted[i]);
		return -EIO;
	}
	return 0;
}

static int try_one(struct rates *rates, struct rate_case *one)
{
	struct rate_port *end = end_of(&rates->lab, one->way->end);
	struct rate_count first;
	bool looks = one->way->end >= RATE_AT_SEND;
	pid_t pid = 0;
	int stopped, err;

	err = rate_ends_attach(&rates->lab.recv, one->fd);
	if (!err && looks)
		err = rate_ends_attach(end, rates->lab.look_fd);
	if (!err)
		err = rate_count(&rates->lab, one, pid, &first);
	if (!err)
		err = rate_send_start(one, &rates->lab, &pid);
	if (err)
		return err;
	err = rate_wait(&rates->lab, one, pid, &first, TRIED);
	stopped = rate_send_stop(one, pid);
	if (!err)
		err = stopped;
	if (!err && looks)
		err = compare_frames(rates, one);
	return err || !looks ? err : rate_ends_attach(end, rates->lab.drop_fd);
}

int rate_try(struct rates *rates)
{
	int i, err = 0;

	for (i = 0; !err && i < rates->count; i++)
		err = try_one(rates, &rates->cases[i]);
	return err;
}
