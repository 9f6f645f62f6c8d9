// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The programs of the lab that are there for all cases. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_link.h>

#include "rate.h"
#include "log.h"
#include "maps.h"

int rate_ends_attach(const struct rate_port *port, int fd)
{
	int err = bpf_xdp_attach(port->dev.index, fd, XDP_FLAGS_DRV_MODE, NULL);

	if (err)
		pr_err("cannot attach to '%s': %s", port->dev.name, strerror(-err));
	return err ? -EIO : 0;
}

static int open_look(struct rate_lab *lab, const char *top)
{
	char path[PATH_MAX + sizeof("/bench/rate_kern.o")];
	int err;

	snprintf(path, sizeof(path), "%s/bench/rate_kern.o", top);
	err = program_find(&lab->look, path, "bench_look_func");
	if (!err)
		err = program_load(&lab->look);
	if (err)
		return err;
	lab->look_fd = bpf_program__fd(program_of(&lab->look));
	lab->seen_fd = maps_find(lab->look.obj, "bench_seen");
	return lab->seen_fd < 0 ? -ENOEXEC : 0;
}

int rate_ends_open(struct rate_lab *lab, const char *top)
{
	int err;

	lab->drop_fd = program_returns(XDP_DROP);
	if (lab->drop_fd < 0)
		return lab->drop_fd;
	err = open_look(lab, top);
	if (!err)
		err = rate_ends_attach(&lab->send, lab->drop_fd);
	return err ? err : rate_ends_attach(&lab->far, lab->drop_fd);
}

void rate_ends_close(struct rate_lab *lab)
{
	attach_close(&lab->look);
	if (lab->drop_fd > 0)
		close(lab->drop_fd);
}
