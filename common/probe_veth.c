// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A probe's network namespace, its veths, its packets. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>

#include "probe_box.h"

/* A veth that was just set up drops packets until the kernel is done. */
static int wait_running(struct probe_box *box)
{
	struct ifreq req = { .ifr_name = PROBE_PEER };
	int fd, i;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return probe_cannot(box, -errno, "cannot make a socket: %s", strerror(errno));
	for (i = 0; i < PROBE_WAIT_STEPS; i++) {
		if (!ioctl(fd, SIOCGIFFLAGS, &req) && req.ifr_flags & IFF_RUNNING)
			break;
		usleep(PROBE_WAIT_STEP_US);
	}
	close(fd);
	if (i == PROBE_WAIT_STEPS)
		return probe_cannot(box, -ENETDOWN, "a veth does not come up");
	return 1;
}

int probe_veths(struct probe_box *box, unsigned int mtu)
{
	char command[128];
	int works;

	if (unshare(CLONE_NEWNET))
		return probe_cannot(box, -errno, "cannot make a network namespace: %s",
				    strerror(errno));
	snprintf(command, sizeof(command), "ip link add %s mtu %u type veth peer name %s mtu %u",
		 PROBE_DEV, mtu, PROBE_PEER, mtu);
	works = probe_tool(box, command);
	if (works > 0)
		works = probe_tool(box, "ip link set " PROBE_PEER " up");
	if (works > 0)
		works = probe_tool(box, "ip link set " PROBE_DEV " up");
	box->dev = (int)if_nametoindex(PROBE_DEV);
	box->peer = (int)if_nametoindex(PROBE_PEER);
	return works > 0 ? wait_running(box) : works;
}

int probe_send(struct probe_box *box, size_t len)
{
	static char frame[9000];
	struct ethhdr *eth = (struct ethhdr *)frame;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = box->peer };
	int fd, i, err = 0;

	memset(eth->h_dest, 0xff, ETH_ALEN);
	eth->h_proto = htons(PROBE_ETHERTYPE);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return probe_cannot(box, -errno, "cannot send packets: %s", strerror(errno));
	for (i = 0; !err && i < PROBE_FRAMES; i++)
		if (sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) != (ssize_t)len)
			err = -errno;
	close(fd);
	if (err)
		return probe_cannot(box, err, "cannot send packets: %s", strerror(-err));
	return 1;
}

int probe_counted(struct probe_box *box, unsigned int wanted)
{
	__u64 count = 0;
	__u32 key = 0;
	int i;

	for (i = 0; i < PROBE_WAIT_STEPS; i++) {
		if (!bpf_map_lookup_elem(box->map_fd, &key, &count) && count >= wanted)
			return 1;
		usleep(PROBE_WAIT_STEP_US);
	}
	return probe_lacks(box, "%u events made, %llu seen by the program", wanted,
			   (unsigned long long)count);
}
