// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What probes are made of: a network namespace and its packets, programs. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "command.h"
#include "probe/probe_prog.h"

#define KERNEL_ENOTSUPP 524 /* not in <errno.h> */
#define TOOL_REFUSED 2 /* the kernel, says iproute2; 1: wrong words */

const char *probe_strerror(int error)
{
	return strerror(error == KERNEL_ENOTSUPP ? EOPNOTSUPP : error);
}

int probe_sys(struct probe_env *env)
{
	if (!access("/sys/kernel", F_OK))
		return 1;
	return probe_unknown(env, -errno, "/sys is not mounted");
}

/*
 * Run a line of ip(8). The kernel lacks it when ip says that it has refused;
 * the reason is in ip's words.
 */
static int run_tool(struct probe_env *env, const char *command)
{
	char said[PROBE_REASON_MAX];
	const char *text = said;
	int status = command_run_line(command, said, sizeof(said));

	if (!status)
		return 1;
	if (status < 0)
		return probe_unknown(env, status, "cannot run '%.*s': %s",
				     (int)strcspn(command, " "), command, strerror(-status));
	if (status > COMMAND_SIGNAL)
		return probe_unknown(env, -EIO, "'%s' was ended by signal %d", command,
				     status - COMMAND_SIGNAL);
	if (!strncmp(text, "Error: ", strlen("Error: ")))
		text += strlen("Error: ");
	return probe_unknown(env, status == TOOL_REFUSED ? 0 : -EIO, "'%s' says: %.*s", command,
			     (int)strcspn(text, "\n"), text);
}

/* A veth that was just set up drops packets until the kernel is done. */
static int wait_running(struct probe_env *env)
{
	struct ifreq req = { .ifr_name = PROBE_PEER };
	int fd, i;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return probe_unknown(env, -errno, "cannot make a socket: %s", strerror(errno));
	for (i = 0; i < PROBE_WAIT_STEPS; i++) {
		if (!ioctl(fd, SIOCGIFFLAGS, &req) && req.ifr_flags & IFF_RUNNING)
			break;
		usleep(PROBE_WAIT_STEP_US);
	}
	close(fd);
	if (i == PROBE_WAIT_STEPS)
		return probe_unknown(env, -ENETDOWN, "a veth does not come up");
	return 1;
}

int probe_veths(struct probe_env *env, unsigned int mtu)
{
	char command[128];
	int works;

	if (unshare(CLONE_NEWNET))
		return probe_unknown(env, -errno, "cannot make a network namespace: %s",
				     strerror(errno));
	snprintf(command, sizeof(command), "ip link add %s mtu %u type veth peer name %s mtu %u",
		 PROBE_DEV, mtu, PROBE_PEER, mtu);
	works = run_tool(env, command);
	if (works > 0)
		works = run_tool(env, "ip link set " PROBE_PEER " up");
	if (works > 0)
		works = run_tool(env, "ip link set " PROBE_DEV " up");
	env->dev = (int)if_nametoindex(PROBE_DEV);
	env->peer = (int)if_nametoindex(PROBE_PEER);
	return works > 0 ? wait_running(env) : works;
}

int probe_send(struct probe_env *env, size_t len)
{
	static char frame[9000];
	struct ethhdr *eth = (struct ethhdr *)frame;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = env->peer };
	int fd, i, err = 0;

	memset(eth->h_dest, 0xff, ETH_ALEN);
	eth->h_proto = htons(PROBE_ETHERTYPE);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return probe_unknown(env, -errno, "cannot send packets: %s", strerror(errno));
	for (i = 0; !err && i < PROBE_FRAMES; i++)
		if (sendto(fd, frame, len, 0, (struct sockaddr *)&to, sizeof(to)) != (ssize_t)len)
			err = -errno;
	close(fd);
	if (err)
		return probe_unknown(env, err, "cannot send packets: %s", strerror(-err));
	return 1;
}

int probe_counted(struct probe_env *env, unsigned int expected)
{
	__u64 count = 0;
	__u32 key = 0;
	int i;

	for (i = 0; i < PROBE_WAIT_STEPS; i++) {
		if (!bpf_map_lookup_elem(env->map_fd, &key, &count) && count >= expected)
			return 1;
		usleep(PROBE_WAIT_STEP_US);
	}
	return probe_unsupported(env, "%u events made, %llu seen by the program", expected,
				 (unsigned long long)count);
}

int probe_prog_load(enum bpf_prog_type type, const struct bpf_insn *insns, size_t n,
		    struct bpf_prog_load_opts *opts)
{
	int fd = bpf_prog_load(type, "probe", "GPL", insns, n, opts);

	return fd < 0 ? -errno : fd;
}

static int make_counter(struct probe_env *env)
{
	env->map_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", sizeof(__u32), sizeof(__u64), 1,
				     NULL);
	return env->map_fd < 0 ? -errno : 0;
}

int probe_prog_packets(struct probe_env *env, enum bpf_prog_type type, int verdict,
		       struct bpf_prog_load_opts *opts)
{
	bool xdp = type == BPF_PROG_TYPE_XDP;
	short data = xdp ? offsetof(struct xdp_md, data) : offsetof(struct __sk_buff, data);
	short data_end = xdp ? offsetof(struct xdp_md, data_end) :
			       offsetof(struct __sk_buff, data_end);
	int err = make_counter(env);
	struct bpf_insn insns[] = {
		PROBE_LOAD(BPF_W, 2, 1, data),
		PROBE_LOAD(BPF_W, 3, 1, data_end),
		PROBE_COPY(4, 2),
		PROBE_ADD(4, ETH_HLEN),
		PROBE_JUMP_GT(4, 3, 6),
		PROBE_LOAD(BPF_H, 5, 2, offsetof(struct ethhdr, h_proto)),
		PROBE_JUMP_NE(5, htons(PROBE_ETHERTYPE), 4),
		PROBE_VALUE(1, env->map_fd),
		PROBE_SET(2, 1),
		PROBE_ATOMIC_ADD(1, 2),
		PROBE_SET(0, verdict),
		PROBE_EXIT(),
	};

	return err ? err : probe_prog_load(type, insns, PROBE_N(insns), opts);
}

int probe_prog_runs(struct probe_env *env, enum bpf_prog_type type, struct bpf_prog_load_opts *opts)
{
	int err = make_counter(env);
	struct bpf_insn insns[] = {
		PROBE_VALUE(1, env->map_fd),
		PROBE_SET(2, 1),
		PROBE_ATOMIC_ADD(1, 2),
		PROBE_SET(0, 0),
		PROBE_EXIT(),
	};

	return err ? err : probe_prog_load(type, insns, PROBE_N(insns), opts);
}

int probe_prog_run(int fd)
{
	char packet[PROBE_FRAME_LEN] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = 1);

	if (bpf_prog_test_run_opts(fd, &opts))
		return -errno;
	return (int)opts.retval;
}
