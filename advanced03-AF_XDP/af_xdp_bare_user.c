// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * AF_XDP in one file: one queue, one thread, four rings, and every call of libxdp
 * bare. Echo requests of ICMP and ICMPv6 are answered; all else stays with the
 * network stack, as xdp_sock_echo_func leaves it there. To make it your own, copy
 * this file and af_xdp_kern.o, and write your own answer().
 *
 *	cc -O2 af_xdp_bare_user.c -lxdp -lbpf -o af_xdp_bare_user
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <xdp/xsk.h>

#define OBJECT "af_xdp_kern.o"
#define PROGRAM "xdp_sock_echo_func"
#define FRAMES 1024U
#define FRAME_SIZE 4096U /* a power of 2, and no larger than a page */
#define RING_SIZE (2 * FRAMES) /* entries: wherever the frames are, no ring is full */
#define BATCH 64U /* packets to take out of the RX ring at a time */
#define HOPS 64 /* that an answer may go */

enum { FAILED = 1, BAD_ARGUMENT = 2, CANNOT_ATTACH = 30, BAD_OBJECT = 40, NO_AF_XDP = 77 };

/* Print one line of error; the value is @status, with which the command ends. */
#define fail(status, ...) (fprintf(stderr, "error: " __VA_ARGS__), (status))

struct server {
	const char *ifname;
	unsigned int queue;
	void *area; /* the memory of the frames */
	struct xsk_umem *umem;
	struct xsk_socket *xsk;
	struct xsk_ring_prod fill, tx; /* we write, the kernel reads */
	struct xsk_ring_cons comp, rx; /* the kernel writes, we read */
	struct bpf_object *obj;
	struct bpf_link *link;
};

/* A packet and its answer. Strangers send any bytes they like: every length is checked. */

/* The header of @size bytes at *@at, which moves behind it. NULL: the packet ends before. */
static void *header(unsigned char **at, const unsigned char *end, size_t size)
{
	unsigned char *start = *at;

	if ((size_t)(end - start) < size)
		return NULL;
	*at += size;
	return start;
}

static void swap(void *a, void *b, size_t size)
{
	unsigned char kept[sizeof(struct in6_addr)];

	memcpy(kept, a, size);
	memcpy(a, b, size);
	memcpy(b, kept, size);
}

/* Correct @sum for a word that was @old and is now @new (RFC 1624, equation 3). */
static void csum_replace(uint16_t *sum, uint16_t old, uint16_t new)
{
	uint16_t was = ~*sum, less = ~old;
	uint32_t total = (uint32_t)was + less + new;

	total = (total & 0xffff) + (total >> 16);
	*sum = ~(total + (total >> 16));
}

/* ICMP and ICMPv6 differ in the numbers only. */
static bool answer_icmp(struct icmphdr *icmp, uint8_t request, uint8_t reply)
{
	if (icmp->type != request || icmp->code)
		return false;
	icmp->type = reply;
	csum_replace(&icmp->checksum, htons((uint16_t)(request << 8)),
		     htons((uint16_t)(reply << 8)));
	return true;
}

static bool answer_ipv4(unsigned char *at, const unsigned char *end)
{
	size_t room = (size_t)(end - at);
	struct iphdr *ip = header(&at, end, sizeof(*ip));
	struct icmphdr *icmp = header(&at, end, sizeof(*icmp));

	/* No options, no fragment, nothing cut off. */
	if (!ip || !icmp || ip->version != 4 || ip->ihl * 4 != sizeof(*ip) ||
	    ip->protocol != IPPROTO_ICMP || ip->frag_off & htons(IP_MF | IP_OFFMASK) ||
	    ntohs(ip->tot_len) < sizeof(*ip) + sizeof(*icmp) || ntohs(ip->tot_len) > room ||
	    !answer_icmp(icmp, ICMP_ECHO, ICMP_ECHOREPLY))
		return false;
	/* Both count as 0 in such a sum, but in a message of zeros only this one is right. */
	if (!icmp->checksum)
		icmp->checksum = 0xffff;
	csum_replace(&ip->check, htons((uint16_t)(ip->ttl << 8)), htons(HOPS << 8));
	ip->ttl = HOPS;
	swap(&ip->saddr, &ip->daddr, sizeof(ip->saddr)); /* no sum changes by that */
	return true;
}

