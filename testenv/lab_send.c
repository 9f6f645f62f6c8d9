// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Sending packets of the caller's choice from a lab's inner end, through a packet
 * socket: the bytes leave as they are made here, with all lengths and checksums
 * right. A length is that of the frame as the outer end sees it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "exit_status.h"
#include "lab.h"
#include "netif.h"
#include "packets/packet.h"

#define TAG_LEN 4
#define TAGS_MAX 16
#define BODY_MAX (65535 - 20) /* behind an IPv4 header */
#define FRAME_MAX (65535 + ETH_HLEN + TAG_LEN)
#define SIZE 64 /* by default */
#define SIZE_FRAGMENTS 200
#define COUNT_MAX 1000000
#define HOPS 64

/* A bad value: one line. */
#define bad(...) (pr_err(__VA_ARGS__), -EINVAL)

static const struct kind {
	const char *name;
	uint8_t protocol, protocol6; /* 0: it is no IP */
	size_t head; /* in front of the data */
	bool ports;
	const char *options; /* the letters of those it has */
} kinds[] = {
	{ "udp", IPPROTO_UDP, IPPROTO_UDP, PACKET_UDP_HEAD, true, "zvcdspqf46" },
	{ "tcp", IPPROTO_TCP, IPPROTO_TCP, sizeof(struct tcphdr), true, "zvcdspqf46" },
	{ "icmp", IPPROTO_ICMP, IPPROTO_ICMPV6, PACKET_ECHO_HEAD, false, "zvcdsf46" },
	{ "raw", 0, 0, 0, false, "zvcdt" },
};

static const struct option long_options[] = {
	{ "size", required_argument, NULL, 'z' },  { "vlan", required_argument, NULL, 'v' },
	{ "count", required_argument, NULL, 'c' }, { "dst", required_argument, NULL, 'd' },
	{ "src", required_argument, NULL, 's' },   { "sport", required_argument, NULL, 'p' },
	{ "dport", required_argument, NULL, 'q' }, { "type", required_argument, NULL, 't' },
	{ "fragment", no_argument, NULL, 'f' },	   { NULL, 0, NULL, 0 },
};

/* The lab, as testenv.sh knows it. */
struct lab {
	struct netif dev;
	struct netif_mac mac, peer_mac;
	unsigned int vlan; /* its programs put it in front of all tags; 0: none */
	struct netif_addr own[2], peer[2]; /* of IPv4, of IPv6; family 0: it has none */
	int mtu;
};

struct packets {
	const struct kind *kind;
	int family; /* 0 as long as nothing says which */
	const char *size_text; /* its range is known last */
	unsigned int size, count, sport, dport, type;
	unsigned int tags[TAGS_MAX];
	unsigned int n_tags;
	bool fragment;
	const char *dst_text;
	struct packet_ends ends;
	size_t piece; /* bytes of the body in a frame */
	unsigned int sent_frames;
	unsigned char body[BODY_MAX]; /* what IP carries, or the EtherType */
};

static size_t round8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static int read_number(const char *option, const char *text, unsigned long min, unsigned long max,
		       unsigned int *number)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno || value < min || value > max)
		return bad("cannot use '%s' for --%s: not a number from %lu to %lu", text, option,
			   min, max);
	*number = (unsigned int)value;
	return 0;
}

static int read_tags(const char *list, struct packets *packets)
{
	char text[8];
	size_t len;
	int err;

	for (packets->n_tags = 0;; list += len + 1) {
		if (packets->n_tags == TAGS_MAX)
			return bad("cannot use more than %d VLAN tags", TAGS_MAX);
		len = strcspn(list, ",");
		snprintf(text, sizeof(text), "%.*s", (int)len, list);
		err = read_number("vlan", text, 0, 4094, &packets->tags[packets->n_tags++]);
		if (err || !list[len])
			return err;
	}
}

static int set_family(struct packets *packets, int family)
{
	if (packets->family && packets->family != family)
		return bad("cannot use IPv4 and IPv6 in one packet");
	packets->family = family;
	return 0;
}

static int read_addr(const char *option, const char *text, struct packets *packets,
		     struct netif_addr *addr)
{
	if (netif_parse_addr(text, addr))
		return bad("cannot use '%s' for --%s: not an IP address", text, option);
	return set_family(packets, addr->family);
}

