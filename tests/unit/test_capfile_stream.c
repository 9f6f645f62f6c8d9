// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Capture files as they are written: the bytes, and a disk that is full. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "capture.h"
#include "log.h"
#include "packets/capfile.h"
#include "tap.h"

#define TIME 1700000000123456789ULL
#define FRAME_LEN 61

static unsigned char frame[FRAME_LEN], image[65536];
static size_t image_len;
static char path[64];

static const struct capfile_setup setup = {
	.interfaces = { { "eth7", "exit of it" }, { "eth8", NULL } },
	.count = 2,
	.snaplen = 128,
};

static const struct capfile_packet packet = {
	.time = TIME,
	.len = FRAME_LEN,
	.orig_len = 9000,
	.data = frame,
};

static void read_image(void)
{
	FILE *file = fopen(path, "r");

	if (!file)
		abort();
	image_len = fread(image, 1, sizeof(image), file);
	fclose(file);
}

static unsigned int get32(size_t at)
{
	unsigned int value = 0;

	if (at + sizeof(value) <= image_len)
		memcpy(&value, image + at, sizeof(value));
	return value;
}

static unsigned int get16(size_t at)
{
	unsigned short value = 0;

	if (at + sizeof(value) <= image_len)
		memcpy(&value, image + at, sizeof(value));
	return value;
}

/* Where block @number begins; -1 when the blocks before it are not sound. */
static long block(unsigned int number)
{
	size_t at = 0, len;

	for (;; at += len, number--) {
		len = get32(at + 4);
		if (len < 12 || len % 4 || at + len > image_len || get32(at + len - 4) != len)
			return -1;
		if (!number)
			return (long)at;
	}
}

/* Number of whole blocks, or -1 when something else follows them. */
static int count_blocks(void)
{
	size_t end = 0;
	long at;
	int n;

	for (n = 0; end < image_len; n++) {
		at = block((unsigned int)n);
		if (at < 0)
			return -1;
		end = (size_t)at + get32((size_t)at + 4);
	}
	return n;
}

/* Whether option @code with the @len bytes at @value is among those at @at. */
static bool has_option(size_t at, unsigned int code, const void *value, unsigned int len)
{
	unsigned int here;

	while ((here = get16(at)) != 0) {
		if (here == code)
			return get16(at + 2) == len && !memcmp(image + at + 4, value, len);
		at += 4 + (get16(at + 2) + 3) / 4 * 4;
	}
	return false;
}

static void write_one(const struct capfile_note *note)
{
	struct capfile_writer *writer = capfile_create_stream(path, &setup);

	if (!writer || capfile_write_note(writer, &packet, note) || capfile_finish(writer))
		abort();
	read_image();
}

static void test_interfaces(void)
{
	const struct capfile_note note = { .verdict = CAPFILE_UNKNOWN, .queue = CAPFILE_UNKNOWN };
	const unsigned char nine = 9;
	long first, second;

	write_one(&note);
	first = block(1);
	second = block(2);
	ok(count_blocks() == 4, "a section, two interfaces, a packet");
	ok(first > 0 && get32((size_t)first) == 1 && get32((size_t)first + 12) == 128,
	   "an interface has the snap length");
	ok(has_option((size_t)first + 16, 2, "eth7", 4) &&
		   has_option((size_t)first + 16, 3, "exit of it", 10) &&
		   has_option((size_t)first + 16, 9, &nine, 1),
	   "its name, its description, nanoseconds");
	ok(has_option((size_t)second + 16, 2, "eth8", 4) &&
		   !has_option((size_t)second + 16, 3, "", 0),
	   "a description that is not given is not there");
}

static void test_note(void)
{
	const struct capfile_note note = { .interface = 1,
					   .direction = CAPFILE_INBOUND,
					   .queue = 7,
					   .verdict = 1,
					   .comment = "XDP_DROP" };
	const unsigned char verdict[9] = { 2, 1 };
	const unsigned int inbound = 1, queue = 7;
	size_t at, options;

	write_one(&note);
	at = (size_t)block(3);
	options = at + 28 + 64;
	ok(get32(at) == 6 && get32(at + 8) == 1 && get32(at + 20) == FRAME_LEN &&
		   get32(at + 24) == 9000,
	   "a packet: interface, length, true length");
	ok(((unsigned long long)get32(at + 12) << 32 | get32(at + 16)) == TIME, "its time");
	ok(has_option(options, 1, "XDP_DROP", 8) && has_option(options, 2, &inbound, 4) &&
		   has_option(options, 6, &queue, 4) && has_option(options, 7, verdict, 9),
	   "comment, direction, queue, verdict");
}

