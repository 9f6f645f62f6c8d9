// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Events of an interface, a line each, for people or as JSON: attach, read, detach. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "attach.h"
#include "clock.h"
#include "events.h"
#include "json.h"
#include "log.h"
#include "reader.h"
#include "signals.h"

#define CHECK 0.2 /* seconds between two checks of the interface */
#define NS_PER_SECOND 1e9
#define SHOWN_MAX 16 /* bytes of a packet, in a line for people */

struct watched {
	const struct events_opts *opts;
	struct tally tally;
	__u64 offset; /* ns from the kernel's clock to the wall clock */
};

static const char *address(const struct event *event, const __u8 *from, char *text)
{
	return inet_ntop(event->version == 4 ? AF_INET : AF_INET6, from, text, INET6_ADDRSTRLEN);
}

/* Write @count bytes to @text, of two characters for each and a final 0. Returns @text. */
static const char *to_hex(const unsigned char *bytes, unsigned int count, char *text)
{
	unsigned int i;

	*text = '\0';
	for (i = 0; i < count; i++)
		sprintf(text + 2 * (size_t)i, "%02x", bytes[i]);
	return text;
}

/* The name of a common protocol, or its number. */
static const char *proto_name(const struct event *event, char *text, size_t size)
{
	switch (event->ip_proto) {
	case IPPROTO_ICMP:
		return "ICMP";
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_ICMPV6:
		return "ICMPv6";
	}
	snprintf(text, size, "protocol %u", event->ip_proto);
	return text;
}

static void print_line(const struct event *event, const unsigned char *bytes, double time)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], proto[16], hex[2 * SHOWN_MAX + 1];
	time_t whole = (time_t)time;
	struct tm day = { 0 };

	localtime_r(&whole, &day);
	printf("%02d:%02d:%09.6f #%llu queue %u, %u bytes: ", day.tm_hour, day.tm_min,
	       day.tm_sec + (time - (double)whole), (unsigned long long)event->seq, event->queue,
	       event->len);
	if (event->version)
		printf("%s %s:%u > %s:%u", proto_name(event, proto, sizeof(proto)),
		       address(event, event->source, from), ntohs(event->sport),
		       address(event, event->dest, to), ntohs(event->dport));
	else
		printf("EtherType 0x%04x", ntohs(event->eth_proto));
	if (event->bytes)
		printf(" %s",
		       to_hex(bytes, event->bytes < SHOWN_MAX ? event->bytes : SHOWN_MAX, hex));
	printf("%s\n", event->bytes > SHOWN_MAX ? ".." : "");
}

static void print_json(const char *ifname, const struct event *event, const unsigned char *bytes,
		       double time)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], hex[2 * EVENT_BYTES_MAX + 1];
	struct json json = { .out = stdout };

	json_open(&json, NULL, '{');
	json_member(&json, "time", "%.6f", time);
	json_text(&json, "ifname", ifname);
	json_member(&json, "seq", "%llu", (unsigned long long)event->seq);
	json_member(&json, "cpu", "%u", event->cpu);
	json_member(&json, "queue", "%u", event->queue);
	json_member(&json, "len", "%u", event->len);
	json_member(&json, "eth_proto", "%u", ntohs(event->eth_proto));
	if (event->version) {
		json_member(&json, "ip_proto", "%u", event->ip_proto);
		json_text(&json, "source", address(event, event->source, from));
		json_member(&json, "sport", "%u", ntohs(event->sport));
		json_text(&json, "dest", address(event, event->dest, to));
		json_member(&json, "dport", "%u", ntohs(event->dport));
	}
	json_text(&json, "bytes", to_hex(bytes, event->bytes, hex));
	json_close(&json);
}

static bool has_all(const struct watched *seen)
{
	return seen->opts->count && seen->tally.received >= seen->opts->count;
}

static void print_event(void *ctx, const struct event *event, const unsigned char *bytes)
{
	struct watched *seen = ctx;
	double time = (double)(event->time + seen->offset) / NS_PER_SECOND;

	if (has_all(seen))
		return;
	tally_add(&seen->tally, event);
	if (seen->opts->json)
		print_json(seen->opts->dev.name, event, bytes, time);
	else
		print_line(event, bytes, time);
}

/* The reader's loop: wait, read what is there, check whether to go on. */
static int read_events(struct watched *seen, struct reader *reader, struct attach *at)
{
	double check = 0, end = monotonic_now() + seen->opts->duration;
	int err = 0;

	while (!err && !has_all(seen) && !signals_pending()) {
		if (seen->opts->duration && monotonic_now() >= end)
			break;
		err = reader_next(reader, seen->opts);
		if (err) {
			pr_err("cannot read events: %s", strerror(-err));
			return -ENOEXEC;
		}
		err = output_flush();
		/* The interface, or our program, may have gone meanwhile. */
		if (!err && monotonic_now() >= check) {
			err = attach_check(at);
			check = monotonic_now() + CHECK;
		}
	}
	return err;
}

static void print_sum(const struct watched *seen, struct event_counts counts)
{
	pr_info("%llu events, %llu lost, %llu out of order", seen->tally.received,
		(unsigned long long)counts.lost, seen->tally.out_of_order);
}

int watch(const struct way *way, const struct events_opts *opts)
{
	struct watched seen = { .opts = opts, .offset = wall_clock_ns() - monotonic_ns() };
	struct reader reader = { .on_event = print_event, .ctx = &seen };
	struct attach at = { 0 };
	int err;

	err = attach_open(&at, &opts->attach, way->object, way->prog);
	if (!err)
		err = reader_prepare(at.obj, way, opts);
	if (!err)
		err = attach_load(&at, &opts->dev, &opts->attach);
	if (err)
		goto close;

	/* The map has been there since the program was loaded. */
	err = reader_open(&reader, at.obj, way, opts);
	if (!err) {
		attach_announce(&at);
		err = read_events(&seen, &reader, &at);
	}

	/* A runner leaves the interface as it found it. */
	if (attach_detach(&at) && !err)
		err = -EIO;
	if (!err)
		print_sum(&seen, reader_counts(at.obj));
	reader_close(&reader);
close:
	attach_close(&at);
	return err;
}