static int read_option(int letter, const char *value, struct packets *packets)
{
	switch (letter) {
	case 'z':
		packets->size_text = value;
		return 0;
	case 'v':
		return read_tags(value, packets);
	case 'c':
		return read_number("count", value, 1, COUNT_MAX, &packets->count);
	case 'd':
		packets->dst_text = value;
		if (packets->kind->protocol)
			return read_addr("dst", value, packets, &packets->ends.dst);
		if (netif_parse_mac(value, &packets->ends.dst_mac))
			return bad("cannot use '%s' for --dst: not a MAC address", value);
		return 0;
	case 's':
		return read_addr("src", value, packets, &packets->ends.src);
	case 'p':
		return read_number("sport", value, 0, 65535, &packets->sport);
	case 'q':
		return read_number("dport", value, 0, 65535, &packets->dport);
	case 't':
		return read_number("type", value, ETH_P_802_3_MIN, 65535, &packets->type);
	case 'f':
		packets->fragment = true;
		return 0;
	default:
		return set_family(packets, letter == '6' ? AF_INET6 : AF_INET);
	}
}

/* Words that are no options come as letter WORD, where they stand. */
#define WORD 1

static int next_option(int argc, char **argv)
{
	return getopt_long(argc, argv, "-:46", long_options, NULL);
}

static int read_kind(int argc, char **argv, struct packets *packets)
{
	int letter;
	size_t i;

	while ((letter = next_option(argc, argv)) != -1) {
		if (letter == ':')
			return bad("missing value for '%s'", argv[optind - 1]);
		if (letter == '?' && optopt == 'f')
			return bad("cannot give '--fragment' a value");
		if (letter == '?')
			return bad("unknown option '%s' (see testenv.sh help)", argv[optind - 1]);
		if (letter != WORD)
			continue;
		if (packets->kind)
			return bad("unknown argument '%s' (see testenv.sh help)", optarg);
		for (i = 0; i < ARRAY_LEN(kinds); i++)
			if (!strcmp(optarg, kinds[i].name))
				packets->kind = &kinds[i];
		if (!packets->kind)
			return bad("cannot send '%s': not udp, tcp, icmp or raw", optarg);
	}
	optind = 0; /* from the start again */
	if (!packets->kind)
		return bad("missing kind of packet (send udp, tcp, icmp or raw)");
	return 0;
}

/* The kind first, wherever it stands: it decides which options there are. */
static int read_words(int argc, char **argv, struct packets *packets)
{
	const char *word;
	int letter, err;

	opterr = 0;
	err = read_kind(argc, argv, packets);
	while (!err && (letter = next_option(argc, argv)) != -1) {
		if (letter == WORD)
			continue;
		word = argv[optind - 1 - (optarg == argv[optind - 1])];
		if (!strchr(packets->kind->options, letter))
			return bad("cannot use '%.*s' with %s", (int)strcspn(word, "="), word,
				   packets->kind->name);
		err = read_option(letter, optarg, packets);
	}
	return err;
}

/* Fill in what was not given: the lab's own. */
static int choose_ends(const struct lab *lab, struct packets *packets)
{
	struct packet_ends *ends = &packets->ends;
	int six;

	ends->src_mac = lab->mac;
	if (!packets->dst_text || packets->kind->protocol)
		ends->dst_mac = lab->peer_mac;
	if (!packets->kind->protocol)
		return 0;
	if (!packets->family)
		packets->family = lab->own[0].family ? AF_INET : AF_INET6;
	six = packets->family == AF_INET6;
	if (!lab->own[six].family)
		return bad("cannot send IPv%d: the lab has only IPv%d", six ? 6 : 4, six ? 4 : 6);
	if (!ends->src.family)
		ends->src = lab->own[six];
	if (!ends->dst.family)
		ends->dst = lab->peer[six];
	/* The last address of the lab's network is for all in it. */
	if (!mac_of_group(&ends->dst, &ends->dst_mac) && !six &&
	    ends->dst.v4.s_addr == (lab->own[0].v4.s_addr | htonl(0xff)))
		memset(&ends->dst_mac, 0xff, sizeof(ends->dst_mac));
	return 0;
}

static size_t ip_head(const struct packets *packets)
{
	if (!packets->kind->protocol)
		return 0;
	return packets->family == AF_INET6 ? sizeof(struct ip6_hdr) : sizeof(struct iphdr);
}

/* Set the sizes of the frame, the body and its pieces, as far as the MTU has room. */
static int choose_size(const struct lab *lab, struct packets *packets)
{
	size_t all_tags = TAG_LEN * (packets->n_tags + !!lab->vlan);
	size_t head = packets->kind->head, over = ETH_HLEN + all_tags + ip_head(packets);
	size_t min = over + head, max, room, body, pieces;

	/* One tag of 802.1Q is not counted by the kernel. */
	max = lab->mtu + ETH_HLEN + (lab->vlan || packets->n_tags == 1 ? TAG_LEN : 0);
	if (max < min)
		return bad("cannot send %s with %u VLAN tags: the MTU is %d", packets->kind->name,
			   packets->n_tags, lab->mtu);
	room = max - over;
	packets->size = SIZE;
	if (packets->fragment) {
		if (packets->family == AF_INET6)
			room -= room < sizeof(struct ip6_frag) ? room : sizeof(struct ip6_frag);
		room &= ~(size_t)7;
		if (room < round8(head))
			return bad("cannot send fragments: the MTU is %d", lab->mtu);
		min = over + round8(head) + 1; /* two parts, the header in the first */
		max = over + BODY_MAX;
		packets->size = SIZE_FRAGMENTS;
	}
	if (packets->size < min)
		packets->size = (unsigned int)min;
	if (packets->size_text && read_number("size", packets->size_text, min, max, &packets->size))
		return -EINVAL;
	body = packets->size - over;
	packets->piece = body;
	if (packets->fragment) {
		pieces = (body + room - 1) / room;
		if (pieces < 2)
			pieces = 2;
		packets->piece = round8((body + pieces - 1) / pieces);
		if (packets->piece < round8(head))
			packets->piece = round8(head);
	}
	return 0;
}