static void test_flush(void)
{
	const struct capfile_note note = { .comment = NULL };
	struct capfile_writer *writer = capfile_create_stream(path, &setup);
	bool good = true;
	int i;

	for (i = 0; i < 20; i++) {
		good &= !capfile_write_note(writer, &packet, &note);
		if (i % 3)
			continue;
		good &= !capfile_flush(writer);
		read_image();
		good &= count_blocks() == 3 + i + 1;
	}
	ok(good, "flushed it has all packets until then");
	ok(!capfile_finish(writer), "and complete in the end");
	read_image();
	ok(count_blocks() == 3 + 20, "with all packets");
}

/* A limit on files acts like a full disk. */
static void fills_up(const char *ending, size_t limit, const char *name)
{
	const struct rlimit small = { limit, RLIM_INFINITY };
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	const struct capfile_note note = { .comment = "x" };
	struct capfile_writer *writer;
	struct capture said;
	int i, err = 0;

	strcpy(strrchr(path, '.'), ending);
	writer = capfile_create_stream(path, &setup);
	for (i = 0; i < 100; i++)
		err |= capfile_write_note(writer, &packet, &note);
	setrlimit(RLIMIT_FSIZE, &small);
	capture_begin(&said, 2);
	err |= !capfile_flush(writer);
	err |= !capfile_flush(writer);
	err |= !capfile_finish(writer);
	capture_end(&said);
	setrlimit(RLIMIT_FSIZE, &none);
	ok(!err && strstr(said.text, "File too large") &&
		   strchr(said.text, '\n') == strrchr(said.text, '\n'),
	   name);
	read_image();
}

static void test_full(void)
{
	fills_up(".pcapng", 2000, "a file too large: one line");
	ok(image_len > 1800 && image_len <= 2000 && count_blocks() > 3,
	   "and what fits are whole blocks");
	unlink(path);
	fills_up(".pcap", 2000, "the same of a pcap file");
	ok(image_len == 24 + 25 * (16 + FRAME_LEN), "with whole packets");
	unlink(path);
	fills_up(".pcapng", 100, "less than what a file begins with");
	ok(count_blocks() == 2, "leaves what fits");
}

static void test_pipe(void)
{
	struct capfile_writer *writer;
	int old = dup(STDOUT_FILENO), ends[2], err = 0;
	struct capture said;

	if (pipe(ends) || dup2(ends[1], STDOUT_FILENO) < 0)
		abort();
	close(ends[1]);
	writer = capfile_create_stream("-", &setup);
	err |= capfile_flush(writer);
	image_len = (size_t)read(ends[0], image, sizeof(image));
	err |= count_blocks() != 3;
	close(ends[0]);
	capture_begin(&said, 2);
	err |= !capfile_flush(writer);
	err |= !capfile_finish(writer);
	capture_end(&said);
	dup2(old, STDOUT_FILENO);
	close(old);
	ok(!err && strstr(said.text, "'standard output': Broken pipe"),
	   "a pipe gets what there is; that it is closed is seen without data");
}

int main(void)
{
	int i, fd;

	for (i = 0; i < FRAME_LEN; i++)
		frame[i] = (unsigned char)i;
	log_init(LOG_LEVEL_INFO);
	signal(SIGXFSZ, SIG_IGN);
	snprintf(path, sizeof(path), "/tmp/test_capfile.XXXXXX.pcapng");
	fd = mkstemps(path, (int)strlen(".pcapng"));
	if (fd < 0)
		return 1;
	close(fd);
	test_interfaces();
	test_note();
	test_flush();
	test_full();
	test_pipe();
	unlink(path);
	return tap_done();
}
