// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Capture files of tests/packets, and what is said of a packet: read, and made. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netif.h"
#include "packets/fixture.h"
#include "packets/packet.h"
#include "xdp_stats_kern_user.h"

#define FILE_HEADER 24
#define PACKET_HEADER 16
#define PCAP_MAGIC 0xa1b2c3d4 /* microseconds; in the order of the machine that wrote it */
#define FRAME_MAX (256 * 1024)
#define MAC_BYTES 12
#define TAG_BYTES 4
#define IP_BYTES 20
#define PUSH_MAX 32 /* bytes behind the addresses that a row can have more */

/* Little endian, on every machine */
static __u32 number_at(const __u8 *byte)
{
	return byte[0] | byte[1] << 8 | byte[2] << 16 | (__u32)byte[3] << 24;
}

static int read_frame(FILE *file, __u32 len, struct frame *frame)
{
	if (len > FRAME_MAX)
		return -EINVAL;
	frame->len = len;
	frame->data = malloc(len + 1);
	if (!frame->data)
		return -ENOMEM;
	if (fread(frame->data, 1, len, file) == len)
		return 0;
	free(frame->data);
	return -EINVAL;
}

static int read_frames(FILE *file, struct fixture *fixture)
{
	__u8 head[FILE_HEADER];
	struct frame *frames;
	int err;

	if (fread(head, 1, FILE_HEADER, file) != FILE_HEADER || number_at(head) != PCAP_MAGIC)
		return -EINVAL;
	while (fread(head, 1, PACKET_HEADER, file) == PACKET_HEADER) {
		frames = realloc(fixture->frame, (fixture->count + 1) * sizeof(*frames));
		if (!frames)
			return -ENOMEM;
		fixture->frame = frames;
		err = read_frame(file, number_at(head + 8), &frames[fixture->count]);
		if (err)
			return err;
		fixture->count++;
	}
	return 0;
}

int fixture_read(const char *path, struct fixture *fixture)
{
	FILE *file = fopen(path, "rbe");
	int err;

	*fixture = (struct fixture){ 0 };
	if (!file)
		return -errno;
	err = read_frames(file, fixture);
	fclose(file);
	if (err)
		fixture_free(fixture);
	return err;
}

void fixture_free(struct fixture *fixture)
{
	while (fixture->count)
		free(fixture->frame[--fixture->count].data);
	free(fixture->frame);
	fixture->frame = NULL;
}

/*
 * The number of the verdict @name, and the interface that may stand behind it;
 * -2 if there is none of that name.
 */
static int verdict_number(char *name, unsigned int *ifindex)
{
	char *colon = strchr(name, ':'), rest;
	__u32 action;

	*ifindex = 0;
	if (colon && (sscanf(colon, ":%u", ifindex) != 1 || !*ifindex))
		return -2;
	if (colon)
		*colon = '\0';
	if (!strcmp(name, "-"))
		return NO_VERDICT;
	for (action = 0; action < XDP_ACTION_MAX; action++)
		if (!strcmp(name, action2str(action)))
			return (int)action;
	/* A program that returns what is no action: the number */
	if (sscanf(name, "%u%c", &action, &rest) == 1 && action >= XDP_ACTION_MAX &&
	    action <= INT_MAX)
		return (int)action;
	return -2;
}

/* One verdict, or two that take turns. */
static bool read_verdict(char *name, struct verdict_row *row)
{
	char *slash = strchr(name, '/');
	unsigned int none;

	if (slash)
		*slash = '\0';
	row->verdict = verdict_number(name, &row->ifindex);
	row->turn = slash ? verdict_number(slash + 1, &none) : row->verdict;
	return row->verdict >= NO_VERDICT && row->turn >= NO_VERDICT;
}

/* Is that what @text says? */
static bool read_heading(const char *text, struct verdict_heading *heading)
{
	int used = 0;

	if (sscanf(text, " object %63s", heading->object) == 1) {
		heading->prepared[0] = '\0';
		return true;
	}
	sscanf(text, " prepare %n", &used);
	if (used) {
		snprintf(heading->prepared, FIXTURE_TEXT_MAX, "%s", text + used);
		return true;
	}
	sscanf(text, " program %n", &used);
	if (used)
		snprintf(heading->programs, FIXTURE_TEXT_MAX, "%s", text + used);
	return used != 0;
}

int verdict_parse(const char *text, struct verdict_heading *heading, struct verdict_row *row)
{
	char verdict[FIXTURE_NAME_MAX + 1], counter[FIXTURE_NAME_MAX + 1], more;
	int fields;

	if (text[strspn(text, " \t")] == '\0' || read_heading(text, heading))
		return 0;
	memcpy(row->object, heading->object, sizeof(row->object));
	row->map[0] = '\0';
	fields = sscanf(text, "%63s %511s %63s %63s %63s %c", row->fixture, row->packets, verdict,
			row->output, counter, &more);
	if (fields == 5)
		fields = sscanf(counter, "%63[^:]:%u", row->map, &row->key) * 2;
	return fields == 4 && row->object[0] && read_verdict(verdict, row) ? 1 : -EINVAL;
}