/* A request for a connection, without options; the data is there already. (RFC 9293) */
static void put_tcp(void *at, const struct packets *packets, size_t len)
{
	struct tcphdr tcp = {
		.source = htons((uint16_t)packets->sport),
		.dest = htons((uint16_t)packets->dport),
		.seq = htonl(1),
		.doff = sizeof(tcp) / 4,
		.syn = 1,
		.window = htons(65535),
	};
	uint64_t sum = packet_pseudo_sum(&packets->ends, IPPROTO_TCP, len);

	memcpy(at, &tcp, sizeof(tcp));
	tcp.check = packet_fold(packet_sum(at, len, sum));
	memcpy(at, &tcp, sizeof(tcp));
}

/* The @nth body, of @len bytes. */
static void put_body(struct packets *packets, unsigned int nth, size_t len)
{
	const struct kind *kind = packets->kind;
	size_t i, data = len - kind->head;

	for (i = 0; i < data; i++)
		packets->body[kind->head + i] = (unsigned char)i;
	if (kind->protocol == IPPROTO_UDP)
		packet_put_udp(packets->body, &packets->ends, (uint16_t)packets->sport,
			       (uint16_t)packets->dport, data);
	else if (kind->protocol == IPPROTO_TCP)
		put_tcp(packets->body, packets, len);
	else if (kind->protocol == IPPROTO_ICMP)
		packet_put_echo(packets->body, &packets->ends, 1, (uint16_t)nth, data);
}

/* MAC addresses, tags, EtherType. Of several tags, all but the last are of 802.1ad. */
static size_t put_eth(unsigned char *at, const struct packets *packets)
{
	size_t len = 2 * ETH_ALEN;
	uint16_t word[2];
	unsigned int i;

	memcpy(at, &packets->ends.dst_mac, ETH_ALEN);
	memcpy(at + ETH_ALEN, &packets->ends.src_mac, ETH_ALEN);
	for (i = 0; i < packets->n_tags; i++, len += sizeof(word)) {
		word[0] = htons(i + 1 < packets->n_tags ? ETH_P_8021AD : ETH_P_8021Q);
		word[1] = htons((uint16_t)packets->tags[i]);
		memcpy(at + len, word, sizeof(word));
	}
	word[0] = htons((uint16_t)packets->type);
	memcpy(at + len, word, sizeof(word[0]));
	return len + sizeof(word[0]);
}

/* Write the headers of a datagram, or of a part of one, in front of @len bytes. */
static size_t put_ip(unsigned char *at, const struct packets *packets, unsigned int id,
		     size_t offset, size_t len, bool more)
{
	bool six = packets->family == AF_INET6;
	uint8_t protocol = six ? packets->kind->protocol6 : packets->kind->protocol;
	struct ip6_frag part = {
		.ip6f_nxt = protocol,
		.ip6f_offlg = htons((uint16_t)offset) | (more ? IP6F_MORE_FRAG : 0),
		.ip6f_ident = htonl(id),
	};
	struct iphdr ip;
	size_t head;

	if (!packets->fragment)
		return packet_put_ip(at, &packets->ends, protocol, HOPS, len);
	if (six) {
		head = packet_put_ip(at, &packets->ends, IPPROTO_FRAGMENT, HOPS,
				     sizeof(part) + len);
		memcpy(at + head, &part, sizeof(part));
		return head + sizeof(part);
	}
	head = packet_put_ip(at, &packets->ends, protocol, HOPS, len);
	memcpy(&ip, at, sizeof(ip));
	ip.id = htons((uint16_t)id);
	ip.frag_off = htons((uint16_t)(offset / 8) | (more ? IP_MF : 0));
	ip.check = 0;
	ip.check = packet_fold(packet_sum(&ip, sizeof(ip), 0));
	memcpy(at, &ip, sizeof(ip));
	return head;
}

