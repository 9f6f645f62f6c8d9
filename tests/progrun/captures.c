/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "captures.h"

#define FILE_HEADER 24
#define PACKET_HEADER 16

static void give_up(const char *path, const char *reason)
{
	printf("# cannot read '%s': %s\n", path, reason);
	exit(1);
}

static void *allocate(void *old, size_t size)
{
	void *bytes = realloc(old, size);

	if (!bytes && size)
		give_up("a capture", "no memory");
	return bytes;
}

/* Little endian, on every machine */
static __u32 number(const __u8 *byte)
{
	return byte[0] | byte[1] << 8 | byte[2] << 16 | (__u32)byte[3] << 24;
}

static struct frame read_frame(FILE *file, const char *path, __u32 len)
{
	struct frame frame = { .data = allocate(NULL, len + 1), .len = len };

	if (fread(frame.data, 1, len, file) != len)
		give_up(path, "it ends within a packet");
	return frame;
}

struct capture capture_read(const char *path)
{
	struct capture capture = { 0 };
	__u8 head[FILE_HEADER];
	FILE *file = fopen(path, "rb");
	struct frame *frames;

	if (!file)
		give_up(path, "no such file");
	if (fread(head, 1, sizeof(head), file) != sizeof(head) || number(head) != 0xa1b2c3d4)
		give_up(path, "not what make.py writes");
	while (fread(head, 1, PACKET_HEADER, file) == PACKET_HEADER) {
		frames = allocate(capture.frame, (capture.count + 1) * sizeof(*frames));
		capture.frame = frames;
		frames[capture.count++] = read_frame(file, path, number(head + 8));
	}
	fclose(file);
	return capture;
}

void capture_free(struct capture *capture)
{
	while (capture->count)
		free(capture->frame[--capture->count].data);
	free(capture->frame);
	capture->frame = NULL;
}