bool verdict_match(const struct verdict_row *row, __u32 number)
{
	const char *text = row->packets;
	unsigned int first, last;
	int used;

	if (!strcmp(text, "*"))
		return true;
	while (sscanf(text, "%u%n", &first, &used) == 1) {
		last = first;
		text += used;
		if (*text == '-' && sscanf(text, "-%u%n", &last, &used) == 1)
			text += used;
		if (number >= first && number <= last)
			return true;
		if (*text++ != ',')
			return false;
	}
	return false;
}

/* The checksum of the IPv4 header at @ip, made anew. */
static __u16 header_sum(__u8 *ip)
{
	memset(ip + 10, 0, 2);
	return packet_fold(packet_sum(ip, ip[0] % 16 * 4, 0));
}

/*
 * One hop less in the IPv4 header behind the tags. A wrong checksum is wrong by
 * as much afterwards: nobody is to take the packet for a good one (RFC 1624).
 */
static int lower_ttl(struct frame *frame)
{
	__u8 *ip = frame->data + MAC_BYTES, *end = frame->data + frame->len;
	__u16 held, right, sum;
	__u32 wrong;

	while (end - ip > TAG_BYTES && (!memcmp(ip, "\x81\0", 2) || !memcmp(ip, "\x88\xa8", 2)))
		ip += TAG_BYTES;
	ip += 2;
	if (end - ip < IP_BYTES || end - ip < ip[0] % 16 * 4)
		return -EINVAL;
	memcpy(&held, ip + 10, sizeof(held));
	right = header_sum(ip);
	ip[8]--;
	sum = header_sum(ip);
	if (held != right) {
		wrong = (__u32)sum + held + (0xffff - right);
		sum = (__u16)(wrong % 0xffff);
	}
	memcpy(ip + 10, &sum, sizeof(sum));
	return 0;
}

static int set_receiver(struct frame *frame, const char *text)
{
	struct netif_mac mac;

	if (netif_parse_mac(text, &mac))
		return -EINVAL;
	memcpy(frame->data, mac.addr, sizeof(mac.addr));
	return 0;
}

/* The bytes that the hexadecimal digits of @text are, at most @max. Returns their number. */
static __u32 read_bytes(const char *text, __u8 *bytes, __u32 max)
{
	unsigned int byte;
	__u32 count = 0;
	int used;

	for (; count < max && sscanf(text, "%2x%n", &byte, &used) == 1; text += used)
		bytes[count++] = (__u8)byte;
	return *text ? 0 : count;
}

/* Put @len bytes behind the addresses, for which there is room. */
static void push(struct frame *frame, const __u8 *bytes, __u32 len)
{
	memmove(frame->data + MAC_BYTES + len, frame->data + MAC_BYTES, frame->len - MAC_BYTES);
	memcpy(frame->data + MAC_BYTES, bytes, len);
	frame->len += len;
}

/* The first @size bytes of packet @number of a capture file, of @want bytes; 0: any. */
static int take(struct frame *frame, const char *path, __u32 number, __u32 size, __u32 want)
{
	struct fixture other;
	int err = fixture_read(path, &other);

	if (err)
		return err;
	if (!number || number > other.count || size > frame->len ||
	    size > other.frame[number - 1].len || (want && other.frame[number - 1].len != want))
		err = -EINVAL;
	else
		memcpy(frame->data, other.frame[number - 1].data, size);
	fixture_free(&other);
	return err;
}

int verdict_output(const struct verdict_row *row, const char *packets, const struct frame *in,
		   __u32 number, struct frame *out)
{
	char path[PATH_MAX], name[FIXTURE_NAME_MAX + 1];
	__u8 bytes[PUSH_MAX] = { 0x81, 0, 0, 1 };
	__u32 size;
	int err = 0;

	out->len = in->len;
	out->data = malloc(in->len + sizeof(bytes));
	if (!out->data)
		return -ENOMEM;
	memcpy(out->data, in->data, in->len);
	if (!strcmp(row->output, "same"))
		return 0;
	/* Each of the others changes what is behind, or in, the addresses. */
	if (in->len < MAC_BYTES + (strcmp(row->output, "pop") ? 0 : TAG_BYTES)) {
		err = -EINVAL;
	} else if (!strcmp(row->output, "pop")) {
		out->len -= TAG_BYTES;
		memmove(out->data + MAC_BYTES, out->data + MAC_BYTES + TAG_BYTES,
			out->len - MAC_BYTES);
	} else if (!strcmp(row->output, "push")) {
		push(out, bytes, TAG_BYTES);
	} else if (!strncmp(row->output, "push:", 5)) {
		size = read_bytes(row->output + 5, bytes, sizeof(bytes));
		if (!size)
			err = -EINVAL;
		push(out, bytes, size);
	} else if (!strcmp(row->output, "hop")) {
		err = lower_ttl(out);
	} else if (!strncmp(row->output, "to:", 3)) {
		err = set_receiver(out, row->output + 3);
	} else if (sscanf(row->output, "%63[^:]:%u:%u", name, &number, &size) == 3) {
		snprintf(path, sizeof(path), "%s/%s.pcap", packets, name);
		err = take(out, path, number, size, 0);
	} else {
		snprintf(path, sizeof(path), "%s/%s/%s.pcap", packets, row->output, row->fixture);
		err = take(out, path, number, in->len, in->len);
	}
	if (err)
		free(out->data);
	return err;
}