static bool answer_ipv6(unsigned char *at, const unsigned char *end)
{
	struct ip6_hdr *ip6 = header(&at, end, sizeof(*ip6));
	size_t room = (size_t)(end - at);
	struct icmphdr *icmp = header(&at, end, sizeof(*icmp));

	/* No extension headers, and so no fragment; nothing cut off. */
	if (!ip6 || !icmp || ip6->ip6_vfc >> 4 != 6 || ip6->ip6_nxt != IPPROTO_ICMPV6 ||
	    ntohs(ip6->ip6_plen) < sizeof(*icmp) || ntohs(ip6->ip6_plen) > room ||
	    !answer_icmp(icmp, ICMP6_ECHO_REQUEST, ICMP6_ECHO_REPLY))
		return false;
	ip6->ip6_hlim = HOPS;
	swap(&ip6->ip6_src, &ip6->ip6_dst, sizeof(ip6->ip6_src));
	return true;
}

/* Turn the echo request of @len bytes at @at into its answer. False: it is none. */
static bool answer(unsigned char *at, uint32_t len)
{
	const unsigned char *end = at + len;
	struct ethhdr *eth = header(&at, end, sizeof(*eth));
	const uint16_t *tag;
	uint16_t proto;

	if (!eth || eth->h_dest[0] & 1) /* a group, or broadcast */
		return false;
	/* VLAN tags stay where they are. */
	for (proto = eth->h_proto; proto == htons(ETH_P_8021Q) || proto == htons(ETH_P_8021AD);
	     proto = tag[1]) {
		tag = header(&at, end, 2 * sizeof(*tag));
		if (!tag)
			return false;
	}
	if (!(proto == htons(ETH_P_IP) && answer_ipv4(at, end)) &&
	    !(proto == htons(ETH_P_IPV6) && answer_ipv6(at, end)))
		return false;
	swap(eth->h_dest, eth->h_source, ETH_ALEN);
	return true;
}

/* The four rings. Each frame is in one of them, or in use between two. */

/* Fill ring: the kernel may receive into the frame that @addr points into. */
static void fill_frame(struct server *s, uint64_t addr)
{
	uint32_t at;

	/* Ask for one entry; at: which it is. */
	if (!xsk_ring_prod__reserve(&s->fill, 1, &at))
		return; /* cannot be, see RING_SIZE */
	/* What comes back is the packet's address; a frame is named by where it begins. */
	*xsk_ring_prod__fill_addr(&s->fill, at) = addr & ~(uint64_t)(FRAME_SIZE - 1);
	/* It is written: now the kernel may read it. */
	xsk_ring_prod__submit(&s->fill, 1);
}

/* TX ring: the kernel shall send this packet, when wake_sender() calls it. */
static void send_frame(struct server *s, uint64_t addr, uint32_t len)
{
	uint32_t at;

	/* As above, with an entry that has an address and a length. */
	if (!xsk_ring_prod__reserve(&s->tx, 1, &at))
		return;
	*xsk_ring_prod__tx_desc(&s->tx, at) = (struct xdp_desc){ .addr = addr, .len = len };
	xsk_ring_prod__submit(&s->tx, 1);
}

/* RX ring: packets that have come. Each frame goes on to the TX ring, or back to the fill ring. */
static void receive(struct server *s)
{
	const struct xdp_desc *desc;
	uint32_t n, i, at = 0;

	/* How many entries there are; at: the first of them. */
	n = xsk_ring_cons__peek(&s->rx, BATCH, &at);
	for (i = 0; i < n; i++) {
		desc = xsk_ring_cons__rx_desc(&s->rx, at + i);
		/* From the address, an offset into the area, to a pointer. */
		if (answer(xsk_umem__get_data(s->area, desc->addr), desc->len))
			send_frame(s, desc->addr, desc->len);
		else
			fill_frame(s, desc->addr);
	}
	/* We have read these entries: the kernel may write them again. */
	xsk_ring_cons__release(&s->rx, n);
}

