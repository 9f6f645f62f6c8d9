// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* One packet of a capture file. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "log.h"
#include "packets/capfile.h"

/* Frames that every kernel takes in a test run, and a program may add to. */
#define LEN_MIN 14
#define LEN_MAX 3000

/* The number behind the last ':' of @where, and the file in front of it. */
static int split(const char *where, char *file, size_t size, unsigned int *number)
{
	const char *colon = strrchr(where, ':');
	char *end;

	if (colon && colon != where && (size_t)(colon - where) < size) {
		*number = (unsigned int)strtoul(colon + 1, &end, 10);
		memcpy(file, where, (size_t)(colon - where));
		file[colon - where] = '\0';
		if (!*end && *number && colon[1] != '-' && colon[1] != '+')
			return 0;
	}
	pr_err("bad packet '%s': not FILE:N, a file and the packet's number", where);
	return -EINVAL;
}

/* What results call it: the file without folder and ending, and blanks. */
static char *label(const char *file, unsigned int number)
{
	const char *base = strrchr(file, '/');
	char *name, *at;
	int len;

	base = base ? base + 1 : file;
	len = (int)strcspn(base, ".");
	if (asprintf(&name, "%.*s:%u", len, base, number) < 0)
		return NULL;
	for (at = name; *at; at++)
		if (*at <= ' ')
			*at = '_';
	return name;
}

static int copy(struct bench_packet *packet, const struct capfile_packet *from, const char *where)
{
	if (from->len < LEN_MIN || from->len > LEN_MAX) {
		pr_err("cannot use packet '%s': %u bytes, not %d to %d", where, from->len, LEN_MIN,
		       LEN_MAX);
		return -EINVAL;
	}
	packet->data = malloc(from->len);
	if (!packet->data)
		return -ENOMEM;
	memcpy(packet->data, from->data, from->len);
	packet->len = from->len;
	return 0;
}

/* The packet @number of @path, which was asked for as @where. */
static int find(struct bench_packet *packet, const char *path, unsigned int number,
		const char *where)
{
	struct capfile_reader *reader = capfile_open(path);
	struct capfile_packet found;
	unsigned int i;
	int more = 1, err;

	if (!reader)
		return -EINVAL;
	for (i = 0; i < number && more > 0; i++)
		more = capfile_next(reader, &found);
	if (more > 0) {
		err = copy(packet, &found, where);
	} else {
		if (!more)
			pr_err("no packet '%s': the file has %u", where, i - 1);
		err = -EINVAL;
	}
	capfile_close(reader);
	return err;
}

int packet_read(struct bench_packet *packet, const char *folder, const char *where)
{
	char file[PATH_MAX], *path;
	unsigned int number;
	int err = split(where, file, sizeof(file), &number);

	if (err)
		return err;
	packet->name = label(file, number);
	if (!packet->name)
		return -ENOMEM;
	if (!folder)
		return find(packet, file, number, where);
	if (asprintf(&path, "%s/%s.pcap", folder, file) < 0)
		return -ENOMEM;
	err = find(packet, path, number, where);
	free(path);
	return err;
}
