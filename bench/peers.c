// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What is measured beside the cases: the empty program, and the peers. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "log.h"

/* The peer @what on one packet: of the table, or without @folder any file's. */
static int add(struct bench *bench, const char *what, const char *folder, const char *packet)
{
	struct bench_case *one = cases_add(bench);
	const char *colon = strrchr(what, ':');

	if (!one)
		return -ENOMEM;
	if (!colon || colon == what || !colon[1]) {
		pr_err("bad peer '%s': not OBJ:PROG, an object and its program", what);
		return -EINVAL;
	}
	one->name = strdup("peer");
	one->text = strdup(what);
	one->object = strndup(what, (size_t)(colon - what));
	one->program = strdup(colon + 1);
	if (!one->name || !one->text || !one->object || !one->program)
		return -ENOMEM;
	cases_split(one);
	return packet_read(&one->packet, folder, packet);
}

/* Whether a case in front of number @i has the same packet. */
static bool had(const struct bench *bench, int i)
{
	int j;

	for (j = 1; j < i; j++)
		if (!strcmp(bench->cases[j].packet.name, bench->cases[i].packet.name))
			return true;
	return false;
}

int peers_add(struct bench *bench, const struct bench_opts *opts, const char *top)
{
	const struct option_strings *peers = &opts->peers;
	int own = bench->count, i, j, err = 0;
	char folder[PATH_MAX];

	if (opts->packet && !peers->count) {
		pr_err("--packet is for peers, and there is no --peer");
		return -EINVAL;
	}
	snprintf(folder, sizeof(folder), "%.*s/tests/packets", PATH_MAX - 16, top);
	for (i = 0; !err && i < peers->count; i++) {
		if (opts->packet)
			err = add(bench, peers->at[i], NULL, opts->packet);
		for (j = 1; !err && !opts->packet && j < own; j++)
			if (!had(bench, j))
				err = add(bench, peers->at[i], folder, bench->cases[j].packet.name);
	}
	return err;
}

/* Also of the smallest packet: it does not look at it. */
static int make_packet(struct bench_packet *packet)
{
	packet->name = strdup("-");
	packet->len = 64;
	packet->data = calloc(1, packet->len);
	return packet->name && packet->data ? 0 : -ENOMEM;
}

int empty_open(struct bench *bench)
{
	struct bench_case *one = bench->cases;
	int err = make_packet(&one->packet);

	one->name = strdup("empty");
	one->program = strdup("-");
	one->text = strdup("the empty program");
	one->back.changed = calloc(one->packet.len, sizeof(bool));
	one->back.out = calloc(1, PUT_BACK_OUT);
	if (err || !one->name || !one->program || !one->text || !one->back.changed ||
	    !one->back.out)
		return -ENOMEM;
	err = program_returns(XDP_PASS);
	if (err < 0)
		return err;
	one->back.fd = err;
	return 0;
}

void cases_close(struct bench *bench)
{
	struct bench_case *one;

	for (one = bench->cases; one < bench->cases + bench->count; one++) {
		if (one == bench->cases && one->back.fd)
			close(one->back.fd);
		put_back_close(&one->back);
		attach_close(&one->at);
		free(one->packet.name);
		free(one->packet.data);
		free(one->name);
		free(one->object);
		free(one->program);
		free(one->text);
		free(one->raw);
		free(one->ref);
	}
	free(bench->cases);
}