/* Completion ring: frames that were sent. They go to the fill ring. */
static void complete(struct server *s)
{
	uint32_t n, i, at = 0;

	/* As in receive(), with entries that hold an address only. */
	n = xsk_ring_cons__peek(&s->comp, RING_SIZE, &at);
	for (i = 0; i < n; i++)
		fill_frame(s, *xsk_ring_cons__comp_addr(&s->comp, at + i));
	xsk_ring_cons__release(&s->comp, n);
}

/* Entries of the TX ring that the kernel has not taken: all but the free ones. */
static uint32_t unsent(struct server *s)
{
	return RING_SIZE - xsk_prod_nb_free(&s->tx, RING_SIZE);
}

/* Make the kernel send. In copy mode it sends within this call only, up to 32 frames. */
static int wake_sender(struct server *s)
{
	uint32_t left = unsent(s), before;

	do {
		before = left;
		/* These pass: call again; the device dropped one; no memory; set down. */
		if (sendto(xsk_socket__fd(s->xsk), NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 &&
		    errno != EAGAIN && errno != EBUSY && errno != ENOBUFS && errno != ENETDOWN)
			return -errno;
		left = unsent(s);
	} while (left && left < before);
	return 0;
}

/* Setup, the loop, and the way back. These return 0 or the exit status. */

static int open_socket(struct server *s)
{
	const struct xsk_umem_config umem_config = {
		.fill_size = RING_SIZE,
		.comp_size = RING_SIZE,
		.frame_size = FRAME_SIZE,
	};
	const struct xsk_socket_config config = {
		.rx_size = RING_SIZE,
		.tx_size = RING_SIZE,
		/* Without libxdp's own program, which takes every packet. */
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		/* Zero-copy if the driver has it; the rings say when a wakeup is needed. */
		.bind_flags = XDP_USE_NEED_WAKEUP,
	};
	int err, tries = 0;
	uint64_t i;

	s->area = mmap(NULL, FRAMES * FRAME_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (s->area == MAP_FAILED)
		return fail(FAILED, "cannot get memory for frames: %s\n", strerror(errno));
	/* Register the memory as a UMEM, and make the fill and the completion ring. */
	err = xsk_umem__create(&s->umem, s->area, FRAMES * FRAME_SIZE, &s->fill, &s->comp,
			       &umem_config);
	if (err)
		return fail(err == -EAFNOSUPPORT ? NO_AF_XDP : FAILED,
			    "cannot register memory for AF_XDP: %s\n", strerror(-err));
	/* Make the RX and the TX ring, and bind to the queue: busy for 20 ms after others. */
	do
		err = xsk_socket__create(&s->xsk, s->ifname, s->queue, s->umem, &s->rx, &s->tx,
					 &config);
	while (err == -EBUSY && tries++ < 50 && !usleep(10000));
	if (err)
		return fail(err == -EINVAL ? BAD_ARGUMENT : CANNOT_ATTACH,
			    "cannot bind to queue %u of '%s': %s\n", s->queue, s->ifname,
			    err == -EINVAL ? "there is no such queue" :
			    err == -EBUSY  ? "another AF_XDP socket has it" :
					     strerror(-err));
	/* Give the kernel all frames before the first packet comes. */
	for (i = 0; i < FRAMES; i++)
		fill_frame(s, i * FRAME_SIZE);
	return 0;
}

static int attach_program(struct server *s)
{
	char exe[PATH_MAX] = "", path[PATH_MAX + sizeof(OBJECT)] = OBJECT;
	struct bpf_map *xsks_map, *queue_map;
	struct bpf_program *prog;

	/* In the current folder, else beside this command. */
	if (access(OBJECT, R_OK) && readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0)
		snprintf(path, sizeof(path), "%s/" OBJECT, dirname(exe));
	s->obj = bpf_object__open_file(path, NULL);
	if (!s->obj)
		return fail(BAD_OBJECT, "cannot open '%s': %s\n", path, strerror(errno));
	prog = bpf_object__find_program_by_name(s->obj, PROGRAM);
	xsks_map = bpf_object__find_map_by_name(s->obj, "xsks_map");
	queue_map = bpf_object__find_map_by_name(s->obj, "xdp_queue_map");
	/* Entries for queues up to ours; packets of higher ones pass. */
	if (!prog || !xsks_map || !queue_map || bpf_map__set_max_entries(xsks_map, s->queue + 1) ||
	    bpf_map__set_max_entries(queue_map, s->queue + 1) || bpf_object__load(s->obj))
		return fail(BAD_OBJECT, "cannot load '%s': %s\n", path, strerror(errno));
	/* Enter the socket in the map, under the number of its queue. */
	if (xsk_socket__update_xskmap(s->xsk, bpf_map__fd(xsks_map)))
		return fail(BAD_OBJECT, "cannot change 'xsks_map': %s\n", strerror(errno));
	/* By a link: the program is detached when this process ends, however it ends. */
	s->link = bpf_program__attach_xdp(prog, (int)if_nametoindex(s->ifname));
	if (!s->link)
		return fail(CANNOT_ATTACH, "cannot attach '%s' to '%s': %s\n", PROGRAM, s->ifname,
			    errno == EBUSY || errno == EEXIST ? "it has another XDP program" :
								strerror(errno));
	return 0;
}

/* Answer until a signal can be read from @signals. */
static int serve(struct server *s, int signals)
{
	struct pollfd wait[] = {
		{ .fd = xsk_socket__fd(s->xsk), .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	int err = 0;

	fprintf(stderr,
		"note: attached '%s' to '%s': answering echo requests on queue %u; "
		"Ctrl-C ends it\n",
		PROGRAM, s->ifname, s->queue);
	while (!err) {
		/*
		 * Sleep until a packet comes, or 1 ms if the device had no room for all.
		 * This also wakes a driver that waits for the fill ring.
		 */
		poll(wait, 2, unsent(s) ? 1 : 1000);
		if (wait[1].revents)
			return 0;
		receive(s);
		/* Without packets too: poll() does not see that the interface is gone. */
		if (wait[0].revents != POLLIN || xsk_ring_prod__needs_wakeup(&s->tx))
			err = wake_sender(s);
		complete(s);
	}
	return fail(FAILED, "cannot go on with '%s': %s\n", s->ifname,
		    err == -ENXIO ? "the interface is gone" : strerror(-err));
}

/* In reverse order. What was not made is NULL, which is fine. */
static void undo(struct server *s)
{
	if (!bpf_link__destroy(s->link) && s->link) /* detaches the program */
		fprintf(stderr, "note: detached '%s' from '%s'\n", PROGRAM, s->ifname);
	bpf_object__close(s->obj);
	xsk_socket__delete(s->xsk); /* unmaps the rings, frees the queue */
	xsk_umem__delete(s->umem);
	if (s->area && s->area != MAP_FAILED)
		munmap(s->area, FRAMES * FRAME_SIZE);
}

int main(int argc, char **argv)
{
	/* Zeros, above all in the rings: libxdp goes on counting from what is there. */
	struct server s = { 0 };
	unsigned long queue;
	int signals, status;
	sigset_t set;
	char *end;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return printf("usage: af_xdp_bare_user IFNAME QUEUE\n\n"
			      "Answer the echo requests that come in on one receive queue of an\n"
			      "interface, through an AF_XDP socket, until a signal ends it.\n") < 0;
	if (argc != 3)
		return fail(BAD_ARGUMENT, "usage: af_xdp_bare_user IFNAME QUEUE\n");
	s.ifname = argv[1];
	if (!if_nametoindex(s.ifname))
		return fail(BAD_ARGUMENT, "bad value '%s' for IFNAME: no such interface\n",
			    s.ifname);
	queue = strtoul(argv[2], &end, 10);
	if (!isdigit((unsigned char)*argv[2]) || *end || queue > USHRT_MAX)
		return fail(BAD_ARGUMENT, "bad value '%s' for QUEUE: not a number from 0 on\n",
			    argv[2]);
	s.queue = (unsigned int)queue;

	/* From here on signals wait for serve(), and interrupt nothing. */
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (signals < 0)
		return fail(FAILED, "cannot make a signalfd: %s\n", strerror(errno));

	/* No messages of libbpf. Remove this line to see why the verifier refuses a program. */
	libbpf_set_print(NULL);
	status = open_socket(&s);
	if (!status)
		status = attach_program(&s);
	if (!status)
		status = serve(&s, signals);
	undo(&s);
	close(signals);
	return status;
}
