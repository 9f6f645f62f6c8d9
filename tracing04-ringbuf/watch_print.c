// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* An event as a line for people, or as JSON. */
#include <arpa/inet.h>
#include <stdio.h>
#include <time.h>

#include "json.h"
#include "watch_print.h"

#define NS_PER_SECOND 1e9
#define SECONDS_PER_DAY 86400
#define SHOWN_MAX 16 /* bytes of a packet, in a line for people */

double watch_offset(void)
{
	struct timespec wall = { 0 }, kernel = { 0 };

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_MONOTONIC, &kernel);
	return (double)(wall.tv_sec - kernel.tv_sec) +
	       (double)(wall.tv_nsec - kernel.tv_nsec) / NS_PER_SECOND;
}

static const char *address(const struct event *event, const __u8 *from, char *text)
{
	return inet_ntop(event->version == 4 ? AF_INET : AF_INET6, from, text, INET6_ADDRSTRLEN);
}

static void print_hex(const unsigned char *bytes, unsigned int count)
{
	while (count--)
		printf("%02x", *bytes++);
}

/* The name of a protocol that packets have all the time. */
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
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], proto[16];
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
		printf(" ");
	print_hex(bytes, event->bytes < SHOWN_MAX ? event->bytes : SHOWN_MAX);
	printf("%s\n", event->bytes > SHOWN_MAX ? ".." : "");
}

static void print_json(const char *ifname, const struct event *event, const unsigned char *bytes,
		       double time)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];

	printf("{\"time\": %.6f, \"ifname\": ", time);
	json_string(stdout, ifname);
	printf(", \"seq\": %llu, \"cpu\": %u, \"queue\": %u, \"len\": %u, ",
	       (unsigned long long)event->seq, event->cpu, event->queue, event->len);
	printf("\"eth_proto\": %u", ntohs(event->eth_proto));
	if (event->version) {
		printf(", \"ip_proto\": %u, \"source\": \"%s\", ", event->ip_proto,
		       address(event, event->source, from));
		printf("\"sport\": %u, \"dest\": \"%s\", \"dport\": %u", ntohs(event->sport),
		       address(event, event->dest, to), ntohs(event->dport));
	}
	printf(", \"bytes\": \"");
	print_hex(bytes, event->bytes);
	printf("\"}\n");
}

void watch_print(const struct events_opts *opts, const struct event *event,
		 const unsigned char *bytes, double offset)
{
	double time = (double)event->time / NS_PER_SECOND + offset;

	if (opts->json)
		print_json(opts->dev.name, event, bytes, time);
	else
		print_line(event, bytes, time);
}
