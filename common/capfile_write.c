// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Writing files of captured packets; capfile_format.c makes their bytes. */
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

#include "capfile_format.h"
#include "log.h"
#include "signals.h"

#define NEW_FILE (O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC)
#define KEEP (1U << 17) /* bytes before they are written unasked */
#define REMEMBER (4 << 20) /* bytes that stay in memory */
#define PIPE_CHUNK 4096 /* a pipe that is ready takes as much (PIPE_BUF) */
#define PIPE_WAIT_MS 100

struct capfile_writer {
	int fd;
	bool pcapng;
	bool file; /* and no pipe: it takes what there is */
	bool failed; /* and has said so */
	struct capfile_bytes kept;
	__u64 written;
	__u64 begun; /* of these the disk has been told */
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
		capfile_put_pcapng_header(&writer->kept, setup);
	else
		capfile_put_pcap_header(&writer->kept, setup);
}

struct capfile_writer *capfile_create_stream(const char *path, const struct capfile_setup *setup)
{
	const char *name = is_stdout(path) ? "standard output" : path;
	struct capfile_writer *writer;
	struct stat status;

	writer = calloc(1, sizeof(*writer) + strlen(name) + 1);
	if (writer)
		writer->kept.data = malloc(KEEP + CAPFILE_APPEND_MAX);
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

/* Until a pipe takes something. Returns 0, or -EINTR as a signal has come. */
static int wait_for_reader(const struct capfile_writer *writer)
{
	struct pollfd wait = { .fd = writer->fd, .events = POLLOUT };

	while (!poll(&wait, 1, PIPE_WAIT_MS))
		if (signals_pending())
			return -EINTR;
	return 0;
}

/* Whether whoever read the pipe is gone: a write would tell, later. */
static bool is_unread(const struct capfile_writer *writer)
{
	struct pollfd now = { .fd = writer->fd };

	return !writer->file && poll(&now, 1, 0) > 0 && now.revents & POLLERR;
}

/* Of the first @done bytes that were kept: those of whole packets. */
static size_t count_whole(const struct capfile_writer *writer, size_t done)
{
	size_t at = 0, end = 0;

	while (end <= done) {
		at = end;
		end += capfile_length(writer->kept.data + at, writer->pcapng,
				      !writer->written && !at);
	}
	return at;
}

/* Give up after @done bytes: no file is to end within a packet. */
static int give_up(struct capfile_writer *writer, size_t done)
{
	fail(writer);
	if (writer->file &&
	    ftruncate(writer->fd, (off_t)(writer->written + count_whole(writer, done))))
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
 * Have the disk begin with what is written, and the kernel forget what is long
 * there: new memory costs more than copying into it. Both are wishes.
 */
static void let_go(struct capfile_writer *writer)
{
	__u64 len = writer->written - writer->begun;

	if (!writer->file || len < REMEMBER / 4)
		return;
	sync_file_range(writer->fd, (off_t)writer->begun, (off_t)len, SYNC_FILE_RANGE_WRITE);
	len = writer->begun > REMEMBER ? writer->begun - REMEMBER : 0;
	if (len)
		posix_fadvise(writer->fd, 0, (off_t)len, POSIX_FADV_DONTNEED);
	writer->begun = writer->written;
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
	let_go(writer);
	writer->kept.len = 0;
	return 0;
}

int capfile_write_note(struct capfile_writer *writer, const struct capfile_packet *packet,
		       const struct capfile_note *note)
{
	if (writer->failed)
		return -EIO;
	if (writer->pcapng)
		capfile_put_pcapng(&writer->kept, packet, note);
	else
		capfile_put_pcap(&writer->kept, packet);
	return writer->kept.len < KEEP ? 0 : capfile_flush(writer);
}

int capfile_write(struct capfile_writer *writer, const struct capfile_packet *packet, __u32 verdict)
{
	const struct capfile_note note = { .verdict = verdict, .queue = CAPFILE_UNKNOWN };

	return capfile_write_note(writer, packet, &note);
}

__u64 capfile_size(const struct capfile_writer *writer)
{
	return writer->written + writer->kept.len;
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
