/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Capture files: pcap and pcapng, as tcpdump and Wireshark write and read them.
 * Files to be read may have either byte order, any snap length, micro- or
 * nanoseconds; the packets must be Ethernet frames. Written files have
 * nanoseconds and this machine's byte order.
 *
 * Reading (capfile_pcap.c) needs libpcap: a lesson that reads has
 * NEEDS := libpcap. Taught in testing01-prog-run. Writing (capfile_write.c) needs
 * no library; what a running capture adds is taught in tracing02-sample-pkts.
 */
#ifndef COMMON_CAPFILE_H
#define COMMON_CAPFILE_H

#include <stdbool.h>

#include <linux/types.h>

/* More bytes of a frame are never kept (as tcpdump has it). */
#define CAPFILE_SNAPLEN 262144

struct capfile_packet {
	__u64 time; /* nanoseconds since the epoch */
	__u32 len; /* bytes in the file */
	__u32 orig_len; /* bytes the packet had; more where it was clipped */
	const unsigned char *data; /* read: valid until the next one is */
};

struct capfile_reader;
struct capfile_writer;

/*
 * Open file @path ("-": standard input) for reading. Returns it, to be released
 * with capfile_close(); or NULL after one error line.
 */
struct capfile_reader *capfile_open(const char *path);

/*
 * Read the next packet. Returns 1; 0 at the end of the file; -EIO after one
 * error line when the file is broken there.
 */
int capfile_next(struct capfile_reader *reader, struct capfile_packet *packet);

/* Close it; NULL is nothing. */
void capfile_close(struct capfile_reader *reader);

/* Whether the ending of @path names a format: .pcapng, or .pcap and .cap. */
bool capfile_knows(const char *path);

/*
 * Make file @path, or empty it; its ending says the format (pcap unless it is
 * .pcapng). Returns it, to be released with capfile_finish(); or NULL after one
 * error line.
 */
struct capfile_writer *capfile_create(const char *path);

/*
 * Append @packet. A pcapng file also takes @verdict, of an XDP program, which
 * Wireshark shows. Returns 0, or -EIO after one error line.
 */
int capfile_write(struct capfile_writer *writer, const struct capfile_packet *packet,
		  __u32 verdict);

/*
 * Close it; NULL is nothing. Returns 0, or -EIO after one error line (which an
 * earlier error was, already) when not all of it arrived in the file.
 */
int capfile_finish(struct capfile_writer *writer);

/*
 * Files that a running capture writes, with more about each packet. Packets are
 * kept in memory until there are many of them, or until capfile_flush(): writing
 * them one by one costs more than everything else.
 */

#define CAPFILE_UNKNOWN (~0U) /* a verdict or a queue that is not known */
#define CAPFILE_INTERFACES_MAX 4

/* Where packets were captured; texts of 255 bytes at most, NULL for none. */
struct capfile_interface {
	const char *name;
	const char *description;
};

/* The beginning of a file; pcap has the snap length only. */
struct capfile_setup {
	struct capfile_interface interfaces[CAPFILE_INTERFACES_MAX];
	unsigned int count; /* of interfaces, one at least */
	__u32 snaplen;
};

enum capfile_direction {
	CAPFILE_ANY, /* not known */
	CAPFILE_INBOUND,
	CAPFILE_OUTBOUND,
};

/* What a pcapng file holds of a packet besides its bytes. */
struct capfile_note {
	unsigned int interface; /* its index in the setup */
	enum capfile_direction direction;
	__u32 queue; /* of the interface, or CAPFILE_UNKNOWN */
	__u32 verdict; /* of an XDP program, or CAPFILE_UNKNOWN */
	const char *comment; /* NULL: none; 255 bytes at most */
};

/*
 * Make file @path, or empty it, as capfile_create() does; "-" is standard
 * output, in pcapng. Returns it, to be released with capfile_finish(); or NULL
 * after one error line. @setup is not needed any longer.
 */
struct capfile_writer *capfile_create_stream(const char *path, const struct capfile_setup *setup);

/* Append @packet with @note. Returns as capfile_write() does. */
int capfile_write_note(struct capfile_writer *writer, const struct capfile_packet *packet,
		       const struct capfile_note *note);

/*
 * Write what was kept. Returns 0; or -EIO, after one error line unless it was
 * printed before: then a file ends with a whole packet, and can be read. A closed
 * pipe is noticed even with nothing to write. While nobody reads a pipe it waits;
 * a signal that signals_hold() holds back ends the wait, with a warning.
 */
int capfile_flush(struct capfile_writer *writer);

#endif /* COMMON_CAPFILE_H */
