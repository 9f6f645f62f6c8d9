// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The lab of pings: two network namespaces, one pair of veths. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "ping.h"
#include "log.h"

/* All frames are ours: nobody speaks IPv6, nobody asks for MAC addresses. */
static const char *const quiet[] = {
	"ipv6/conf/default/disable_ipv6 1",
	NULL,
};

static const char *const here[] = {
	"addr add 10.0.1.2/24 dev send",
	"link set send up",
	NULL,
};

static const char *const there[] = {
	"addr add " PING_FAR "/24 dev recv",
	"link set recv up",
	NULL,
};

/* Enter a new one, which stays as long as *@fd is open. */
static int make_namespace(int *fd)
{
	if (!unshare(CLONE_NEWNET)) {
		*fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
		if (*fd >= 0)
			return rate_lab_each(rate_lab_set, quiet);
	}
	pr_err("cannot make a network namespace: %s%s", strerror(errno),
	       errno == EPERM ? " (run it as root)" : "");
	return -EIO;
}

static int enter(int fd)
{
	if (!setns(fd, CLONE_NEWNET))
		return 0;
	pr_err("cannot enter the lab: %s", strerror(errno));
	return -EIO;
}

/* From now on @port, here, has @mac behind @address. */
static int add_neighbour(const char *address, const char *port, const struct rate_port *at)
{
	const unsigned char *mac = at->mac.addr;
	char command[128];

	snprintf(command, sizeof(command),
		 "neigh add %s lladdr %02x:%02x:%02x:%02x:%02x:%02x dev %s nud permanent", address,
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], port);
	return rate_lab_ip(command);
}

static int make_ports(struct ping_bench *bench)
{
	char command[128];
	int err;

	snprintf(command, sizeof(command),
		 "link add send type veth peer name recv netns /proc/%d/fd/%d", (int)getpid(),
		 bench->far_ns);
	err = rate_lab_ip(command);
	if (!err)
		err = rate_lab_each(rate_lab_ip, here);
	if (!err)
		err = rate_lab_port(&bench->send, "send");
	if (!err)
		err = enter(bench->far_ns);
	if (!err)
		err = rate_lab_each(rate_lab_ip, there);
	if (!err)
		err = rate_lab_port(&bench->recv, "recv");
	if (!err)
		err = add_neighbour("10.0.1.2", "recv", &bench->send);
	if (!err)
		err = enter(bench->near_ns);
	return err ? err : add_neighbour(PING_FAR, "send", &bench->recv);
}

static int open_programs(struct ping_bench *bench, const char *top)
{
	char path[PATH_MAX + sizeof("/packet03-redirecting/xdp_redirect_kern.o")];
	int err;

	snprintf(path, sizeof(path), "%s/packet03-redirecting/xdp_redirect_kern.o", top);
	err = program_find(&bench->echo, path, "xdp_icmp_echo_func");
	if (!err)
		err = program_load(&bench->echo);
	if (err)
		return err;
	bench->fds[PING_BY_NONE] = -1;
	bench->fds[PING_BY_TX] = bpf_program__fd(program_of(&bench->echo));
	bench->fds[PING_BY_STACK] = program_returns(XDP_PASS);
	return bench->fds[PING_BY_STACK] < 0 ? -EIO : 0;
}

int ping_lab_make(struct ping_bench *bench, const char *top)
{
	int err = make_namespace(&bench->far_ns);

	if (!err)
		err = make_namespace(&bench->near_ns);
	if (!err)
		err = make_ports(bench);
	return err ? err : open_programs(bench, top);
}

int ping_lab_answer(const struct ping_bench *bench, enum ping_far far)
{
	int back, err = enter(bench->far_ns);

	if (err)
		return err;
	err = rate_ends_attach(&bench->recv, bench->fds[far]);
	back = enter(bench->near_ns);
	return err ? err : back;
}

void ping_lab_close(struct ping_bench *bench)
{
	attach_close(&bench->echo);
	if (bench->fds[PING_BY_STACK] > 0)
		close(bench->fds[PING_BY_STACK]);
	if (bench->near_ns > 0)
		close(bench->near_ns);
	if (bench->far_ns > 0)
		close(bench->far_ns);
}
