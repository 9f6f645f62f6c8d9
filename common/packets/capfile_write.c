// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Writing capture files: the bytes of both formats, and how they reach a file or
 * a pipe. Each file begins with a magic number that shows the byte order, so all
 * numbers are written in this machine's.
 *	pcap:   draft-ietf-opsawg-pcap, pcap-savefile(5)
 *	pcapng: draft-ietf-opsawg-pcapng, a file of blocks
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "packets/capfile.h"
#include "signals.h"

#define NS_PER_SECOND 1000000000ULL
#define LINK_TYPE_ETHERNET 1
#define TEXT_MAX 255 /* bytes of a name */
#define APPEND_MAX (CAPFILE_SNAPLEN + 4096) /* no packet or header is longer */
#define NEW_FILE (O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
#define KEEP (1U << 17) /* bytes before they are written unasked */
#define CACHED (4 << 20) /* written bytes that stay in memory */
#define PIPE_CHUNK 4096 /* a pipe that is ready accepts as much (PIPE_BUF) */
#define PIPE_WAIT_MS 100

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

/* Bytes to be written; there is room for APPEND_MAX more. */
struct bytes {
	unsigned char *data;
	size_t len;
};

static void put(struct bytes *to, const void *data, size_t len)
{
	memcpy(to->data + to->len, data, len);
	to->len += len;
}

/* Zeros up to a multiple of four. */
static void pad(struct bytes *to, size_t len)
{
	static const char zeros[4];

	put(to, zeros, -len % 4);
}

static void put_option(struct bytes *to, __u16 code, const void *value, size_t len)
{
	const __u16 head[] = { code, (__u16)len };

	put(to, head, sizeof(head));
	put(to, value, len);
	pad(to, len);
}

static void put_text(struct bytes *to, __u16 code, const char *text)
{
	if (text)
		put_option(to, code, text, strnlen(text, TEXT_MAX));
}

/* The block that began at @begin is complete, but for its length. */
static void end_block(struct bytes *to, size_t begin)
{
	__u32 len = (__u32)(to->len - begin + sizeof(len));

	put(to, &len, sizeof(len));
	memcpy(to->data + begin + sizeof(__u32), &len, sizeof(len));
}

static void end_options(struct bytes *to)
{
	const __u32 end = 0;

	put(to, &end, sizeof(end));
}

static void put_pcap_header(struct bytes *to, const struct capfile_setup *setup)
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