static int send_packet(int fd, const struct lab *lab, struct packets *packets, unsigned int nth)
{
	size_t body = packets->size - ETH_HLEN - TAG_LEN * (packets->n_tags + !!lab->vlan) -
		      ip_head(packets);
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = lab->dev.index };
	unsigned char frame[FRAME_MAX];
	size_t offset, piece, len;

	put_body(packets, nth, body);
	for (offset = 0; !offset || offset < body; offset += piece) {
		piece = body - offset < packets->piece ? body - offset : packets->piece;
		len = put_eth(frame, packets);
		if (packets->kind->protocol)
			/* Parts of two runs must not make one datagram. */
			len += put_ip(frame + len, packets, (unsigned int)getpid() + nth, offset,
				      piece, offset + piece < body);
		memcpy(frame + len, packets->body + offset, piece);
		if (sendto(fd, frame, len + piece, 0, (void *)&to, sizeof(to)) < 0)
			return lab_fail(-errno, "send to", lab->dev.name);
		packets->sent_frames++;
		if (!piece)
			break; /* headers alone */
	}
	return 0;
}

static const char *end_text(const struct packets *packets, const struct netif_addr *addr,
			    unsigned int port, char *text, size_t size)
{
	const char *form = packets->family == AF_INET6 ? "[%s]:%u" : "%s:%u";
	char host[ADDR_TEXT];

	addr_to_str(addr, host);
	if (packets->kind->ports)
		snprintf(text, size, form, host, port);
	else
		snprintf(text, size, "%s", host);
	return text;
}

static void print_sent(const struct lab *lab, const struct packets *packets)
{
	const struct packet_ends *ends = &packets->ends;
	char src[64], dst[64], mac[MAC_TEXT], mac2[MAC_TEXT];
	const char *separator = ", VLAN ";
	unsigned int i;

	printf("sent %u packet%s", packets->count, packets->count == 1 ? "" : "s");
	if (packets->fragment)
		printf(" in %u fragments", packets->sent_frames);
	printf(": %s ", packets->kind->name);
	mac_to_str(ends->dst_mac.addr, mac);
	if (packets->kind->protocol) {
		printf("%s > %s", end_text(packets, &ends->src, packets->sport, src, sizeof(src)),
		       end_text(packets, &ends->dst, packets->dport, dst, sizeof(dst)));
		if (mac_is_group(&ends->dst_mac))
			printf(" (%s)", mac);
	} else {
		printf("%s > %s, EtherType 0x%04x", mac_to_str(ends->src_mac.addr, mac2), mac,
		       packets->type);
	}
	printf(", %u bytes", packets->size);
	if (lab->vlan) {
		printf("%s%u", separator, lab->vlan);
		separator = ", ";
	}
	for (i = 0; i < packets->n_tags; i++, separator = ", ")
		printf("%s%u", separator, packets->tags[i]);
	printf("\n");
}

/* "IFNAME PEER_MAC VLAN OWN_IPV4 PEER_IPV4 OWN_IPV6 PEER_IPV6", a "-" for none */
static int read_lab(char **args, struct lab *lab)
{
	int i;

	if (netif_find(args[0], &lab->dev))
		return lab_fail(-ENODEV, "find interface", args[0]);
	lab->mtu = netif_mtu(&lab->dev);
	if (lab->mtu < 0 || netif_mac(&lab->dev, &lab->mac))
		return lab_fail(-EIO, "ask for the MTU and MAC address of", args[0]);
	lab->vlan = (unsigned int)strtoul(args[2], NULL, 10);
	if (netif_parse_mac(args[1], &lab->peer_mac))
		return lab_fail(-EINVAL, "read", args[1]);
	for (i = 0; i < 2; i++) {
		netif_parse_addr(args[3 + 2 * i], &lab->own[i]);
		netif_parse_addr(args[4 + 2 * i], &lab->peer[i]);
	}
	return 0;
}

int lab_send(char **args)
{
	struct packets packets = { .count = 1, .sport = 1024, .dport = 9, .type = 0x88b5 };
	struct lab lab = { 0 };
	unsigned int i;
	int argc, fd, err;

	err = read_lab(args, &lab);
	if (err)
		return err;
	args += 6; /* the last of them is where a command has its name */
	for (argc = 0; args[argc]; argc++)
		;
	if (read_words(argc, args, &packets) || choose_ends(&lab, &packets) ||
	    choose_size(&lab, &packets))
		return EXIT_FAIL_OPTION;
	if (packets.kind->protocol)
		packets.type = packets.family == AF_INET6 ? ETH_P_IPV6 : ETH_P_IP;
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return lab_fail(-errno, "open a packet socket for", args[0]);
	for (i = 1; !err && i <= packets.count; i++)
		err = send_packet(fd, &lab, &packets, i);
	close(fd);
	if (err)
		return err;
	print_sent(&lab, &packets);
	return output_flush();
}
