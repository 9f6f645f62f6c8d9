// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Both formats begin with a magic number that tells the byte order: everything
 * goes out as this machine has it.
 *	pcap:   draft-ietf-opsawg-pcap, pcap-savefile(5)
 *	pcapng: draft-ietf-opsawg-pcapng, a file of blocks
 */
#include <string.h>

#include "capfile_format.h"

#define NS_PER_SECOND 1000000000ULL
#define LINK_TYPE_ETHERNET 1
#define TEXT_MAX 255 /* bytes of a name */

struct pcap_header {
	__u32 magic;
	__u16 major, minor;
	__u32 reserved[2];
	__u32 snaplen;
	__u32 link_type;
};
#define PCAP_MAGIC_NS 0xa1b23c4d

struct pcap_record {
	__u32 seconds, ns;
	__u32 len, orig_len;
};

/* A block's length stands behind its type, and again at its end. */
struct pcapng_section {
	__u32 type, len;
	__u32 magic;
	__u16 major, minor;
	__u32 bytes[2]; /* of the whole section: all ones, not known */
	__u32 len_again;
};
#define PCAPNG_SECTION 0x0a0d0d0a
#define PCAPNG_MAGIC 0x1a2b3c4d

struct pcapng_interface {
	__u32 type, len;
	__u16 link_type, reserved;
	__u32 snaplen;
};
#define PCAPNG_INTERFACE 1

struct pcapng_packet {
	__u32 type, len;
	__u32 interface;
	__u32 time_upper, time_lower;
	__u32 packet_len, orig_len;
};
#define PCAPNG_PACKET 6

/* Options of blocks: of any, of an interface, of a packet. */
#define PCAPNG_COMMENT 1
#define PCAPNG_NAME 2
#define PCAPNG_DESCRIPTION 3
#define PCAPNG_RESOLUTION 9
#define PCAPNG_FLAGS 2 /* the lowest two bits are the direction */
#define PCAPNG_QUEUE 6
#define PCAPNG_VERDICT 7
#define PCAPNG_VERDICT_LEN 9 /* whose verdict, then 64 bits of it */
#define PCAPNG_VERDICT_XDP 2

static void put(struct capfile_bytes *to, const void *data, size_t len)
{
	memcpy(to->data + to->len, data, len);
	to->len += len;
}

/* Zeros up to a multiple of four. */
static void pad(struct capfile_bytes *to, size_t len)
{
	static const char zeros[4];

	put(to, zeros, -len % 4);
}

static void put_option(struct capfile_bytes *to, __u16 code, const void *value, size_t len)
{
	const __u16 head[] = { code, (__u16)len };

	put(to, head, sizeof(head));
	put(to, value, len);
	pad(to, len);
}

static void put_text(struct capfile_bytes *to, __u16 code, const char *text)
{
	if (text)
		put_option(to, code, text, strnlen(text, TEXT_MAX));
}

/* The block that began at @begin is complete, but for its length. */
static void end_block(struct capfile_bytes *to, size_t begin)
{
	__u32 len = (__u32)(to->len - begin + sizeof(len));

	put(to, &len, sizeof(len));
	memcpy(to->data + begin + sizeof(__u32), &len, sizeof(len));
}

static void end_options(struct capfile_bytes *to)
{
	const __u32 end = 0;

	put(to, &end, sizeof(end));
}

void capfile_put_pcap_header(struct capfile_bytes *to, const struct capfile_setup *setup)
{
	const struct pcap_header header = {
		.magic = PCAP_MAGIC_NS,
		.major = 2,
		.minor = 4,
		.snaplen = setup->snaplen,
		.link_type = LINK_TYPE_ETHERNET,
	};

	put(to, &header, sizeof(header));
}

static void put_interface(struct capfile_bytes *to, const struct capfile_interface *interface,
			  __u32 snaplen)
{
	const struct pcapng_interface begin = {
		.type = PCAPNG_INTERFACE,
		.link_type = LINK_TYPE_ETHERNET,
		.snaplen = snaplen,
	};
	const __u8 resolution = 9; /* 10 to the minus this */
	size_t at = to->len;

	put(to, &begin, sizeof(begin));
	put_text(to, PCAPNG_NAME, interface->name);
	put_text(to, PCAPNG_DESCRIPTION, interface->description);
	put_option(to, PCAPNG_RESOLUTION, &resolution, sizeof(resolution));
	end_options(to);
	end_block(to, at);
}

void capfile_put_pcapng_header(struct capfile_bytes *to, const struct capfile_setup *setup)
{
	const struct pcapng_section section = {
		.type = PCAPNG_SECTION,
		.len = sizeof(section),
		.magic = PCAPNG_MAGIC,
		.major = 1,
		.bytes = { 0xffffffff, 0xffffffff },
		.len_again = sizeof(section),
	};
	unsigned int i;

	put(to, &section, sizeof(section));
	for (i = 0; i < setup->count && i < CAPFILE_INTERFACES_MAX; i++)
		put_interface(to, &setup->interfaces[i], setup->snaplen);
}

static __u32 clipped(const struct capfile_packet *packet)
{
	return packet->len < CAPFILE_SNAPLEN ? packet->len : CAPFILE_SNAPLEN;
}

void capfile_put_pcap(struct capfile_bytes *to, const struct capfile_packet *packet)
{
	const struct pcap_record record = {
		.seconds = (__u32)(packet->time / NS_PER_SECOND),
		.ns = (__u32)(packet->time % NS_PER_SECOND),
		.len = clipped(packet),
		.orig_len = packet->orig_len,
	};

	put(to, &record, sizeof(record));
	put(to, packet->data, record.len);
}

static void put_verdict(struct capfile_bytes *to, __u64 verdict)
{
	__u8 value[PCAPNG_VERDICT_LEN] = { PCAPNG_VERDICT_XDP };

	memcpy(&value[1], &verdict, sizeof(verdict));
	put_option(to, PCAPNG_VERDICT, value, sizeof(value));
}

void capfile_put_pcapng(struct capfile_bytes *to, const struct capfile_packet *packet,
			const struct capfile_note *note)
{
	const struct pcapng_packet begin = {
		.type = PCAPNG_PACKET,
		.interface = note->interface,
		.time_upper = (__u32)(packet->time >> 32),
		.time_lower = (__u32)packet->time,
		.packet_len = clipped(packet),
		.orig_len = packet->orig_len,
	};
	const __u32 flags = note->direction;
	size_t at = to->len;

	put(to, &begin, sizeof(begin));
	put(to, packet->data, begin.packet_len);
	pad(to, begin.packet_len);
	put_text(to, PCAPNG_COMMENT, note->comment);
	if (flags)
		put_option(to, PCAPNG_FLAGS, &flags, sizeof(flags));
	if (note->queue != CAPFILE_UNKNOWN)
		put_option(to, PCAPNG_QUEUE, &note->queue, sizeof(__u32));
	if (note->verdict != CAPFILE_UNKNOWN)
		put_verdict(to, note->verdict);
	end_options(to);
	end_block(to, at);
}

size_t capfile_length(const unsigned char *data, bool pcapng, bool first)
{
	struct pcapng_packet block;
	struct pcap_record record;

	if (pcapng) {
		memcpy(&block, data, 2 * sizeof(__u32));
		return block.len;
	}
	memcpy(&record, data, sizeof(record));
	return first ? sizeof(struct pcap_header) : sizeof(record) + record.len;
}
