// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Capture files: any bytes are read or refused; what was read can be written
 * in both formats, and is the same when it is read again.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "packets/capfile.h"

#define PACKETS_MAX 64
/* What a pcap file can say of a time: 32 bits of seconds. */
#define NS_PER_SECOND 1000000000ULL

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* A file in a folder of this process. */
static const char *in_folder(const char *name)
{
	static char folder[256], path[512];
	const char *parent = getenv("TMPDIR");

	if (!*folder) {
		snprintf(folder, sizeof(folder), "%s/fuzz.XXXXXX", parent ? parent : "/tmp");
		if (!mkdtemp(folder))
			abort();
	}
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void leave(void)
{
	unlink(in_folder("input"));
	unlink(in_folder("copy.pcap"));
	unlink(in_folder("copy.pcapng"));
	rmdir(in_folder(""));
}

/* How a file begins is hard to guess: one of these, as the first byte says. */
static const struct {
	const char *bytes;
	size_t len;
} beginnings[] = {
	{ "", 0 },
	{ "\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0", 24 },
	{ "\xa1\xb2\x3c\x4d\0\2\0\4\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\1", 24 },
	{ "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0"
	  "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"
	  "\1\0\0\0\x14\0\0\0\1\0\0\0\xff\xff\0\0\x14\0\0\0",
	  48 },
};

static struct capfile_reader *open_input(const unsigned char *data, size_t size)
{
	size_t n = *data % (sizeof(beginnings) / sizeof(beginnings[0]));
	size_t len = beginnings[n].len;
	const char *path = in_folder("input");
	FILE *file = fopen(path, "w");

	if (!file || fwrite(beginnings[n].bytes, 1, len, file) != len ||
	    fwrite(data + 1, 1, size - 1, file) != size - 1 || fclose(file))
		abort();
	return capfile_open(path);
}

/* The same packets from both; times that the format cannot say may differ. */
static void compare(struct capfile_reader *a, struct capfile_reader *b)
{
	struct capfile_packet x, y;
	int n;

	if (!a || !b)
		abort();
	for (n = 0; n < PACKETS_MAX && capfile_next(a, &x) == 1; n++) {
		if (capfile_next(b, &y) != 1 || x.len != y.len || x.orig_len != y.orig_len ||
		    memcmp(x.data, y.data, x.len) != 0)
			abort();
		if (x.time / NS_PER_SECOND < 0x7fffffff && x.time != y.time)
			abort();
	}
	capfile_close(a);
	capfile_close(b);
}

static void round_trip(const unsigned char *data, size_t size, const char *name)
{
	struct capfile_reader *reader = open_input(data, size);
	struct capfile_packet packet;
	struct capfile_writer *writer;
	char path[512];
	int n;

	if (!reader)
		return;
	snprintf(path, sizeof(path), "%s", in_folder(name));
	writer = capfile_create(path);
	if (!writer)
		abort();
	for (n = 0; n < PACKETS_MAX && capfile_next(reader, &packet) == 1; n++)
		if (capfile_write(writer, &packet, 2))
			abort();
	if (capfile_finish(writer))
		abort();
	capfile_close(reader);
	compare(open_input(data, size), capfile_open(path));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static int begun;

	if (!begun++)
		atexit(leave);
	if (!size)
		return 0;
	round_trip(data, size, "copy.pcap");
	round_trip(data, size, "copy.pcapng");
	return 0;
}
