// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Capture files: those of other programs are read, odd ones are refused. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "capture.h"
#include "log.h"
#include "packets/capfile.h"
#include "tap.h"

#define FRAME_LEN 60
#define TIME 1700000000123456789ULL
#define SECONDS 1700000000U

/* A file in the making, in either byte order. */
static unsigned char image[8192];
static size_t image_len;
static bool big_endian;
static char path[64];
static unsigned char frame[FRAME_LEN];

static void put_bytes(const void *data, size_t len)
{
	memcpy(image + image_len, data, len);
	image_len += len;
}

static void put16(unsigned int number)
{
	unsigned char low = number & 0xff, high = number >> 8 & 0xff;

	put_bytes(big_endian ? &high : &low, 1);
	put_bytes(big_endian ? &low : &high, 1);
}

static void put32(unsigned int number)
{
	put16(big_endian ? number >> 16 : number & 0xffff);
	put16(big_endian ? number & 0xffff : number >> 16);
}

static void begin(bool big)
{
	image_len = 0;
	big_endian = big;
}

static void pcap_header(unsigned int magic, unsigned int snaplen, unsigned int link_type)
{
	put32(magic);
	put16(2);
	put16(4);
	put32(0);
	put32(0);
	put32(snaplen);
	put32(link_type);
}

static void pcap_record(unsigned int fraction, unsigned int len, unsigned int orig_len)
{
	put32(SECONDS);
	put32(fraction);
	put32(len);
	put32(orig_len);
	put_bytes(frame, len < FRAME_LEN ? len : FRAME_LEN);
}

static void pcapng_section(void)
{
	put32(0x0a0d0d0a);
	put32(28);
	put32(0x1a2b3c4d);
	put16(1);
	put16(0);
	put32(0xffffffff);
	put32(0xffffffff);
	put32(28);
}

/* @resolution: ten to the minus this are the units of time; 0: not said. */
static void pcapng_interface(unsigned int link_type, unsigned char resolution)
{
	const unsigned char padded[4] = { resolution };
	unsigned int len = resolution ? 32 : 20;

	put32(1);
	put32(len);
	put16(link_type);
	put16(0);
	put32(65535);
	if (resolution) {
		put16(9);
		put16(1);
		put_bytes(padded, 4);
		put32(0);
	}
	put32(len);
}

static void pcapng_packet(unsigned int interface, unsigned long long time)
{
	put32(6);
	put32(32 + FRAME_LEN);
	put32(interface);
	put32(time >> 32);
	put32(time & 0xffffffff);
	put32(FRAME_LEN);
	put32(FRAME_LEN + 7);
	put_bytes(frame, FRAME_LEN);
	put32(32 + FRAME_LEN);
}

static struct capfile_reader *open_image(void)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(image, 1, image_len, file) != image_len || fclose(file))
		abort();
	return capfile_open(path);
}

/* Each packet of the image is the frame, from @times, clipped by @clipped. */
static void reads(unsigned int count, const unsigned long long *times, unsigned int clipped,
		  const char *name)
{
	struct capfile_reader *reader = open_image();
	struct capfile_packet packet;
	unsigned int n = 0;
	bool good = true;

	while (reader && n < count && capfile_next(reader, &packet) == 1) {
		good &= packet.time == times[n] && packet.orig_len == packet.len + clipped &&
			packet.len <= FRAME_LEN && !memcmp(packet.data, frame, packet.len);
		n++;
	}
	ok(reader && good && n == count && !capfile_next(reader, &packet), name);
	capfile_close(reader);
}

/*
 * The image is refused with one line that says @message, after @count packets;
 * less than 0: when it is opened.
 */
static void refuses(int count, const char *message, const char *name)
{
	struct capfile_packet packet;
	struct capfile_reader *reader;
	struct capture said;
	int err = 0, n = 0;

	capture_begin(&said, 2);
	reader = open_image();
	while (reader && (err = capfile_next(reader, &packet)) == 1)
		n++;
	capture_end(&said);
	if (count < 0)
		ok(!reader, name);
	else
		ok(reader && n == count && err == -EIO, name);
	has(said.text, message, "... and says why");
	ok(!strncmp(said.text, "error: cannot ", 14) && strstr(said.text, path) &&
		   strchr(said.text, '\n') == strrchr(said.text, '\n'),
	   "... in one line that names the file");
	capfile_close(reader);
}

