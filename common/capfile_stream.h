/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Part of capfile: files that a running capture writes, and that say more of
 * each packet. Packets are kept until there are many of them, or until
 * capfile_flush(): writing them one by one costs more than all the rest.
 * Taught in tracing02-sample-pkts.
 */
#ifndef COMMON_CAPFILE_STREAM_H
#define COMMON_CAPFILE_STREAM_H

#include "capfile.h"

#define CAPFILE_UNKNOWN (~0U) /* a verdict or a queue that nobody knows */
#define CAPFILE_COMMENT_MAX 255 /* bytes; of longer ones the rest is lost */
#define CAPFILE_INTERFACES_MAX 4

/* Where packets were captured. NULL: not said. */
struct capfile_interface {
	const char *name;
	const char *description;
};

/* What stands at the beginning of a file; pcap has the snap length only. */
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

/* What a pcapng file says of a packet beside its bytes. */
struct capfile_note {
	unsigned int interface; /* its place in the setup */
	enum capfile_direction direction;
	__u32 queue; /* of the interface, or CAPFILE_UNKNOWN */
	__u32 verdict; /* of an XDP program, or CAPFILE_UNKNOWN */
	const char *comment; /* NULL: none */
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
 * Hand over to the kernel what was kept. Returns 0; or -EIO, after one error
 * line unless it was printed before: then a file ends where a packet does, and
 * can be read. That a pipe is closed is seen also with nothing to hand over.
 * While nobody reads a pipe it waits; a signal that signals_hold() holds back
 * ends that, with a warning.
 */
int capfile_flush(struct capfile_writer *writer);

/* Bytes that the file has, or will have when it is flushed. */
__u64 capfile_size(const struct capfile_writer *writer);

#endif /* COMMON_CAPFILE_STREAM_H */
