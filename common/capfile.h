/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Files of captured packets: pcap and pcapng, as tcpdump and Wireshark write
 * and read them. Read are files of either byte order, any snap length, with
 * micro- or nanoseconds; the packets have to be Ethernet frames. Written are
 * nanoseconds in this machine's byte order. Taught in testing01-prog-run.
 *
 * Reading takes libpcap: a lesson that reads says NEEDS := libpcap.
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

/*
 * True when the ending of @path names a format: .pcapng, or .pcap and .cap.
 */
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

#endif /* COMMON_CAPFILE_H */
