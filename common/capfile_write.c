// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Writing files of captured packets. Both formats begin with a magic number
 * that tells the byte order: everything goes out as this machine has it.
 *	pcap:   draft-ietf-opsawg-pcap, pcap-savefile(5)
 *	pcapng: draft-ietf-opsawg-pcapng, a file of blocks
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capfile.h"
#include "log.h"

#define NS_PER_SECOND 1000000000ULL
#define LINK_TYPE_ETHERNET 1

struct capfile_writer {
	FILE *file;
	bool pcapng;
	bool failed; /* and has said so */
	char path[]; /* for messages */
};

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

/* Each block of a pcapng file has its length again at its end. */
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
	__u16 resolution_code, resolution_len;
	__u8 resolution[4]; /* 10 to the minus this, padded */
	__u32 end_of_options;
	__u32 len_again;
};
#define PCAPNG_INTERFACE 1
#define PCAPNG_RESOLUTION 9

struct pcapng_packet {
	__u32 type, len;
	__u32 interface;
	__u32 time_upper, time_lower;
	__u32 packet_len, orig_len;
};
#define PCAPNG_PACKET 6

/* What follows the bytes of a packet. */
struct pcapng_verdict {
	__u16 code, option_len;
	__u8 value[12]; /* whose verdict, then 64 bits of it, padded */
	__u32 end_of_options;
	__u32 len_again;
};
#define PCAPNG_VERDICT 7
#define PCAPNG_VERDICT_LEN 9
#define PCAPNG_VERDICT_XDP 2

static int fail(struct capfile_writer *writer)
{
	if (!writer->failed)
		pr_err("cannot write '%s': %s", writer->path,
		       strerror(errno ? errno : EIO));
	writer->failed = true;
	return -EIO;
}

static int put(struct capfile_writer *writer, const void *data, size_t len)
{
	errno = 0;
	return fwrite(data, 1, len, writer->file) == len ? 0 : fail(writer);
}

static int put_pcap_header(struct capfile_writer *writer)
{
	const struct pcap_header header = {
		.magic = PCAP_MAGIC_NS,
		.major = 2,
		.minor = 4,
		.snaplen = CAPFILE_SNAPLEN,
		.link_type = LINK_TYPE_ETHERNET,
	};

	return put(writer, &header, sizeof(header));
}

static int put_pcapng_header(struct capfile_writer *writer)
{
	const struct pcapng_section section = {
		.type = PCAPNG_SECTION,
		.len = sizeof(section),
		.magic = PCAPNG_MAGIC,
		.major = 1,
		.bytes = { 0xffffffff, 0xffffffff },
		.len_again = sizeof(section),
	};
	const struct pcapng_interface interface = {
		.type = PCAPNG_INTERFACE,
		.len = sizeof(interface),
		.link_type = LINK_TYPE_ETHERNET,
		.snaplen = CAPFILE_SNAPLEN,
		.resolution_code = PCAPNG_RESOLUTION,
		.resolution_len = 1,
		.resolution = { 9 },
		.len_again = sizeof(interface),
	};
	int err = put(writer, &section, sizeof(section));

	return err ? err : put(writer, &interface, sizeof(interface));
}

static int put_pcap(struct capfile_writer *writer,
		    const struct capfile_packet *packet)
{
	const struct pcap_record record = {
		.seconds = (__u32)(packet->time / NS_PER_SECOND),
		.ns = (__u32)(packet->time % NS_PER_SECOND),
		.len = packet->len,
		.orig_len = packet->orig_len,
	};
	int err = put(writer, &record, sizeof(record));

	return err ? err : put(writer, packet->data, packet->len);
}

static int put_pcapng(struct capfile_writer *writer,
		      const struct capfile_packet *packet, __u64 verdict)
{
	static const char zeros[4];
	__u32 padding = -packet->len % 4;
	struct pcapng_verdict end = {
		.code = PCAPNG_VERDICT,
		.option_len = PCAPNG_VERDICT_LEN,
		.value = { PCAPNG_VERDICT_XDP },
	};
	const struct pcapng_packet begin = {
		.type = PCAPNG_PACKET,
		.len = (__u32)(sizeof(begin) + sizeof(end)) + packet->len +
		       padding,
		.time_upper = (__u32)(packet->time >> 32),
		.time_lower = (__u32)packet->time,
		.packet_len = packet->len,
		.orig_len = packet->orig_len,
	};
	int err = put(writer, &begin, sizeof(begin));

	memcpy(&end.value[1], &verdict, sizeof(verdict));
	end.len_again = begin.len;
	if (!err)
		err = put(writer, packet->data, packet->len);
	if (!err)
		err = put(writer, zeros, padding);
	return err ? err : put(writer, &end, sizeof(end));
}

static bool ends_with(const char *path, const char *ending)
{
	size_t len = strlen(path), ending_len = strlen(ending);

	return len > ending_len && !strcasecmp(path + len - ending_len, ending);
}

bool capfile_knows(const char *path)
{
	return ends_with(path, ".pcapng") || ends_with(path, ".pcap") ||
	       ends_with(path, ".cap");
}

struct capfile_writer *capfile_create(const char *path)
{
	struct capfile_writer *writer;

	writer = calloc(1, sizeof(*writer) + strlen(path) + 1);
	if (writer)
		writer->file = fopen(path, "we");
	if (!writer || !writer->file) {
		pr_err("cannot write '%s': %s", path, strerror(errno));
		free(writer);
		return NULL;
	}
	strcpy(writer->path, path);
	writer->pcapng = ends_with(path, ".pcapng");
	if (writer->pcapng ? put_pcapng_header(writer) :
			     put_pcap_header(writer)) {
		capfile_finish(writer);
		return NULL;
	}
	return writer;
}

int capfile_write(struct capfile_writer *writer,
		  const struct capfile_packet *packet, __u32 verdict)
{
	if (writer->failed)
		return -EIO;
	return writer->pcapng ? put_pcapng(writer, packet, verdict) :
				put_pcap(writer, packet);
}

int capfile_finish(struct capfile_writer *writer)
{
	int err;

	if (!writer)
		return 0;
	errno = 0;
	if (fclose(writer->file))
		fail(writer);
	err = writer->failed ? -EIO : 0;
	free(writer);
	return err;
}