static void put_interface(struct bytes *to, const struct capfile_interface *interface,
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

static void put_pcapng_header(struct bytes *to, const struct capfile_setup *setup)
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

static void put_pcap(struct bytes *to, const struct capfile_packet *packet)
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

static void put_verdict(struct bytes *to, __u64 verdict)
{
	__u8 value[PCAPNG_VERDICT_LEN] = { PCAPNG_VERDICT_XDP };

	memcpy(&value[1], &verdict, sizeof(verdict));
	put_option(to, PCAPNG_VERDICT, value, sizeof(value));
}

static void put_pcapng(struct bytes *to, const struct capfile_packet *packet,
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

/*
 * The length of the item at @data: the beginning of a file (@first), or a
 * packet, as appended above.
 */
static size_t item_length(const unsigned char *data, bool pcapng, bool first)
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

struct capfile_writer {
	int fd;
	bool pcapng;
	bool file; /* and no pipe: a write does not wait */
	bool failed; /* the error line was printed */
	struct bytes kept;
	__u64 written;
	__u64 synced; /* of these, for which writing to the disk has begun */
	char path[]; /* for messages */
};

static int fail(struct capfile_writer *writer)
{
	if (!writer->failed)
		pr_err("cannot write '%s': %s", writer->path, strerror(errno ? errno : EIO));
	writer->failed = true;
	return -EIO;
}

static bool ends_with(const char *path, const char *ending)
{
	size_t len = strlen(path), ending_len = strlen(ending);

	return len > ending_len && !strcasecmp(path + len - ending_len, ending);
}

bool capfile_knows(const char *path)
{
	return ends_with(path, ".pcapng") || ends_with(path, ".pcap") || ends_with(path, ".cap");
}

static bool is_stdout(const char *path)
{
	return !strcmp(path, "-");
}

static void put_header(struct capfile_writer *writer, const struct capfile_setup *setup)
{
	if (writer->pcapng)
		put_pcapng_header(&writer->kept, setup);
	else
		put_pcap_header(&writer->kept, setup);
}

struct capfile_writer *capfile_create_stream(const char *path, const struct capfile_setup *setup)
{
	const char *name = is_stdout(path) ? "standard output" : path;
	struct capfile_writer *writer;
	struct stat status;

	writer = calloc(1, sizeof(*writer) + strlen(name) + 1);
	if (writer)
		writer->kept.data = malloc(KEEP + APPEND_MAX);
	if (!writer || !writer->kept.data)
		goto fail;
	if (is_stdout(path))
		writer->fd = dup(STDOUT_FILENO);
	else
		writer->fd = open(path, NEW_FILE, 0666);
	if (writer->fd < 0)
		goto fail;
	strcpy(writer->path, name);
	writer->pcapng = is_stdout(path) || ends_with(path, ".pcapng");
	writer->file = !fstat(writer->fd, &status) && S_ISREG(status.st_mode);
	put_header(writer, setup);
	return writer;

fail:
	pr_err("cannot write '%s': %s", name, strerror(errno));
	if (writer)
		free(writer->kept.data);
	free(writer);
	return NULL;
}

struct capfile_writer *capfile_create(const char *path)
{
	const struct capfile_setup setup = { .count = 1, .snaplen = CAPFILE_SNAPLEN };

	return capfile_create_stream(path, &setup);
}

/* Wait until a pipe has room. Returns 0, or -EINTR when a signal has come. */
static int wait_for_reader(const struct capfile_writer *writer)
{
	struct pollfd wait = { .fd = writer->fd, .events = POLLOUT };

	while (!poll(&wait, 1, PIPE_WAIT_MS))
		if (signals_pending())
			return -EINTR;
	return 0;
}

/* Whether the pipe's reader is gone; a write would fail, but only later. */
static bool is_unread(const struct capfile_writer *writer)
{
	struct pollfd now = { .fd = writer->fd };

	return !writer->file && poll(&now, 1, 0) > 0 && now.revents & POLLERR;
}

/* Of the first @done bytes kept, how many belong to whole packets. */
static size_t whole_packets(const struct capfile_writer *writer, size_t done)
{
	size_t at = 0, end = 0;

	while (end <= done) {
		at = end;
		end += item_length(writer->kept.data + at, writer->pcapng, !writer->written && !at);
	}
	return at;
}

/* Give up after @done bytes: no file is to end within a packet. */
static int give_up(struct capfile_writer *writer, size_t done)
{
	fail(writer);
	if (writer->file &&
	    ftruncate(writer->fd, (off_t)(writer->written + whole_packets(writer, done))))
		pr_warn("'%s' ends within a packet", writer->path);
	return -EIO;
}

static int interrupt(struct capfile_writer *writer)
{
	pr_warn("interrupted: nobody reads '%s'", writer->path);
	writer->failed = true;
	return -EIO;
}

/*
 * Have the kernel begin to write to the disk, and drop from its page cache what
 * is there already: new memory costs more than copying into it. Either may fail
 * without harm.
 */
static void limit_cache(struct capfile_writer *writer)
{
	__u64 len = writer->written - writer->synced;

	if (!writer->file || len < CACHED / 4)
		return;
	sync_file_range(writer->fd, (off_t)writer->synced, (off_t)len, SYNC_FILE_RANGE_WRITE);
	len = writer->synced > CACHED ? writer->synced - CACHED : 0;
	if (len)
		posix_fadvise(writer->fd, 0, (off_t)len, POSIX_FADV_DONTNEED);
	writer->synced = writer->written;
}

int capfile_flush(struct capfile_writer *writer)
{
	size_t done = 0, len;
	ssize_t n;

	if (writer->failed)
		return -EIO;
	if (!writer->kept.len && is_unread(writer)) {
		errno = EPIPE;
		return fail(writer);
	}
	while (done < writer->kept.len) {
		if (!writer->file && wait_for_reader(writer))
			return interrupt(writer);
		len = writer->kept.len - done;
		if (!writer->file && len > PIPE_CHUNK)
			len = PIPE_CHUNK;
		n = write(writer->fd, writer->kept.data + done, len);
		if (n < 0 && errno != EINTR)
			return give_up(writer, done);
		done += n > 0 ? (size_t)n : 0;
	}
	writer->written += done;
	limit_cache(writer);
	writer->kept.len = 0;
	return 0;
}

int capfile_write_note(struct capfile_writer *writer, const struct capfile_packet *packet,
		       const struct capfile_note *note)
{
	if (writer->failed)
		return -EIO;
	if (writer->pcapng)
		put_pcapng(&writer->kept, packet, note);
	else
		put_pcap(&writer->kept, packet);
	return writer->kept.len < KEEP ? 0 : capfile_flush(writer);
}

int capfile_write(struct capfile_writer *writer, const struct capfile_packet *packet, __u32 verdict)
{
	const struct capfile_note note = { .verdict = verdict, .queue = CAPFILE_UNKNOWN };

	return capfile_write_note(writer, packet, &note);
}

int capfile_finish(struct capfile_writer *writer)
{
	int err;

	if (!writer)
		return 0;
	capfile_flush(writer);
	errno = 0;
	if (close(writer->fd))
		fail(writer);
	err = writer->failed ? -EIO : 0;
	free(writer->kept.data);
	free(writer);
	return err;
}