static void test_pcap(void)
{
	const unsigned long long micro[] = { TIME / 1000 * 1000, TIME },
				 nano[] = { TIME, TIME - 1 };
	bool big;
	int i;

	for (i = 0, big = false; i < 2; i++, big = true) {
		begin(big);
		pcap_header(0xa1b2c3d4, 65535, 1);
		pcap_record(123456, FRAME_LEN, FRAME_LEN);
		reads(1, micro, 0, big ? "microseconds, big endian" : "microseconds");
		begin(big);
		pcap_header(0xa1b23c4d, 65535, 1);
		pcap_record(123456789, FRAME_LEN, FRAME_LEN);
		pcap_record(123456788, FRAME_LEN, FRAME_LEN);
		reads(2, nano, 0, big ? "nanoseconds, big endian" : "nanoseconds");
	}
	begin(false);
	pcap_header(0xa1b23c4d, 40, 1);
	pcap_record(123456789, 40, 49);
	reads(1, nano, 9, "a snap length below the packets': their own length");
	begin(false);
	pcap_header(0xa1b23c4d, 0, 1);
	pcap_record(123456789, FRAME_LEN, FRAME_LEN);
	reads(1, nano, 0, "a snap length of 0");
	begin(false);
	pcap_header(0xa1b23c4d, 65535, 1);
	pcap_record(123456789, 0, 0);
	reads(1, nano, 0, "a packet of no bytes");
	begin(false);
	pcap_header(0xa1b23c4d, 65535, 1);
	reads(0, nano, 0, "no packet at all");
}

static void test_odd_pcap(void)
{
	begin(false);
	refuses(-1, "truncated", "an empty file");
	put32(0xa1b2c3d4);
	refuses(-1, "truncated", "half a header");
	begin(false);
	put_bytes("this is not a capture file", 26);
	refuses(-1, "unknown file format", "a text");
	begin(false);
	pcap_header(0xa1b2c3d4, 65535, 113);
	refuses(-1, "of link type LINUX_SLL (113) (capture on one interface, not on 'any')",
		"a capture on any interface");
	begin(false);
	pcap_header(0xa1b23c4d, 65535, 1);
	pcap_record(1, FRAME_LEN, FRAME_LEN);
	pcap_record(1, FRAME_LEN, FRAME_LEN);
	image_len -= 1;
	refuses(1, "packet 2 of", "a record that lacks its last byte");
	image_len -= FRAME_LEN + 3;
	refuses(1, "packet 2 of", "half a record header");
	begin(false);
	pcap_header(0xa1b23c4d, 65535, 1);
	pcap_record(1, 0x7fffffff, 0x7fffffff);
	refuses(0, "packet 1 of", "a packet of two gigabytes");
}

static void test_pcapng(void)
{
	const unsigned long long times[] = { TIME, TIME / 1000 * 1000, TIME / 1000000 * 1000000 };
	bool big;
	int i;

	for (i = 0, big = false; i < 2; i++, big = true) {
		begin(big);
		pcapng_section();
		pcapng_interface(1, 9);
		pcapng_interface(1, 0);
		/* A block that nobody knows. */
		put32(0x0bad0bad);
		put32(16);
		put32(0xffffffff);
		put32(16);
		pcapng_packet(0, TIME);
		pcapng_packet(1, TIME / 1000);
		pcapng_interface(1, 3);
		pcapng_packet(2, TIME / 1000000);
		reads(3, times, 7,
		      big ? "pcapng, big endian: interfaces with own units" :
			    "pcapng, little endian: interfaces with own units");
	}
	begin(false);
	pcapng_section();
	pcapng_interface(1, 9);
	pcapng_packet(0, TIME);
	pcapng_interface(113, 9);
	refuses(1, "packet 2 of", "an interface that is none of Ethernet");
	begin(false);
	pcapng_section();
	pcapng_interface(101, 9);
	refuses(-1, "of link type RAW (12) (IP alone, as a tunnel has it: capture on an Ethernet",
		"the first interface is none");
	begin(false);
	pcapng_section();
	pcapng_interface(105, 9);
	refuses(-1, "of link type IEEE802_11 (105) (capture on an Ethernet interface)",
		"nor is one of radio");
	begin(false);
	pcapng_section();
	pcapng_interface(1, 9);
	pcapng_packet(5, TIME);
	refuses(0, "packet 1 of", "a packet of an interface that is not there");
	begin(false);
	pcapng_section();
	image_len -= 2;
	refuses(-1, "cannot open", "half a section header");
}

