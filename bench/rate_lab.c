// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The lab: a network namespace, two pairs of veths, and a router's tables. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "log.h"
#include "rate.h"

/* None of them speaks unless it is asked to: every frame is one of ours. */
static const char *const quiet[] = {
	"ipv6/conf/default/accept_dad 0",
	"ipv6/conf/default/accept_ra 0",
	"ipv6/conf/default/router_solicitations 0",
	"ipv6/conf/default/addr_gen_mode 1",
	NULL,
};

static const char *const routing[] = {
	"ipv6/conf/send/disable_ipv6 1",  "ipv6/conf/far/disable_ipv6 1",
	"ipv6/conf/all/forwarding 1",	  "ipv4/conf/recv/forwarding 1",
	"ipv4/conf/out/forwarding 1",	  "ipv4/conf/recv/rp_filter 0",
	"ipv4/conf/out/send_redirects 0", NULL,
};

static const char *const addresses[] = {
	"addr add 10.0.1.1/24 dev recv",
	"addr add 10.0.2.1/24 dev out",
	"addr add fd00:1::1/64 dev recv nodad",
	"addr add fd00:2::1/64 dev out nodad",
	"link set send up",
	"link set recv up",
	"link set out up",
	"link set far up",
	NULL,
};

int rate_lab_ip(const char *command)
{
	char line[256], said[256] = "";
	int status;

	snprintf(line, sizeof(line), "ip %s", command);
	status = command_run_line(line, said, sizeof(said));
	if (!status)
		return 0;
	pr_err("cannot make the lab: '%s': %.*s", line, (int)strcspn(said, "\n"),
	       status < 0 ? strerror(-status) : said);
	return -EIO;
}

int rate_lab_set(const char *setting)
{
	const char *value = strchr(setting, ' ') + 1;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/%.*s", (int)(value - 1 - setting), setting);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, value, strlen(value)) > 0) {
		close(fd);
		return 0;
	}
	pr_err("cannot make the lab: '%s': %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -EIO;
}

int rate_lab_each(rate_lab_step *step, const char *const lines[])
{
	int err = 0;

	for (; !err && *lines; lines++)
		err = step(*lines);
	return err;
}

int rate_lab_port(struct rate_port *port, const char *name)
{
	int err = netif_find(name, &port->dev);

	if (!err)
		err = netif_mac(&port->dev, &port->mac);
	if (err)
		pr_err("cannot make the lab: no '%s': %s", name, strerror(-err));
	return err ? -EIO : 0;
}

static int add_neighbours(const struct rate_lab *lab)
{
	static const char *const hosts[] = { "10.0.2.2", "fd00:2::2" };
	const unsigned char *mac = lab->far.mac.addr;
	char command[128];
	int i, err = 0;

	for (i = 0; !err && i < 2; i++) {
		snprintf(command, sizeof(command),
			 "neigh add %s lladdr %02x:%02x:%02x:%02x:%02x:%02x dev out nud permanent",
			 hosts[i], mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
		err = rate_lab_ip(command);
	}
	return err;
}

int rate_lab_make(struct rate_lab *lab)
{
	int err;

	if (unshare(CLONE_NEWNET)) {
		pr_err("cannot make a network namespace: %s%s", strerror(errno),
		       errno == EPERM ? " (run it as root)" : "");
		return -EIO;
	}
	err = rate_lab_each(rate_lab_set, quiet);
	if (!err)
		err = rate_lab_ip("link add send type veth peer name recv");
	if (!err)
		err = rate_lab_ip("link add out type veth peer name far");
	if (!err)
		err = rate_lab_each(rate_lab_set, routing);
	if (!err)
		err = rate_lab_each(rate_lab_ip, addresses);
	if (!err)
		err = rate_lab_port(&lab->send, "send");
	if (!err)
		err = rate_lab_port(&lab->recv, "recv");
	if (!err)
		err = rate_lab_port(&lab->out, "out");
	if (!err)
		err = rate_lab_port(&lab->far, "far");
	return err ? err : add_neighbours(lab);
}