/* Write two packets to @name; what went wrong first, or 0. */
static int write_two(const char *name)
{
	struct capfile_packet packet = {
		.time = TIME, .len = FRAME_LEN, .orig_len = FRAME_LEN, .data = frame
	};
	struct capfile_writer *writer = capfile_create(name);
	int err;

	if (!writer)
		return -ENOENT;
	err = capfile_write(writer, &packet, 2);
	packet.time++;
	packet.len = 57;
	packet.orig_len = 1500;
	err |= capfile_write(writer, &packet, 0x11223344);
	err |= capfile_finish(writer);
	return err;
}

/* The file has the option epb_verdict: XDP's, as a number of 64 bits. */
static bool has_verdict(const char *name, __u64 verdict)
{
	unsigned char bytes[4096], option[13] = { 7, 0, 9, 0, 2 };
	const __u16 little = 7;
	FILE *file = fopen(name, "r");
	size_t len = file ? fread(bytes, 1, sizeof(bytes), file) : 0;

	if (file)
		fclose(file);
	if (memcmp(&little, option, sizeof(little)))
		memcpy(option, "\0\7\0\11", 4);
	memcpy(option + 5, &verdict, sizeof(verdict));
	return memmem(bytes, len, option, sizeof(option));
}

static void test_written(const char *ending)
{
	struct capfile_packet packet;
	struct capfile_reader *reader;
	char name[80];

	snprintf(name, sizeof(name), "%s%s", path, ending);
	is_int(write_two(name), 0, ending);
	reader = capfile_open(name);
	ok(reader && capfile_next(reader, &packet) == 1 && packet.time == TIME &&
		   packet.len == FRAME_LEN && packet.orig_len == FRAME_LEN &&
		   !memcmp(packet.data, frame, FRAME_LEN),
	   "... the first packet is as it was written");
	ok(reader && capfile_next(reader, &packet) == 1 && packet.time == TIME + 1 &&
		   packet.len == 57 && packet.orig_len == 1500 && !memcmp(packet.data, frame, 57),
	   "... and the second, which is clipped");
	ok(reader && !capfile_next(reader, &packet), "... and no more");
	capfile_close(reader);
	ok(has_verdict(name, 0x11223344) == !strcmp(ending, ".pcapng"),
	   "... and the verdict where it has a place");
	unlink(name);
}

static void test_not_written(void)
{
	struct capture said;
	char name[80];
	int err;

	snprintf(name, sizeof(name), "%s.pcap", path);
	if (symlink("/dev/full", name))
		abort();
	capture_begin(&said, 2);
	err = write_two(name);
	capture_end(&said);
	unlink(name);
	is_int(err, -EIO, "a full disk is an error");
	has(said.text, "No space left on device", "... that says so");
	ok(strchr(said.text, '\n') == strrchr(said.text, '\n'), "... once");
	capture_begin(&said, 2);
	err = write_two("/no/such/folder/x.pcap");
	capture_end(&said);
	ok(err && strstr(said.text, "No such file or directory"), "a folder that is not there");
	ok(capfile_knows("a.PCAP") && capfile_knows("b/a.pcapng") && capfile_knows("a.cap") &&
		   !capfile_knows("a.pcap.gz") && !capfile_knows(".pcap") && !capfile_knows("pcap"),
	   "endings that say the format");
}

int main(void)
{
	int fd, i;

	for (i = 0; i < FRAME_LEN; i++)
		frame[i] = (unsigned char)(i * 7 + 1);
	snprintf(path, sizeof(path), "/tmp/test_capfile.XXXXXX");
	fd = mkstemp(path);
	if (fd < 0)
		abort();
	close(fd);
	log_init(LOG_LEVEL_INFO);
	test_pcap();
	test_odd_pcap();
	test_pcapng();
	test_written(".pcap");
	test_written(".pcapng");
	test_not_written();
	unlink(path);
	return tap_done();
}
